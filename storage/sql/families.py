"""Where jobs came from and what came of them, generation by generation, in SQL."""

from __future__ import annotations

from sqlalchemy import Select, literal, select

from bot.domain.actors import UserId
from bot.domain.jobs import JobId
from bot.ports.library import MOST_GENERATIONS
from storage.tables.jobs import JobRow


def ancestor_ids(job_id: JobId, *, limit: int) -> Select[JobId]:
    """The ids of a job's ancestors, the nearest first."""
    line = (
        select(JobRow.lineage_parent.label("id"), literal(1).label("generation"))
        .where(JobRow.id == job_id, JobRow.lineage_parent.is_not(None))
        .cte("line", recursive=True)
    )
    line = line.union_all(
        select(JobRow.lineage_parent, line.c.generation + 1)
        .join(line, JobRow.id == line.c.id)
        .where(JobRow.lineage_parent.is_not(None), line.c.generation < MOST_GENERATIONS)
    )
    return select(line.c.id).order_by(line.c.generation).limit(limit)


def descendant_ids(job_id: JobId, *, owner: UserId, limit: int) -> Select[JobId]:
    """The ids of the owner's jobs that came of a job, by generation, then oldest first."""
    line = (
        select(JobRow.id.label("id"), JobRow.number.label("number"), literal(1).label("generation"))
        .where(JobRow.lineage_parent == job_id, JobRow.owner == owner)
        .cte("line", recursive=True)
    )
    line = line.union_all(
        select(JobRow.id, JobRow.number, line.c.generation + 1)
        .join(line, JobRow.lineage_parent == line.c.id)
        .where(JobRow.owner == owner, line.c.generation < MOST_GENERATIONS)
    )
    return select(line.c.id).order_by(line.c.generation, line.c.number).limit(limit)
