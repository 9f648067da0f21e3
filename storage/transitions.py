"""What a repository checks before it touches a job's state; the same for every kind of storage."""

from __future__ import annotations

from bot.domain.errors import IllegalTransition
from bot.domain.jobs import FailureKind, JobState, check_transition


def check_finish(lease_owner: str | None, state: JobState, failure: FailureKind | None) -> JobState:
    """Return the state a job must be in to be ended as `state` by `lease_owner` (None: nobody works on it).

    Raises `IllegalTransition` when no such job can end so, ValueError when `failure` does not fit `state`.
    """
    before = JobState.QUEUED if lease_owner is None else JobState.RUNNING
    if not state.is_final:
        raise IllegalTransition(f"{before.value} -> {state.value} does not finish a job")
    check_transition(before, state)
    if (state is JobState.FAILED) != (failure is not None):
        raise ValueError(f"a job that is {state.value} with failure {failure}")
    return before
