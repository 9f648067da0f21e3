"""A password for the page, who signed in with it, and tokens for programs.

The way back forgets them: a page beyond loopback then has to get a new password.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PLATFORMS = ("discord", "telegram", "web")
_SCOPES = ("draw", "operate", "metrics")


def upgrade() -> None:
    """Go on to this step."""
    op.create_table(
        "web_password",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_web_password_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_password")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_sessions")),
    )
    _create_tokens()


def downgrade() -> None:
    """Go back to the step before."""
    op.drop_index(op.f("ix_api_tokens_platform_external_id"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_table("web_sessions")
    op.drop_table("web_password")


def _create_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("platform", _choice("platform", _PLATFORMS), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("scope", _choice("scope", _SCOPES), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["platform", "external_id"],
            ["identities.platform", "identities.external_id"],
            name=op.f("fk_api_tokens_platform_external_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("name", name=op.f("uq_api_tokens_name")),
    )
    op.create_index(op.f("ix_api_tokens_platform_external_id"), "api_tokens", ["platform", "external_id"], unique=False)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
