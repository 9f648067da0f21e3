"""How soon people on Telegram hear from the bot when 50 of them write 200 messages at once, and whether limits hold.

Run with `python -m benchmarks.telegram_burst`; writes `benchmarks/results/telegram_burst.json` and `.md`. The real
python-telegram-bot talks to the test server over loopback, both in this process, on SQLite; the engine needs no time,
so that results compete with first replies for Telegram's 30 calls a second.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

from adapters.engine.fake import FakeEngine
from adapters.telegram.bot import TelegramBot
from adapters.telegram.limiter import CHAT_GAP_S, OVERALL_MESSAGES
from adapters.telegram.settings import TelegramSettings
from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from bot.assembly import Outside, Rules
from bot.domain.credits import Tier, Tiers
from bot.domain.limits import Limits
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from tests.servers.telegram.floods import OVERALL_PER_SECOND
from tests.servers.telegram.methods import WRITING
from tests.servers.telegram.people import Person, private_person
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.pictures import png
from tests.support.spine import RecordedTokens, SteadyClock, words

PEOPLE = 50
KINDS = ("words", "a photo with a caption", "words", "/help")
UPDATES = PEOPLE * len(KINDS)
PATIENCE_S = 300.0
_UNLIMITED = Tiers((Tier("unlimited", None),), default="unlimited", page="unlimited")


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of it; times in seconds from the burst."""

    updates: int
    requests: int
    first_reply_p50_s: float
    first_reply_p99_s: float
    first_reply_bound_s: float
    last_result_s: float
    calls: int
    most_calls_in_a_second: int
    shortest_gap_in_a_chat_s: float
    refused_for_flooding: int
    calls_against_the_specification: int
    without_reply: int
    results_missing: int
    results_twice: int
    unconfirmed: int


@dataclass
class Asked:
    """One message of the burst."""

    person: Person
    message_id: int
    is_request: bool

    @property
    def answers(self) -> list[dict[str, object]]:
        """The bot's messages that answer it."""
        seen = self.person.seen()
        return [one for one in seen if one.get("reply_to_message", {}).get("message_id") == self.message_id]

    @property
    def results(self) -> int:
        """How many of them are pictures."""
        return sum("photo" in one for one in self.answers)


async def measure(folder: Path) -> Burst:
    """Start the bot in `folder`, let the burst come, wait until all is answered."""
    async with BotApiServer(time.monotonic) as server:
        people = [private_person(server, f"Person {number}") for number in range(PEOPLE)]
        spine, database = await _open_spine(folder)
        bot = TelegramBot(spine.application, TelegramSettings(TOKEN, server.url, state_folder=folder))
        await spine.start()
        working = asyncio.create_task(spine.run())
        await bot.start()
        spine.deliver_through([bot])
        # The limiter treats every chat as written to at the start; people do not write in that second.
        await asyncio.sleep(CHAT_GAP_S)
        began = time.monotonic()
        asked = [_write(person, kind) for kind in KINDS for person in people]
        async with asyncio.timeout(PATIENCE_S):
            while server.unconfirmed or not all(one.answers and one.results == one.is_request for one in asked):
                server.changed.clear()
                await server.changed.wait()
        ended = time.monotonic()
        await bot.close()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await spine.close()
        await database.close()
        return _describe(server, asked, began, ended)


async def _open_spine(folder: Path) -> tuple[Spine, Database]:
    url = f"sqlite+aiosqlite:///{folder}/burst.sqlite3"
    await upgrade(url)
    database = await Database.open(url)
    outside = Outside(
        engine=FakeEngine(),
        style_tokens=RecordedTokens(),
        open_unit=database.unit_of_work,
        scrubber=database,
        images=FolderImageStore(folder / "pictures"),
        clock=SteadyClock(),
        catalogs=words(),
    )
    rules = Rules(limits=Limits(), tiers=_UNLIMITED)
    return Spine(outside, rules, WorkerSettings(name="burst")), database


def _write(person: Person, kind: str) -> Asked:
    if kind == "words":
        message = person.write("a fox in the snow")
    elif kind.startswith("/"):
        message = person.write(kind)
    else:
        message = person.show(png(640, 480), "on a beach")
    return Asked(person, message["message_id"], not kind.startswith("/"))


