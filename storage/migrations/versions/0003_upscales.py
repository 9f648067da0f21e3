"""Jobs that enlarge a picture, and the picture that they enlarge.

The way back deletes these jobs: the tables of before have no word for what they do.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MODES_BEFORE = ("text", "subject", "style", "subject-style", "subject-style-layout-kept")
_LINEAGES_BEFORE = ("reroll", "variation", "remix", "repeat")
_ROLES_BEFORE = ("subject", "style")


def upgrade() -> None:
    """Go on to this step."""
    _allow(*((*values, "upscale") for values in (_MODES_BEFORE, _LINEAGES_BEFORE, _ROLES_BEFORE)))


def downgrade() -> None:
    """Go back to the step before."""
    _delete_upscales()
    _allow(_MODES_BEFORE, _LINEAGES_BEFORE, _ROLES_BEFORE)


def _allow(modes: tuple[str, ...], lineages: tuple[str, ...], roles: tuple[str, ...]) -> None:
    with op.batch_alter_table("jobs") as batch:
        for column, values in (("mode", modes), ("lineage_kind", lineages)):
            batch.drop_constraint(batch.f(f"ck_jobs_{column}"), type_="check")
            batch.create_check_constraint(batch.f(f"ck_jobs_{column}"), _one_of(column, values))
    with op.batch_alter_table("job_references") as batch:
        batch.drop_constraint(batch.f("ck_job_references_role"), type_="check")
        batch.create_check_constraint(batch.f("ck_job_references_role"), _one_of("role", roles))


def _delete_upscales() -> None:
    connection = op.get_bind()
    jobs = sa.table("jobs", sa.column("id"), sa.column("mode"))
    upscales = sa.select(jobs.c.id).where(jobs.c.mode == "upscale")
    for name in ("deliveries", "favourites", "job_references", "pictures"):
        part = sa.table(name, sa.column("job_id"))
        connection.execute(sa.delete(part).where(part.c.job_id.in_(upscales)))
    connection.execute(sa.delete(jobs).where(jobs.c.mode == "upscale"))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    """The text of a CHECK as SQLAlchemy writes it for an enum."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
