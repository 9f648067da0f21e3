"""A bot to be killed: the real services on a real database and folder, a scripted engine, the plain platform.

`python -m tests.soak.bot_process --url URL --folder FOLDER --platform URL --life N --seed N --clock-offset-s S`
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from adapters.engine.fake import FakeEngine, Play
from bot.assembly import Outside, Rules
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.limits import Limits
from bot.ports.engine import EngineFailed, EngineLost, EngineOutOfMemory, EngineRefused
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from tests.support.plain_adapter import PlainAdapter
from tests.support.spine import RecordedTokens, words

MAX_ATTEMPTS: Final = 3
TIERS: Final = Tiers((Tier("small", CREDIT), Tier("middle", 4 * CREDIT, 2, 4), Tier("unlimited", None)), "small")
LIMITS: Final = Limits(max_waiting_jobs=8)

_PLAYS: Final = 5000  # more than any life has time for
_LONGEST_STEP_S: Final = 0.02
_FAULTS: Final = (
    (0.05, EngineLost("died")),
    (0.03, EngineFailed("a fault in the engine")),
    (0.02, EngineRefused("The model does not want this.")),
    (0.02, EngineOutOfMemory("too large")),
)


class ShiftedClock:
    """The machine's clock, set forward or back."""

    def __init__(self, offset_s: float) -> None:
        self._offset = timedelta(seconds=offset_s)

    def now(self) -> datetime:
        """The time that this bot believes in."""
        return datetime.now(UTC) + self._offset


def plays(seed: int) -> Iterator[Play]:
    """How the engine takes its tasks: at its own pace, and now and then badly."""
    dice = random.Random(seed)
    while True:
        step_s = dice.uniform(0, _LONGEST_STEP_S)
        roll, failure = dice.random(), None
        for share, fault in _FAULTS:
            if roll < share:
                failure = fault
                break
            roll -= share
        yield Play(step_s=step_s, failure=failure, fail_at_step=dice.randrange(2))


async def run(options: argparse.Namespace) -> None:
    """Work until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await upgrade(options.url)
    database = await Database.open(options.url)
    spine = Spine(
        Outside(
            engine=FakeEngine(*islice(plays(options.seed), _PLAYS)),
            style_tokens=RecordedTokens(),
            open_unit=database.unit_of_work,
            scrubber=database,
            images=FolderImageStore(options.folder),
            clock=ShiftedClock(options.clock_offset_s),
            catalogs=words(),
        ),
        Rules(limits=LIMITS, tiers=TIERS),
        WorkerSettings(name="soak", max_attempts=MAX_ATTEMPTS),
    )
    await spine.start()
    adapter = PlainAdapter(spine.application, options.platform, life=options.life)
    spine.deliver_through([adapter])
    tasks = [asyncio.create_task(task) for task in (adapter.run(), spine.run(), stopped.wait())]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    await spine.close()
    await adapter.close()
    await database.close()
    for task in done:
        task.result()


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--platform", required=True)
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--clock-offset-s", type=float, default=0.0)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