def _describe(server: BotApiServer, asked: list[Asked], began: float, ended: float) -> Burst:
    calls = [call for call in server.calls if call.method in WRITING and call.at >= began]
    first: dict[tuple[int, int], float] = {}
    chats: defaultdict[int, list[float]] = defaultdict(list)
    for call in calls:
        chats[call.values["chat_id"]].append(call.at)
        answered = call.values.get("reply_parameters", {}).get("message_id")
        if answered is not None and call.error is None:
            first.setdefault((call.values["chat_id"], answered), call.at - began)
    waits = [wait for one in asked if (wait := first.get((one.person.chat.id, one.message_id))) is not None]
    moments = sorted(call.at for call in calls)
    gaps = [later - before for one in chats.values() for before, later in pairwise(one)]
    cuts = quantiles(waits, n=100)
    return Burst(
        updates=len(asked),
        requests=sum(one.is_request for one in asked),
        first_reply_p50_s=cuts[49],
        first_reply_p99_s=cuts[98],
        first_reply_bound_s=max(len(asked) / OVERALL_MESSAGES, (len(KINDS) - 1) * CHAT_GAP_S),
        last_result_s=ended - began,
        calls=len(calls),
        most_calls_in_a_second=max(sum(at <= other < at + 1 for other in moments) for at in moments),
        shortest_gap_in_a_chat_s=min(gaps),
        refused_for_flooding=len(server.floods.violations),
        calls_against_the_specification=len(server.wrong),
        without_reply=len(asked) - len(waits),
        results_missing=sum(one.is_request and not one.results for one in asked),
        results_twice=sum(one.results > 1 for one in asked),
        unconfirmed=server.unconfirmed,
    )


def as_markdown(burst: Burst, facts: Facts) -> str:
    """The figures as a table, what they are of above it."""
    rows = [
        ("first reply, median", f"{burst.first_reply_p50_s:.2f} s"),
        ("first reply, 99 %", f"{burst.first_reply_p99_s:.2f} s"),
        (
            f"the last of {burst.updates} first replies at {OVERALL_MESSAGES} a second and nothing else, at best",
            f"{burst.first_reply_bound_s:.2f} s",
        ),
        ("last result", f"{burst.last_result_s:.1f} s"),
        ("calls that write", f"{burst.calls}"),
        ("most calls in any second (Telegram allows about 30)", f"{burst.most_calls_in_a_second}"),
        ("shortest time between two calls into a chat (1 s)", f"{burst.shortest_gap_in_a_chat_s:.3f} s"),
        ("calls refused for flooding", f"{burst.refused_for_flooding}"),
        ("calls against the specification", f"{burst.calls_against_the_specification}"),
        ("messages without a reply", f"{burst.without_reply}"),
        (f"results missing, of {burst.requests}", f"{burst.results_missing}"),
        ("results that came twice", f"{burst.results_twice}"),
        ("updates not confirmed", f"{burst.unconfirmed}"),
    ]
    return "\n".join(
        [
            f"# Telegram: {burst.updates} messages of {PEOPLE} people at once",
            "",
            f"Everybody sends {len(KINDS)} messages at the same moment: {', '.join(KINDS)}. The real "
            "python-telegram-bot polls the test server over loopback, both in one process, on SQLite. The engine needs "
            "no time, so that results compete with first replies.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows),
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def is_kept(burst: Burst) -> bool:
    """Whether nothing was lost and no limit was broken."""
    broken = burst.refused_for_flooding + burst.calls_against_the_specification
    lost = burst.without_reply + burst.results_missing + burst.results_twice + burst.unconfirmed
    return broken + lost == 0 and burst.most_calls_in_a_second <= OVERALL_PER_SECOND


def main() -> int:
    """Measure, print, write; fails when something was lost or a limit was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        burst = asyncio.run(measure(Path(folder)))
    report = as_markdown(burst, facts)
    print(report)
    write_results(options.out, "telegram_burst", report, {"burst": asdict(burst), "machine": facts})
    return 0 if is_kept(burst) else 1


if __name__ == "__main__":
    sys.exit(main())
