"""Copies of results that platforms keep, so that they can be shown again without an upload.

The way back forgets them: results are uploaded again then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this step."""
    op.create_table(
        "copies",
        sa.Column("keeper", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_copies_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("keeper", "job_id", "index", name=op.f("pk_copies")),
    )
    op.create_index(op.f("ix_copies_job_id"), "copies", ["job_id"], unique=False)


def downgrade() -> None:
    """Go back to the step before."""
    op.drop_index(op.f("ix_copies_job_id"), table_name="copies")
    op.drop_table("copies")
