"""How the bot is run: its mode, and the numbers that whoever runs it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.engines import EngineState


class RunMode(StrEnum):
    """What happens to requests: `paused` keeps them waiting, `draining` works off what waits and takes no new ones."""

    RUNNING = "running"
    PAUSED = "paused"
    DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was made since some time: pictures of ended jobs, jobs that failed.

    `durations_s` are the seconds that the latest of those pictures took, newest first.
    """

    pictures: int
    failures: int
    durations_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """The bot at this moment. `waiting` requests of `people`, `running` ones; the last three count 24 hours.

    `engine_label` names model and precision profile, and is empty until a model is loaded; `median_s` is for one
    picture, None where none was made.
    """

    mode: RunMode
    waiting: int
    people: int
    running: int
    engine: EngineState
    engine_label: str
    pictures: int
    failures: int
    median_s: float | None
