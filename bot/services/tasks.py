"""Between a job and the engine: the task of one picture, and what its failure is called."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.jobs import FailureKind, Job
from bot.domain.requests import GenerationRequest
from bot.ports.engine import EngineFailed, EngineInfo, EngineOutOfMemory, EngineRefused, EngineTask
from bot.ports.images import ImageStore, PictureMissing, StoreFull


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of the pictures that a request needs."""

    subject: bytes | None
    styles: tuple[bytes, ...]
    upscale_of: bytes | None


async def sources_of(request: GenerationRequest, images: ImageStore) -> Sources:
    """Read the pictures of a request; raises `PictureMissing`."""
    return Sources(
        subject=await images.get(request.subject) if request.subject is not None else None,
        styles=tuple([await images.get(style) for style in request.styles]),
        upscale_of=await images.get(request.upscale_of) if request.upscale_of is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Maker:
    """The model that makes a picture."""

    label: str
    revision: str
    is_toy: bool


def maker_of(request: GenerationRequest, info: EngineInfo) -> Maker:
    """Which of the engine's models makes the pictures of a request; an upscaler shows what it can, it is no toy."""
    if request.upscale_of is not None:
        return Maker(info.upscaler.label, info.upscaler.revision, is_toy=False)
    return Maker(info.label, info.revision, info.is_toy)


class PicturesWithheld(Exception):  # noqa: N818
    """All pictures of a job were flagged."""


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
        case PicturesWithheld():
            return FailureKind.WITHHELD
        case EngineFailed():
            return FailureKind.INTERNAL
        case _:
            return FailureKind.INTERNAL


def task_of(job: Job, index: int, sources: Sources, preview_every: int) -> EngineTask:
    """What the engine needs to make the picture at `index`."""
    request = job.request
    seed, variation = request.seeds_of(index)
    return EngineTask(
        job_id=job.id,
        prompt=request.prompt,
        subject=sources.subject,
        styles=sources.styles,
        width=request.width,
        height=request.height,
        keep_size=request.keep_size,
        steps=request.steps,
        guidance=request.guidance,
        subject_size=request.subject_size,
        seed=seed,
        variation=variation,
        preview_every=preview_every,
        upscale_of=sources.upscale_of,
    )
