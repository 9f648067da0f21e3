"""Cards: one message a job, edited in place while the job waits and runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.errors import is_unchanged, report
from adapters.telegram.keyboards import cancel_keyboard
from adapters.telegram.limiter import FloodLimiter
from adapters.telegram.timing import Timer
from bot.domain.cards import Card, Phase
from bot.domain.jobs import Job, JobId
from bot.messages.cards import card_text
from bot.messages.catalogs import Catalog, Catalogs
from bot.services.board import CardBoard
from bot.services.validation import Rounded

PRIVATE_INTERVAL_S: Final = 3.0
GROUP_INTERVAL_S: Final = 15.0
# So much of a group's 20 messages a minute is left for results and new cards.
GROUP_RESERVE: Final = 8
_BAR_CELLS = 12


def draw_card(card: Card, catalog: Catalog, notes: Sequence[str] = ()) -> str:
    """The text of a card: what is happening, a bar while drawing, the mode and what was rounded."""
    words = card_text(card, catalog)
    lines = [words.title, words.detail]
    if card.phase is Phase.RUNNING:
        lines.insert(1, _bar(card.fraction))
    lines.append(" · ".join(part for part in (words.mode, words.label) if part))
    lines.extend(notes)
    return "\n".join(line for line in lines if line)


def rounding_notes(rounded: Sequence[Rounded], catalog: Catalog) -> tuple[str, ...]:
    """One sentence for each number that was changed to fit."""
    return tuple(catalog.text("note-rounded", name=one.name, asked=one.asked, used=one.used) for one in rounded)


def _bar(fraction: float) -> str:
    full = round(max(0.0, min(1.0, fraction)) * _BAR_CELLS)
    return "▓" * full + "░" * (_BAR_CELLS - full)


@dataclass(slots=True)
class _Followed:
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_released: bool = False
    task: asyncio.Task[None] | None = None


class CardKeeper:
    """Keeps the cards of unfinished jobs up to date: the latest state, never faster than Telegram likes.

    How a job ended is not its business; that goes through the outbox, after `release`.
    """

    def __init__(
        self, bot: ExtBot[int], board: CardBoard, catalogs: Catalogs, limiter: FloodLimiter, timer: Timer
    ) -> None:
        self._bot = bot
        self._board = board
        self._catalogs = catalogs
        self._limiter = limiter
        self._timer = timer
        self._followed: dict[JobId, _Followed] = {}

    def follow(
        self, job: Job, address: ChatAddress, rounded: Sequence[Rounded] = (), notes: Sequence[str] = ()
    ) -> None:
        """Begin to edit the card of `job`; nothing happens where there is no card or it is followed already."""
        if address.card_message_id is None or job.id in self._followed:
            return
        followed = self._followed[job.id] = _Followed()
        shown = (*notes, *rounding_notes(rounded, self._catalogs.for_locale(job.locale)))
        followed.task = asyncio.create_task(self._keep(job, address, shown, followed), name=f"card {job.id}")

    async def release(self, job_id: JobId) -> None:
        """Stop editing, so that the last word can be said; returns when no edit is under way."""
        followed = self._followed.pop(job_id, None)
        if followed is None:
            return
        followed.is_released = True
        # An edit under way is awaited, not cut off: Telegram could carry it out after the last word.
        async with followed.editing:
            if followed.task is not None:
                followed.task.cancel()

    async def close(self) -> None:
        """Stop editing all cards; the next start takes them up again."""
        tasks = [followed.task for followed in self._followed.values() if followed.task is not None]
        self._followed.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, job: Job, address: ChatAddress, notes: tuple[str, ...], followed: _Followed) -> None:
        try:
            await self._edit_until_final(job.id, address, notes, followed)
        except (Forbidden, BadRequest) as error:
            # The person blocked us or deleted the card; the outbox will meet the same and decide.
            report(error, f"card of job {job.id}")
        except Exception as error:
            report(error, f"card of job {job.id}")
        finally:
            if self._followed.get(job.id) is followed:
                del self._followed[job.id]

    async def _edit_until_final(
        self, job_id: JobId, address: ChatAddress, notes: tuple[str, ...], followed: _Followed
    ) -> None:
        shown = ""
        next_at = self._timer.monotonic()
        interval_s = GROUP_INTERVAL_S if address.is_group else PRIVATE_INTERVAL_S
        async for seen in self._board.watch(job_id):
            # What Telegram did not take is tried again, by then perhaps with newer words.
            latest = seen
            while not latest.phase.is_final and self._text(latest, notes) != shown:
                await self._wait_until(next_at, address)
                async with followed.editing:
                    card = await self._board.card(job_id)
                    if followed.is_released or card is None or card.phase.is_final:
                        return
                    latest, text = card, self._text(card, notes)
                    if text != shown and await self._edit(card, address, text):
                        shown = text
                next_at = self._timer.monotonic() + interval_s

    async def _wait_until(self, moment: float, address: ChatAddress) -> None:
        reserve = GROUP_RESERVE if address.is_group else 0
        while True:
            wait_s = max(moment - self._timer.monotonic(), self._limiter.wait_s(address.chat_id, reserve=reserve))
            if wait_s <= 0:
                return
            await self._timer.sleep(wait_s)

    async def _edit(self, card: Card, address: ChatAddress, text: str) -> bool:
        """Edit once; False when it did not work this time but may the next."""
        catalog = self._catalogs.for_locale(card.job.locale)
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=address.chat_id,
                message_id=address.card_message_id,
                reply_markup=cancel_keyboard(card.job_id, catalog),
            )
        except (BadRequest, Forbidden) as error:
            if is_unchanged(error):
                return True
            raise
        except TelegramError as error:
            report(error, f"card of job {card.job_id}")
            return False
        return True

    def _text(self, card: Card, notes: tuple[str, ...]) -> str:
        return draw_card(card, self._catalogs.for_locale(card.job.locale), notes)
