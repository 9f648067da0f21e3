"""What the page and programs read and send, as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec

from bot.domain.credits import CREDIT, MOST_GRANTED
from bot.domain.engines import EngineState
from bot.domain.measurements import DrawnPicture, Sample
from bot.domain.operations import RunMode, Stats
from bot.ports.engine import EngineStatus

_MOST: float = MOST_GRANTED / CREDIT

Person = Annotated[str, msgspec.Meta(max_length=80, description="Such as discord:80351110224678912 or telegram:42.")]


class StateView(msgspec.Struct, frozen=True, kw_only=True):
    """The bot at this moment; the last three count 24 hours. Memory in bytes, None while the engine tells none."""

    mode: RunMode
    engine: EngineState
    model: str
    device: str
    profile: str
    waiting: int
    people: int
    running: int
    memory_used_bytes: int | None
    memory_reserved_bytes: int | None
    memory_total_bytes: int | None
    pictures: int
    failures: int
    median_s: float | None

    @classmethod
    def of(cls, stats: Stats, status: EngineStatus) -> StateView:
        """Take it from what the services tell."""
        return cls(
            mode=stats.mode,
            engine=stats.engine,
            model=status.info.label if status.info is not None else "",
            device=status.info.device if status.info is not None else "",
            profile=status.info.profile if status.info is not None else "",
            waiting=stats.waiting,
            people=stats.people,
            running=stats.running,
            memory_used_bytes=status.memory.used_bytes if status.memory is not None else None,
            memory_reserved_bytes=status.memory.reserved_bytes if status.memory is not None else None,
            memory_total_bytes=status.memory.total_bytes if status.memory is not None else None,
            pictures=stats.pictures,
            failures=stats.failures,
            median_s=stats.median_s,
        )


class SampleView(msgspec.Struct, frozen=True):
    """The bot at one moment (UTC); `lag_s` is the longest that its event loop was late since the one before."""

    at: str
    waiting: int
    running: int
    memory_used_bytes: int | None
    memory_reserved_bytes: int | None
    memory_total_bytes: int | None
    lag_s: float

    @classmethod
    def of(cls, sample: Sample) -> SampleView:
        """The same for programs."""
        return cls(
            sample.at.isoformat(),
            sample.waiting,
            sample.running,
            sample.memory_used_bytes,
            sample.memory_reserved_bytes,
            sample.memory_total_bytes,
            round(sample.lag_s, 4),
        )


class DrawnView(msgspec.Struct, frozen=True):
    """How fast one picture was drawn; sides in pixels, `at` in UTC."""

    at: str
    width: int
    height: int
    steps: int
    duration_s: float
    steps_per_s: float

    @classmethod
    def of(cls, drawn: DrawnPicture) -> DrawnView:
        """The same for programs."""
        speed = round(drawn.steps_per_s, 3)
        return cls(drawn.at.isoformat(), drawn.width, drawn.height, drawn.steps, round(drawn.duration_s, 3), speed)


class MeasurementsView(msgspec.Struct, frozen=True):
    """The last two hours at most, oldest first, since the bot was started."""

    samples: list[SampleView]
    pictures: list[DrawnView]


class ModeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mode to go into."""

    mode: RunMode


class BlockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to shut out; the reason is shown to operators only."""

    person: Person
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class UnblockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to let in again."""

    person: Person


class GrantBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many credits somebody gets; a negative number takes away what was given."""

    person: Person
    credits: Annotated[float, msgspec.Meta(ge=-_MOST, le=_MOST)]


class CloseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of what was reported."""

    delete_picture: bool = False


class DoneView(msgspec.Struct, frozen=True):
    """What was done, as one sentence."""

    message: str
