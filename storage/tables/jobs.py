"""Jobs, their pictures and the deliveries of their news."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from bot.domain.actors import Platform
from bot.domain.deliveries import DeliveryState
from bot.domain.jobs import FailureKind, JobState, LineageKind
from bot.domain.requests import Mode
from storage.tables.base import HASH, JOB_ID, ROW_NUMBER, Table, choice


class ReferenceRole(StrEnum):
    """What a picture that somebody gave is for."""

    SUBJECT = "subject"
    STYLE = "style"
    UPSCALE = "upscale"


class JobRow(Table):
    """A job with its request; `number` counts insertions and so settles the order of jobs of one instant."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure_of_failed"),
        Index(None, "state", "created_at"),
        Index(None, "owner", "number"),
    )

    number: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True)
    id: Mapped[str] = mapped_column(JOB_ID, unique=True)
    owner: Mapped[str] = mapped_column(ForeignKey("users.id"))
    event_key: Mapped[str] = mapped_column(Text, unique=True)
    locale: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    server_platform: Mapped[Platform | None] = mapped_column(choice(Platform, "server_platform"))
    server_id: Mapped[str | None] = mapped_column(Text)
    cost: Mapped[int]
    refunded: Mapped[int]
    weight: Mapped[int]

    prompt: Mapped[str] = mapped_column(Text)
    # The prompt in the form that is searched: SQL's own LIKE knows the case of ASCII letters only.
    prompt_folded: Mapped[str] = mapped_column(Text)
    mode: Mapped[Mode] = mapped_column(choice(Mode, "mode"))
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

    reply_platform: Mapped[Platform | None] = mapped_column(choice(Platform, "reply_platform"))
    reply_to: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    # No foreign key: a job outlives the one it was made from, and still tells where it came from.
    lineage_kind: Mapped[LineageKind | None] = mapped_column(choice(LineageKind, "lineage_kind"))
    lineage_parent: Mapped[str | None] = mapped_column(JOB_ID, index=True)
    lineage_picture_index: Mapped[int | None]

    state: Mapped[JobState] = mapped_column(choice(JobState, "state"))
    attempt: Mapped[int]
    cancel_requested: Mapped[bool]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    hidden_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]
    failure: Mapped[FailureKind | None] = mapped_column(choice(FailureKind, "failure"))

    references: Mapped[list[ReferenceRow]] = relationship(order_by="ReferenceRow.position", lazy="raise")
    pictures: Mapped[list[PictureRow]] = relationship(order_by="PictureRow.index", lazy="raise")


class ReferenceRow(Table):
    """A subject or style picture, or one to enlarge, that a job needs; `is_kept` until its file was let go."""

    __tablename__ = "job_references"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[ReferenceRole] = mapped_column(choice(ReferenceRole, "role"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    picture: Mapped[str] = mapped_column(HASH, index=True)
    is_kept: Mapped[bool]


class PictureRow(Table):
    """A finished picture; a higher `number` was recorded later; `is_kept` until its file was let go."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("job_id", "index"),)

    number: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    index: Mapped[int]
    picture: Mapped[str] = mapped_column(HASH, index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    variation_seed: Mapped[int | None] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    duration_s: Mapped[float]
    model_label: Mapped[str] = mapped_column(Text)
    model_revision: Mapped[str] = mapped_column(Text)
    is_toy: Mapped[bool]
    is_kept: Mapped[bool]


class DeliveryRow(Table):
    """Final news of a job that a platform has to be told."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), unique=True)
    platform: Mapped[Platform] = mapped_column(choice(Platform, "platform"))
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState, "state"))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None] = mapped_column(Text)
