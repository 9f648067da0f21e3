"""Accounts with their ledger, linking, settings, style cards, trays, favourites; jobs say what they cost.

Jobs of before cost nothing, and their prompts become searchable. The way back loses what only these tables and columns
can say: balances and bookings, tiers and blocks, settings, style cards, trays, favourites, names, servers. Jobs that
people deleted go for good instead of showing up again; a failure for want of space becomes an internal one; a remix or
a repetition does not say any more what it came from.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BATCH = 1000
_PLATFORMS = ("discord", "telegram", "web")
_FAILURES_BEFORE = ("engine-lost", "out-of-memory", "refused-by-model", "picture-missing", "internal")
_FAILURES = (*_FAILURES_BEFORE[:-1], "storage-full", "internal")
_LINEAGES_BEFORE = ("reroll", "variation")
_LINEAGES = (*_LINEAGES_BEFORE, "remix", "repeat")


def upgrade() -> None:
    """Go on to this step."""
    _create_people()
    _create_library()
    _add_columns()
    _fold_prompts()
    _drop_defaults()
    op.drop_index(op.f("ix_jobs_owner_created_at"), table_name="jobs")
    op.create_index(op.f("ix_jobs_owner_number"), "jobs", ["owner", "number"], unique=False)
    op.create_index(op.f("ix_jobs_finished_at"), "jobs", ["finished_at"], unique=False)
    op.create_index(op.f("ix_jobs_lineage_parent"), "jobs", ["lineage_parent"], unique=False)


def downgrade() -> None:
    """Go back to the step before."""
    _drop_library()
    _drop_people()
    _forget_what_is_new()
    op.drop_index(op.f("ix_jobs_lineage_parent"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_finished_at"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_owner_number"), table_name="jobs")
    _drop_columns()
    op.create_index(op.f("ix_jobs_owner_created_at"), "jobs", ["owner", "created_at"], unique=False)


def _create_people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("daily", sa.Integer(), nullable=False),
        sa.Column("bonus", sa.Integer(), nullable=False),
        sa.Column("allowance", sa.Integer(), nullable=False),
        sa.Column("filled_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bonus >= 0", name=op.f("ck_accounts_bonus_not_negative")),
        sa.CheckConstraint("daily >= 0", name=op.f("ck_accounts_daily_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )

    op.create_table(
        "bookings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refill", "charge", "refund", "grant", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("daily", sa.Integer(), nullable=False),
        sa.Column("bonus", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_bookings_account"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    op.create_index(op.f("ix_bookings_account_id"), "bookings", ["account", "id"], unique=False)
    op.create_index("uq_bookings_job_id_kind", "bookings", ["job_id", "kind"], unique=True)

    op.create_table(
        "link_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_link_codes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("user_id", name=op.f("uq_link_codes_user_id")),
    )

    op.create_table(
        "user_settings",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_settings_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_settings")),
    )

    op.create_table(
        "server_settings",
        sa.Column(
            "platform",
            sa.Enum(
                "discord", "telegram", "web", name="platform", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "external_id", name=op.f("pk_server_settings")),
    )


def _drop_people() -> None:
    op.drop_table("server_settings")
    op.drop_table("user_settings")
    op.drop_table("link_codes")
    op.drop_index("uq_bookings_job_id_kind", table_name="bookings")
    op.drop_index(op.f("ix_bookings_account_id"), table_name="bookings")
    op.drop_table("bookings")
    op.drop_table("accounts")


def _create_library() -> None:
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_favourites_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_favourites_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "job_id", "index", name=op.f("pk_favourites")),
    )
    op.create_index(op.f("ix_favourites_job_id"), "favourites", ["job_id"], unique=False)

    op.create_table(
        "styles",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("shelf", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_styles_owner"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_styles")),
        sa.UniqueConstraint("shelf", "name_folded", name=op.f("uq_styles_shelf_name_folded")),
    )
    op.create_index(op.f("ix_styles_owner"), "styles", ["owner"], unique=False)

    op.create_table(
        "style_pictures",
        sa.Column("style_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["style_id"], ["styles.id"], name=op.f("fk_style_pictures_style_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("style_id", "position", name=op.f("pk_style_pictures")),
    )
    op.create_index(op.f("ix_style_pictures_picture"), "style_pictures", ["picture"], unique=False)

    op.create_table(
        "tray_pictures",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum("subject", "style", name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tray_pictures_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role", "position", name=op.f("pk_tray_pictures")),
    )
    op.create_index(op.f("ix_tray_pictures_picture"), "tray_pictures", ["picture"], unique=False)


def _drop_library() -> None:
    op.drop_index(op.f("ix_tray_pictures_picture"), table_name="tray_pictures")
    op.drop_table("tray_pictures")
    op.drop_index(op.f("ix_style_pictures_picture"), table_name="style_pictures")
    op.drop_table("style_pictures")
    op.drop_index(op.f("ix_styles_owner"), table_name="styles")
    op.drop_table("styles")
    op.drop_index(op.f("ix_favourites_job_id"), table_name="favourites")
    op.drop_table("favourites")


def _add_columns() -> None:
    """Add columns with a default, which gives the rows of before their values."""
    op.add_column("identities", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("job_references", sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("pictures", sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.true()))

    op.add_column("users", sa.Column("tier", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("tier_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("block_reason", sa.Text(), nullable=False, server_default=""))

    op.add_column("jobs", sa.Column("server_platform", sa.String(length=32), nullable=True))
    op.add_column("jobs", sa.Column("server_id", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("cost", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("refunded", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("jobs", sa.Column("prompt_folded", sa.Text(), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))


def _fold_prompts() -> None:
    """Fold in Python: what SQL calls lower case differs from database to database."""
    connection = op.get_bind()
    jobs = sa.table("jobs", sa.column("number"), sa.column("prompt"), sa.column("prompt_folded"))
    batch = sa.select(jobs.c.number, jobs.c.prompt).order_by(jobs.c.number).limit(_BATCH)
    fold = sa.update(jobs).where(jobs.c.number == sa.bindparam("row")).values(prompt_folded=sa.bindparam("folded"))
    last = 0
    while rows := connection.execute(batch.where(jobs.c.number > last)).all():
        connection.execute(fold, [{"row": number, "folded": prompt.casefold()} for number, prompt in rows])
        last = rows[-1].number


def _drop_defaults() -> None:
    """Leave the defaults to the code, and let the database know the new members of enums."""
    for table, column in (("identities", "name"), ("job_references", "is_kept"), ("pictures", "is_kept")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)
    with op.batch_alter_table("users") as batch:
        batch.alter_column("block_reason", server_default=None)
    with op.batch_alter_table("jobs") as batch:
        for column in ("cost", "refunded", "weight", "prompt_folded"):
            batch.alter_column(column, server_default=None)
        batch.drop_constraint(batch.f("ck_jobs_failure"), type_="check")
        batch.drop_constraint(batch.f("ck_jobs_lineage_kind"), type_="check")
        batch.create_check_constraint(batch.f("ck_jobs_failure"), _one_of("failure", _FAILURES))
        batch.create_check_constraint(batch.f("ck_jobs_lineage_kind"), _one_of("lineage_kind", _LINEAGES))
        batch.create_check_constraint(batch.f("ck_jobs_server_platform"), _one_of("server_platform", _PLATFORMS))


def _forget_what_is_new() -> None:
    """Bring rows into a form that the tables of before can hold."""
    connection = op.get_bind()
    jobs = sa.table(
        "jobs",
        *(sa.column(name) for name in ("id", "hidden_at", "failure", "lineage_kind")),
        *(sa.column(name) for name in ("lineage_parent", "lineage_picture_index")),
    )
    hidden = sa.select(jobs.c.id).where(jobs.c.hidden_at.is_not(None))
    for name in ("deliveries", "job_references", "pictures"):
        part = sa.table(name, sa.column("job_id"))
        connection.execute(sa.delete(part).where(part.c.job_id.in_(hidden)))
    connection.execute(sa.delete(jobs).where(jobs.c.hidden_at.is_not(None)))
    connection.execute(sa.update(jobs).where(jobs.c.failure == "storage-full").values(failure="internal"))
    connection.execute(
        sa.update(jobs)
        .where(jobs.c.lineage_kind.not_in(_LINEAGES_BEFORE))
        .values(lineage_kind=None, lineage_parent=None, lineage_picture_index=None)
    )


def _drop_columns() -> None:
    for table, columns in {
        "identities": ["name"],
        "job_references": ["is_kept"],
        "pictures": ["is_kept"],
        "users": ["tier", "tier_until", "blocked_at", "block_reason"],
    }.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(batch.f("ck_jobs_server_platform"), type_="check")
        batch.drop_constraint(batch.f("ck_jobs_lineage_kind"), type_="check")
        batch.drop_constraint(batch.f("ck_jobs_failure"), type_="check")
        batch.create_check_constraint(batch.f("ck_jobs_lineage_kind"), _one_of("lineage_kind", _LINEAGES_BEFORE))
        batch.create_check_constraint(batch.f("ck_jobs_failure"), _one_of("failure", _FAILURES_BEFORE))
        for column in ("server_platform", "server_id", "cost", "refunded", "weight", "prompt_folded", "hidden_at"):
            batch.drop_column(column)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    """The text of a CHECK as SQLAlchemy writes it for an enum."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
