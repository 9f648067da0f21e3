"""People, what they chose, and the ledger of their credits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from bot.domain.actors import Platform
from bot.domain.credits import BookingKind
from storage.tables.base import JOB_ID, ROW_NUMBER, USER_ID, Table, choice


class UserRow(Table):
    """A person, whatever platform they come by."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(USER_ID, primary_key=True)
    created_at: Mapped[datetime]
    tier: Mapped[str | None] = mapped_column(Text)
    tier_until: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    block_reason: Mapped[str] = mapped_column(Text)


class IdentityRow(Table):
    """A person as one platform knows them."""

    __tablename__ = "identities"

    platform: Mapped[Platform] = mapped_column(choice(Platform, "platform"), primary_key=True)
    external_id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class LinkCodeRow(Table):
    """A one-time code, as its digest; a user has one at most."""

    __tablename__ = "link_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    expires_at: Mapped[datetime]


class UserSettingsRow(Table):
    """What a person chose; what is not in `chosen` has its default."""

    __tablename__ = "user_settings"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)


class ServerSettingsRow(Table):
    """What the moderators of a server chose; what is not in `chosen` has its default."""

    __tablename__ = "server_settings"

    platform: Mapped[Platform] = mapped_column(choice(Platform, "platform"), primary_key=True)
    external_id: Mapped[str] = mapped_column(Text, primary_key=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)


class AccountRow(Table):
    """What is left, in hundredths of a credit; the bookings explain it.

    No foreign key: an account belongs to a person or to a server.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("daily >= 0", name="daily_not_negative"),
        CheckConstraint("bonus >= 0", name="bonus_not_negative"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    daily: Mapped[int]
    bonus: Mapped[int]
    allowance: Mapped[int]
    filled_on: Mapped[date]
    created_at: Mapped[datetime]


class BookingRow(Table):
    """One change of an account; a job has one booking of a kind at most."""

    __tablename__ = "bookings"
    __table_args__ = (
        Index("uq_bookings_job_id_kind", "job_id", "kind", unique=True),
        Index(None, "account", "id"),
    )

    id: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE", onupdate="CASCADE"))
    kind: Mapped[BookingKind] = mapped_column(choice(BookingKind, "kind"))
    daily: Mapped[int]
    bonus: Mapped[int]
    at: Mapped[datetime]
    job_id: Mapped[str | None] = mapped_column(JOB_ID)
    by: Mapped[str] = mapped_column(Text)
