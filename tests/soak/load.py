"""What people do while the bot is being killed: requests of all kinds, second presses, cancellations."""

from __future__ import annotations

import asyncio
import base64
import random
from typing import Any, Final

from bot.domain.actors import Actor, Platform, Server
from bot.domain.credits import CREDIT, Booking, BookingKind, server_account, user_account
from bot.domain.people import ServerSettings
from bot.ports.storage import UnitOfWorkFactory
from tests.soak.bot_process import ShiftedClock
from tests.support.pictures import png
from tests.support.plain_platform import Event, PlainPlatform

PEOPLE: Final = {
    "ann": None,
    "bob": None,
    "cem": None,
    "dot": None,
    "eve": "middle",
    "fay": "middle",
    "gus": "unlimited",
}
"""Who there is, and the tier that an operator gave them."""
SERVER: Final = "guild"
POOL: Final = 2 * CREDIT
BONUS: Final = 2 * CREDIT

_TICK_S: Final = 0.02
_SHARED_PICTURES: Final = tuple(png(96, 64, colour) for colour in ((9, 9, 9), (90, 9, 9), (9, 90, 9)))


async def prepare(open_unit: UnitOfWorkFactory) -> None:
    """Tiers, bonus credits and a server with a pool, as operators set them up."""
    now = ShiftedClock(0).now()
    server = Server(Platform.DISCORD, SERVER)
    async with open_unit() as unit:
        for name, tier in PEOPLE.items():
            user_id = await unit.users.resolve(Actor(Platform.DISCORD, name), now=now)
            if tier is not None:
                await unit.users.grant_tier(user_id, tier, until=None)
        await unit.settings.set_server(server, ServerSettings(pool=POOL, max_count=2))
        for account in (user_account(user_id), server_account(server)):
            await unit.accounts.lock(account, now=now)
            assert await unit.accounts.book(Booking(account, BookingKind.GRANT, 0, BONUS, now, by="soak"))
        await unit.commit()


class Load:
    """Keeps `most_open` requests under way; the same `dice` draw the same people, pictures and numbers."""

    def __init__(self, platform: PlainPlatform, dice: random.Random, *, most_open: int) -> None:
        self._platform = platform
        self._dice = dice
        self._most_open = most_open
        self._to_press_again: set[str] = set()
        self._to_stop: set[str] = set()
        self.asked = 0
        self.pressed_again = 0

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(_TICK_S)
            open_now = self._platform.unanswered + len(self._platform.awaited)
            if open_now < self._most_open and self._dice.random() < 0.6:
                self._ask()
            if self._dice.random() < 0.1:
                self._press_again()
            if self._dice.random() < 0.1:
                self._stop()

    def _ask(self) -> None:
        self.asked += 1
        person = self._dice.choice(sorted(PEOPLE))
        server = SERVER if self._dice.random() < 0.25 else None
        event = Event(f"ask-{self.asked}", person, server, ask=self._fields())
        if self._dice.random() < 0.15:
            self._to_press_again.add(event.id)
        if self._dice.random() < 0.15:
            self._to_stop.add(event.id)
        self._platform.push(event)

    def _fields(self) -> dict[str, Any]:
        dice = self._dice
        fields: dict[str, Any] = {
            "prompt": f"fish number {self.asked}",
            "steps": dice.randint(2, 6),
            "count": dice.randint(1, 3),
            "width": dice.choice((512, 768, 1024)),
            "height": dice.choice((512, 768, 1024)),
            "seed": dice.randrange(2**32),
        }
        kind = dice.random()
        if kind < 0.2:
            fields["subject"] = base64.b64encode(dice.choice(_SHARED_PICTURES)).decode()
        elif kind < 0.4:
            colour = (self.asked % 256, self.asked // 256 % 256, 77)
            fields["subject"] = base64.b64encode(png(64, 64, colour)).decode()
        return fields

    def _press_again(self) -> None:
        """Only what was accepted: a refused request that is asked again is another request."""
        accepted = [event for event in self._platform.awaited if event in self._to_press_again]
        if accepted:
            event = self._dice.choice(accepted)
            self._to_press_again.remove(event)
            self.pressed_again += 1
            self._platform.push(self._platform.record.events[event])

    def _stop(self) -> None:
        waiting = [event for event in self._platform.awaited if event in self._to_stop]
        if waiting:
            # The longest awaited is often the one under work.
            event = waiting[0] if self._dice.random() < 0.5 else self._dice.choice(waiting)
            self._to_stop.remove(event)
            asked = self._platform.record.events[event]
            job = self._platform.job_of(event)
            self._platform.push(Event(f"stop-{event}", asked.person, asked.server, stop=job))
