"""Families of jobs, as trees that one person may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.actors import UserId
from bot.domain.jobs import Job, JobId


@dataclass(frozen=True, slots=True)
class Relative:
    """A job in its family and what came of it, oldest first; `job` is None where it was deleted or is another's."""

    job: Job | None
    is_deleted: bool
    children: tuple[Relative, ...]

    @property
    def size(self) -> int:
        """How many there are from here on, this one included."""
        return 1 + sum(child.size for child in self.children)


def family_tree(root: JobId, kin: Iterable[Job], *, owner: UserId) -> Relative:
    """The tree below `root`, which is one of `kin`, as `owner` may see it.

    What was deleted, and what is another's, keeps its place where something of the owner's came of it.
    """
    known = {job.id: job for job in kin}
    made: dict[JobId, list[Job]] = defaultdict(list)
    for job in known.values():
        if job.lineage is not None and job.id != root:
            made[job.lineage.parent].append(job)
    built: dict[JobId, Relative] = {}
    # From the leaves up and without recursion: lines of re-rolls grow long.
    for job_id in reversed(_downward(root, made)):
        job = known[job_id]
        children = sorted(made[job_id], key=lambda child: child.number)
        kept = (built[child.id] for child in children)
        is_seen = job.owner == owner and job.hidden_at is None
        built[job_id] = Relative(
            job=job if is_seen else None,
            is_deleted=job.hidden_at is not None,
            children=tuple(child for child in kept if child.job is not None or child.children),
        )
    return built[root]


def _downward(root: JobId, made: dict[JobId, list[Job]]) -> list[JobId]:
    """Everybody below the root, parents before their children."""
    order = [root]
    for job_id in order:
        order.extend(child.id for child in made.get(job_id, ()))
    return order
