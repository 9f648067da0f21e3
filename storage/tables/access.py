"""Who may use the page from elsewhere; of secrets only digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.access import Scope
from bot.domain.actors import Platform
from storage.tables.base import HASH, Table, choice


class WebPasswordRow(Table):
    """The password of the page, as Argon2 hash; one row at most."""

    __tablename__ = "web_password"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    password_hash: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class WebSessionRow(Table):
    """Somebody who signed in."""

    __tablename__ = "web_sessions"

    digest: Mapped[str] = mapped_column(HASH, primary_key=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)


class ApiTokenRow(Table):
    """What a program shows instead of signing in; it goes with its identity."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["platform", "external_id"], ["identities.platform", "identities.external_id"], ondelete="CASCADE"
        ),
        Index(None, "platform", "external_id"),
    )

    digest: Mapped[str] = mapped_column(HASH, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    platform: Mapped[Platform] = mapped_column(choice(Platform, "platform"))
    external_id: Mapped[str] = mapped_column(Text)
    scope: Mapped[Scope] = mapped_column(choice(Scope, "scope"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
