"""The audit log, reports about pictures, and jobs that failed because their pictures were withheld.

The way back forgets both tables; what was withheld counts as refused by the model then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FAILURES_BEFORE = ("engine-lost", "out-of-memory", "refused-by-model", "picture-missing", "storage-full", "internal")
_FAILURES = (*_FAILURES_BEFORE[:-1], "withheld", "internal")


def upgrade() -> None:
    """Go on to this step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_log",
        sa.Column("number", number, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "reports",
        sa.Column("id", number, nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("reporter", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_reports_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reporter"], ["users.id"], name=op.f("fk_reports_reporter"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("reporter", "job_id", "index", name=op.f("uq_reports_reporter_job_id_index")),
    )
    op.create_index(op.f("ix_reports_job_id"), "reports", ["job_id"], unique=False)
    op.create_index(op.f("ix_reports_closed_at"), "reports", ["closed_at"], unique=False)
    _allow(_FAILURES)


def downgrade() -> None:
    """Go back to the step before."""
    jobs = sa.table("jobs", sa.column("failure"))
    op.get_bind().execute(sa.update(jobs).where(jobs.c.failure == "withheld").values(failure="refused-by-model"))
    _allow(_FAILURES_BEFORE)
    op.drop_index(op.f("ix_reports_closed_at"), table_name="reports")
    op.drop_index(op.f("ix_reports_job_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_table("audit_log")


def _allow(failures: tuple[str, ...]) -> None:
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(batch.f("ck_jobs_failure"), type_="check")
        # The text of a CHECK as SQLAlchemy writes it for an enum.
        allowed = f"failure IN ({', '.join(repr(value) for value in failures)})"
        batch.create_check_constraint(batch.f("ck_jobs_failure"), allowed)
