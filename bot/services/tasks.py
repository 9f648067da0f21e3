"""Between a job and the engine: the task of one picture, and what its failure is called."""

from __future__ import annotations

from bot.domain.jobs import FailureKind, Job
from bot.ports.engine import EngineFailed, EngineOutOfMemory, EngineRefused, EngineTask
from bot.ports.images import PictureMissing, StoreFull


def failure_of(error: Exception) -> FailureKind:
    """The kind of failure that a person is told."""
    match error:
        case EngineRefused():
            return FailureKind.REFUSED_BY_MODEL
        case EngineOutOfMemory():
            return FailureKind.OUT_OF_MEMORY
        case StoreFull():
            return FailureKind.STORAGE_FULL
        case PictureMissing():
            return FailureKind.PICTURE_MISSING
        case EngineFailed():
            return FailureKind.INTERNAL
        case _:
            return FailureKind.INTERNAL


def task_of(job: Job, index: int, subject: bytes | None, styles: tuple[bytes, ...], preview_every: int) -> EngineTask:
    """What the engine needs to make the picture at `index`."""
    request = job.request
    seed, variation = request.seeds_of(index)
    return EngineTask(
        job_id=job.id,
        prompt=request.prompt,
        subject=subject,
        styles=styles,
        width=request.width,
        height=request.height,
        keep_size=request.keep_size,
        steps=request.steps,
        guidance=request.guidance,
        subject_size=request.subject_size,
        seed=seed,
        variation=variation,
        preview_every=preview_every,
    )
