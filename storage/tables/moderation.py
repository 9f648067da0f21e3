"""The audit log, and reports about pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from storage.tables.base import JOB_ID, ROW_NUMBER, USER_ID, Table


class AuditRow(Table):
    """One decision. `action` is free text, so that a new kind needs no migration and an old release can read it."""

    __tablename__ = "audit_log"

    number: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)


class ReportRow(Table):
    """A picture that somebody complains about; open until `closed_at`."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("reporter", "job_id", "index"),
        Index(None, "closed_at"),
    )

    id: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True)
    job_id: Mapped[str] = mapped_column(JOB_ID, ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    index: Mapped[int]
    reporter: Mapped[str] = mapped_column(USER_ID, ForeignKey("users.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    place: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    closed_at: Mapped[datetime | None]
