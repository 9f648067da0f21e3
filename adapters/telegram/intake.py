"""The intake: long polling that confirms an update only after it was handled.

python-telegram-bot's own updater confirms a batch before anybody looked at it, so a process that dies then has lost
it. Here an update stays with Telegram until its handler ended; one that a crash interrupted comes again, and the
event key of its job keeps it from making a second one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Update
from telegram.constants import UpdateType
from telegram.error import InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from adapters.telegram.errors import TelegramTokenRefused, report, retry_after_s
from adapters.telegram.timing import Timer

log = logging.getLogger(__name__)

ALLOWED_UPDATES: Final = (UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY)
POLL_S: Final = 30
_BATCH = 100
# While updates are in work their batch is not confirmed, and Telegram would answer every poll at once.
_LOOK_AGAIN_S = 0.3
_GRACE_S = 3.0
_CONFIRM_TIMEOUT_S = 2.0
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_REMEMBERED = 1000

Handle = Callable[[Update], Awaitable[None]]


class Intake:
    """Receives updates for ever and hands each to `handle` once, many at a time."""

    def __init__(self, bot: ExtBot[int], handle: Handle, timer: Timer) -> None:
        self._bot = bot
        self._handle = handle
        self._timer = timer
        self._in_work: dict[int, asyncio.Task[None]] = {}
        self._handled: deque[int] = deque(maxlen=_REMEMBERED)
        self._last_id: int | None = None
        self._polling: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to poll."""
        self._polling = asyncio.create_task(self._poll(), name="telegram polling")

    async def close(self) -> None:
        """Stop polling, let what is in work end within moments, and confirm what was handled."""
        if self._polling is None:
            return
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        self._polling = None
        if self._in_work:
            await asyncio.wait(self._in_work.values(), timeout=_GRACE_S)
        left = list(self._in_work.values())
        offset = self._offset()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._confirm(offset)

    async def _poll(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                await self._poll_once()
                pause_s = _FIRST_PAUSE_S
            except InvalidToken:
                log.error("%s No more messages are received.", TelegramTokenRefused())
                return
            except Exception as error:
                # Also what the library can not read: without polling the bot would be deaf.
                wait_s = _wait_after(error, pause_s)
                if wait_s:
                    report(error, "asking for updates")
                    await self._timer.sleep(wait_s)
                    pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)

    async def _poll_once(self) -> None:
        updates = await self._bot.get_updates(
            offset=self._offset(),
            limit=_BATCH,
            timeout=0 if self._in_work else POLL_S,
            allowed_updates=ALLOWED_UPDATES,
        )
        for update in updates:
            self._last_id = update.update_id
            if update.update_id not in self._in_work and update.update_id not in self._handled:
                self._in_work[update.update_id] = asyncio.create_task(self._work(update))
        if self._in_work:
            await asyncio.wait(self._in_work.values(), timeout=_LOOK_AGAIN_S)

    async def _work(self, update: Update) -> None:
        try:
            await self._handle(update)
        except Exception as error:
            report(error, "handling an update")
        # Not after a cancellation: an update that we did not finish has to come again.
        self._done(update)

    def _done(self, update: Update) -> None:
        self._in_work.pop(update.update_id, None)
        self._handled.append(update.update_id)

    def _offset(self) -> int | None:
        """The first update that is not handled yet; None before the first one came."""
        if self._in_work:
            return min(self._in_work)
        return None if self._last_id is None else self._last_id + 1

    async def _confirm(self, offset: int | None) -> None:
        """Tell Telegram what was handled, so that it does not come again at the next start."""
        if offset is None:
            return
        try:
            async with asyncio.timeout(_CONFIRM_TIMEOUT_S):
                await self._bot.get_updates(offset=offset, limit=1, timeout=0, allowed_updates=ALLOWED_UPDATES)
        except (TelegramError, TimeoutError) as error:
            log.info("telegram: the last updates could not be confirmed: %s", type(error).__name__)


def _wait_after(error: Exception, pause_s: float) -> float:
    match error:
        case TimedOut():
            # A long poll that ended without an answer is ordinary.
            return 0.0
        case RetryAfter():
            return retry_after_s(error)
        case _:
            return pause_s
