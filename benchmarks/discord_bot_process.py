"""The bot of the burst: the real Discord adapter on the real services and SQLite, with an engine that only pretends.

`python -m benchmarks.discord_bot_process --folder FOLDER --api URL --gateway URL`; it says `ready` once it is
connected, and ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.discord.bot import DiscordBot
from adapters.discord.settings import DiscordSettings
from adapters.engine.fake import FakeEngine, Play
from bot.assembly import Outside, Rules
from bot.domain.credits import Tier, Tiers
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from tests.servers.discord.server import BOT_TOKEN
from tests.support.spine import RecordedTokens, words

STEP_S = 0.004
_TASKS = 10_000
_UNLIMITED = Tiers((Tier("unlimited", None),), default="unlimited", page="unlimited")


class _Clock:
    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC)


async def run(options: argparse.Namespace) -> None:
    """Work until standard input ends."""
    url = f"sqlite:///{options.folder / 'bot.sqlite3'}"
    await upgrade(url)
    database = await Database.open(url)
    spine = Spine(
        Outside(
            engine=FakeEngine(*[Play(step_s=STEP_S)] * _TASKS),
            style_tokens=RecordedTokens(),
            open_unit=database.unit_of_work,
            scrubber=database,
            images=FolderImageStore(options.folder / "pictures"),
            clock=_Clock(),
            catalogs=words(),
        ),
        Rules(tiers=_UNLIMITED),
        WorkerSettings(name="burst"),
    )
    await spine.start()
    settings = DiscordSettings(BOT_TOKEN, options.api, options.gateway, options.folder)
    bot = DiscordBot(spine.application, settings)
    await bot.start()
    spine.deliver_through([bot])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await bot.close()
    await spine.close()
    await database.close()


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--gateway", required=True)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
