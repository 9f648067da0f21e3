"""The words about one's own pictures and how they were made, each number under its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.histories import Kind, kind_of
from bot.domain.jobs import Job, JobState, ResultPicture
from bot.domain.requests import GenerationRequest, Mode
from bot.messages.cards import credits_number, mode_text
from bot.messages.catalogs import Catalog

Pair = tuple[str, str]
"""A name and what stands beside it."""

_REVISION_CHARS: Final = 12
_STATE_KEYS: Final = {
    JobState.QUEUED: "card-queued",
    JobState.RUNNING: "gallery-state-running",
    JobState.DONE: "card-done",
    JobState.FAILED: "gallery-state-failed",
    JobState.CANCELLED: "card-cancelled",
}


def kind_text(kind: Kind, catalog: Catalog) -> str:
    """How a job came about, in a word or two."""
    return catalog.text(f"kind-{kind.value}")


def state_text(state: JobState, catalog: Catalog) -> str:
    """Where a job stands, in a word or two."""
    return catalog.text(_STATE_KEYS[state])


def parameter_pairs(job: Job, picture: ResultPicture | None, catalog: Catalog) -> list[Pair]:
    """All that makes a job what it is, and one of its pictures where there is one; numbers as they are typed."""
    request = job.request
    pairs = [
        (catalog.text("parameter-kind"), kind_text(kind_of(job), catalog)),
        (catalog.text("parameter-mode"), mode_text(request, catalog)),
        (catalog.text("parameter-size"), _size(request, picture, catalog)),
    ]
    if request.mode is not Mode.UPSCALE:
        pairs += _drawing_pairs(request, picture, catalog)
    pairs.append((catalog.text("parameter-visibility"), _visibility(request, catalog)))
    if job.cost:
        pairs.append((catalog.text("parameter-cost"), f"{credits_number(job.cost - job.refunded):g}"))
    if picture is not None:
        revision = picture.model_revision[:_REVISION_CHARS]
        pairs.append((catalog.text("parameter-model"), f"{picture.model_label} ({revision})"))
        pairs.append((catalog.text("parameter-duration"), f"{picture.duration_s:.1f} s"))
    return pairs


def _size(request: GenerationRequest, picture: ResultPicture | None, catalog: Catalog) -> str:
    asked = f"{request.width} × {request.height}"
    if picture is None or (picture.width, picture.height) == (request.width, request.height):
        return asked
    return catalog.text("parameter-size-drawn", asked=asked, drawn=f"{picture.width} × {picture.height}")


def _drawing_pairs(request: GenerationRequest, picture: ResultPicture | None, catalog: Catalog) -> Iterator[Pair]:
    seed, variation = request.seeds_of(picture.index if picture is not None else 0)
    yield catalog.text("label-seed"), str(seed)
    if variation is not None:
        toward = catalog.text("parameter-variation-value", seed=str(variation.seed), strength=f"{variation.strength:g}")
        yield catalog.text("parameter-variation"), toward
    yield catalog.text("label-steps"), str(request.steps)
    yield catalog.text("label-guidance"), f"{request.guidance:g}"
    if request.count > 1:
        yield catalog.text("label-count"), str(request.count)
    if request.subject is not None:
        automatic = catalog.text("parameter-automatic")
        yield catalog.text("label-subject-size"), f"{request.subject_size} px" if request.subject_size else automatic
        if request.keep_size:
            yield catalog.text("parameter-keep-size"), catalog.text("parameter-yes")


def _visibility(request: GenerationRequest, catalog: Catalog) -> str:
    words = [catalog.text("parameter-private" if request.private else "parameter-public")]
    if request.spoiler:
        words.append(catalog.text("parameter-spoiler"))
    return ", ".join(words)
