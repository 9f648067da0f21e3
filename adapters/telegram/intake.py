"""The intake: long polling that confirms an update only after it was handled.

python-telegram-bot's own updater confirms a batch before anybody looked at it, so a process that dies then has lost
it. Here an update stays with Telegram until its handler ended; one that a crash interrupted comes again, and the
event key of its job keeps it from making a second one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from telegram.constants import UpdateType
from telegram.error import InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from adapters.telegram.errors import TelegramTokenRefused, report, retry_after_s
from adapters.telegram.inbox import Inbox
from adapters.telegram.timing import Timer
from adapters.telegram.work import Work
from bot.domain.measurements import ConnectionState

log = logging.getLogger(__name__)

ALLOWED_UPDATES: Final = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
POLL_S: Final = 30
_BATCH = 100
# While updates are in work their batch is not confirmed, and Telegram would answer every poll at once.
_LOOK_AGAIN_S = 0.3
_CONFIRM_TIMEOUT_S = 2.0
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0


class Intake:
    """Asks for updates for ever and hands them to `work`; `note` is told whether Telegram can be reached."""

    def __init__(
        self,
        bot: ExtBot[int],
        work: Work,
        timer: Timer,
        inbox: Inbox | None = None,
        *,
        note: Callable[[ConnectionState, str], None],
    ) -> None:
        self._bot = bot
        self._work = work
        self._timer = timer
        self._inbox = inbox
        self._note = note
        self._last_id: int | None = None
        self._was_lost = False
        self._polling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to poll, after a webhook that was set earlier is off; what waits with Telegram goes on waiting.

        Raises `TelegramError`.
        """
        await self._bot.delete_webhook(drop_pending_updates=False)
        if self._inbox is not None:
            self._inbox.take_up_left(self._bot, self._work)
        self._polling = asyncio.create_task(self._poll(), name="telegram polling")

    async def close(self) -> None:
        """Stop polling, let what is in work end within moments, and confirm what was handled."""
        if self._polling is None:
            return
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        self._polling = None
        cut_off = await self._work.close()
        await self._confirm(min(cut_off) if cut_off else self._offset())

    async def _poll(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                await self._poll_once()
                self._was_lost = False
                self._note(ConnectionState.CONNECTED, "")
                pause_s = _FIRST_PAUSE_S
            except InvalidToken:
                log.error("%s No more messages are received.", TelegramTokenRefused())
                self._note(ConnectionState.REFUSED, str(TelegramTokenRefused()))
                return
            except Exception as error:
                # Also what the library can not read: without polling the bot would be deaf.
                wait_s = _wait_after(error, pause_s)
                if wait_s:
                    report(error, "asking for updates")
                    self._was_lost = True
                    self._note(ConnectionState.LOST, type(error).__name__)
                    await self._timer.sleep(wait_s)
                    pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)

    async def _poll_once(self) -> None:
        updates = await self._bot.get_updates(
            offset=self._offset(),
            limit=_BATCH,
            # After a loss an answer at once tells that Telegram is back.
            timeout=0 if self._work.in_work or self._was_lost else POLL_S,
            allowed_updates=ALLOWED_UPDATES,
        )
        for update in updates:
            self._last_id = update.update_id
            self._work.take(update)
        await self._work.wait(_LOOK_AGAIN_S)

    def _offset(self) -> int | None:
        """The first update that is not handled yet; None before the first one came."""
        if self._work.in_work:
            return min(self._work.in_work)
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
