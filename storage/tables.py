"""The tables; portable SQL only, so that SQLite and PostgreSQL share them and their migrations."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import JSON, TypeDecorator

from bot.domain.actors import Platform
from bot.domain.deliveries import DeliveryState
from bot.domain.jobs import FailureKind, JobState, LineageKind
from bot.domain.requests import Mode

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up INTEGER primary keys only
_HASH = String(64)
_JOB_ID = String(32)
_USER_ID = String(32)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept and returned in UTC; raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times and turn the others to UTC (SQLite drops the zone and compares text)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Put the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ReferenceRole(StrEnum):
    """What a picture that somebody gave is for."""

    SUBJECT = "subject"
    STYLE = "style"


def _choice(kind: type[StrEnum], name: str) -> Enum:
    """A text column that holds one of the values of `kind`, checked by the database as constraint `name`."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Table(DeclarativeBase):
    """Common ground of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, float: Double}


class UserRow(Table):
    """A person, whatever platform they come by."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(_USER_ID, primary_key=True)
    created_at: Mapped[datetime]


class IdentityRow(Table):
    """A person as one platform knows them."""

    __tablename__ = "identities"

    platform: Mapped[Platform] = mapped_column(_choice(Platform, "platform"), primary_key=True)
    external_id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]


class JobRow(Table):
    """A job with its request; `number` counts insertions and so settles the order of jobs of one instant."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure_of_failed"),
        Index(None, "state", "created_at"),
        Index(None, "owner", "created_at"),
    )

    number: Mapped[int] = mapped_column(_ROW_NUMBER, primary_key=True)
    id: Mapped[str] = mapped_column(_JOB_ID, unique=True)
    owner: Mapped[str] = mapped_column(ForeignKey("users.id"))
    event_key: Mapped[str] = mapped_column(Text, unique=True)
    locale: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    prompt: Mapped[str] = mapped_column(Text)
    mode: Mapped[Mode] = mapped_column(_choice(Mode, "mode"))
    width: Mapped[int]
    height: Mapped[int]
    keep_size: Mapped[bool]
    steps: Mapped[int]
    guidance: Mapped[float]
    subject_size: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    variation_seed: Mapped[int | None] = mapped_column(BigInteger)
    variation_strength: Mapped[float | None]
    private: Mapped[bool]
    spoiler: Mapped[bool]

    reply_platform: Mapped[Platform | None] = mapped_column(_choice(Platform, "reply_platform"))
    reply_to: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    # No foreign key: a job outlives the one it was made from, and still tells where it came from.
    lineage_kind: Mapped[LineageKind | None] = mapped_column(_choice(LineageKind, "lineage_kind"))
    lineage_parent: Mapped[str | None] = mapped_column(_JOB_ID)
    lineage_picture_index: Mapped[int | None]

    state: Mapped[JobState] = mapped_column(_choice(JobState, "state"))
    attempt: Mapped[int]
    cancel_requested: Mapped[bool]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]
    failure: Mapped[FailureKind | None] = mapped_column(_choice(FailureKind, "failure"))

    references: Mapped[list[ReferenceRow]] = relationship(order_by="ReferenceRow.position", lazy="raise")
    pictures: Mapped[list[PictureRow]] = relationship(order_by="PictureRow.index", lazy="raise")


class ReferenceRow(Table):
    """A subject or style picture that a job needs."""

    __tablename__ = "job_references"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[ReferenceRole] = mapped_column(_choice(ReferenceRole, "role"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    picture: Mapped[str] = mapped_column(_HASH, index=True)


class PictureRow(Table):
    """A finished picture; a higher `number` was recorded later."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("job_id", "index"),)

    number: Mapped[int] = mapped_column(_ROW_NUMBER, primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    index: Mapped[int]
    picture: Mapped[str] = mapped_column(_HASH, index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    variation_seed: Mapped[int | None] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    duration_s: Mapped[float]
    model_label: Mapped[str] = mapped_column(Text)
    model_revision: Mapped[str] = mapped_column(Text)
    is_toy: Mapped[bool]


class DeliveryRow(Table):
    """Final news of a job that a platform has to be told."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(_ROW_NUMBER, primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), unique=True)
    platform: Mapped[Platform] = mapped_column(_choice(Platform, "platform"))
    state: Mapped[DeliveryState] = mapped_column(_choice(DeliveryState, "state"))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None] = mapped_column(Text)
