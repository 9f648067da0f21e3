"""Two hundred requests as people make them, mixed by a seeded die."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.requests import Aspect
from bot.ports.engine import EngineTask
from tests.support.pictures import png
from tests.support.tasks import engine_task


class Kind(StrEnum):
    """What a request is of."""

    TEXT = "text"
    SUBJECT = "subject"
    KEPT_SIZE = "subject, size kept"
    STYLE = "style"
    TWO_STYLES = "two styles"
    SUBJECT_AND_STYLE = "subject and style"
    SUBJECT_AND_TWO_STYLES = "subject and two styles"
    UPSCALE = "upscale"


_CANCELLED_SHARE: Final = 0.15
_PROMPTS: Final = tuple(f"a fox in the snow, number {number}" for number in range(6))
_PICTURES: Final = tuple(
    png(width, height, (40 * number, 200 - 30 * number, 90))
    for number, (width, height) in enumerate([(96, 64), (64, 96), (200, 200), (300, 120), (90, 240)])
)
_SIZES: Final = (*(aspect.size_px for aspect in Aspect), (512, 512), (1536, 1536), (1536, 640), (768, 1280))
_SUBJECT_SIZES: Final = (0, 512, 768, 1024)


@dataclass(frozen=True, slots=True)
class Request:
    """A task, what it is of, and after which step it is cancelled, if it is."""

    kind: Kind
    task: EngineTask
    cancelled_after: int | None


def requests(count: int, seed: int) -> Iterator[Request]:
    """The same requests for the same seed; each kind comes once, as large as can be, before any comes by chance.

    So all that an allocator ever has to hold at once, it has held early on.
    """
    dice = random.Random(seed)
    kinds = [*Kind, *dice.choices(list(Kind), k=max(0, count - len(Kind)))]
    for number, kind in enumerate(kinds[:count]):
        is_first = number < len(Kind)
        task = _task(kind, f"soak-{number}", dice)
        if is_first and kind is not Kind.UPSCALE:
            task = replace(task, width=max(_SIZES)[0], height=max(_SIZES)[1], subject_size=max(_SUBJECT_SIZES))
        is_cancelled = not is_first and dice.random() < _CANCELLED_SHARE
        yield Request(kind, task, dice.randint(1, max(1, task.steps - 2)) if is_cancelled else None)


def _task(kind: Kind, job_id: str, dice: random.Random) -> EngineTask:
    width, height = dice.choice(_SIZES)
    if kind is Kind.UPSCALE:
        small = dice.choice([(256, 256), (384, 256), (200, 320)])
        return engine_task(job_id=job_id, upscale_of=png(*small), width=2 * small[0], height=2 * small[1])
    return engine_task(
        job_id=job_id,
        prompt=dice.choice(_PROMPTS),
        width=width,
        height=height,
        keep_size=kind is Kind.KEPT_SIZE,
        steps=dice.randint(2, 6),
        guidance=dice.choice([1.0, 2.5, 4.0, 5.0]),
        subject_size=dice.choice(_SUBJECT_SIZES),
        subject=dice.choice(_PICTURES) if _has_subject(kind) else None,
        styles=tuple(dice.sample(_PICTURES, _styles_of(kind))),
        seed=dice.randrange(2**32),
        preview_every=dice.choice([0, 1, 2]),
    )


def _has_subject(kind: Kind) -> bool:
    return kind in {Kind.SUBJECT, Kind.KEPT_SIZE, Kind.SUBJECT_AND_STYLE, Kind.SUBJECT_AND_TWO_STYLES}


def _styles_of(kind: Kind) -> int:
    if kind in {Kind.STYLE, Kind.SUBJECT_AND_STYLE}:
        return 1
    return 2 if kind in {Kind.TWO_STYLES, Kind.SUBJECT_AND_TWO_STYLES} else 0
