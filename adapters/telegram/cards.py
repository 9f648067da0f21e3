"""Cards: one message a job, edited in place while the job waits and runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.errors import is_place_gone, report
from adapters.telegram.faces import CardFace, Look
from adapters.telegram.keyboards import cancel_keyboard
from adapters.telegram.limiter import FloodLimiter
from adapters.telegram.timing import Timer
from bot.domain.cards import Card, Phase
from bot.domain.jobs import Job, JobId
from bot.messages.cards import card_text
from bot.messages.catalogs import Catalog, Catalogs
from bot.services.board import CardBoard
from bot.services.job_context import working_on
from bot.services.validation import Rounded

log = logging.getLogger(__name__)

PRIVATE_INTERVAL_S: Final = 3.0
GROUP_INTERVAL_S: Final = 15.0
# Telegram shows “sending a photo …” for five seconds.
ACTION_S: Final = 5.0
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
    address: ChatAddress
    notes: tuple[str, ...]
    face: CardFace
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_released: bool = False
    tasks: tuple[asyncio.Task[None], ...] = ()


GiveUp = Callable[[JobId, ChatAddress], Awaitable[None]]
"""Told of a job whose place is gone: nobody will see how it ends."""


class CardKeeper:
    """Keeps the cards of unfinished jobs up to date: the latest state, never faster than Telegram likes.

    How a job ended is not its business; that goes through the outbox, after `release`.
    """

    def __init__(
        self,
        bot: ExtBot[int],
        board: CardBoard,
        catalogs: Catalogs,
        limiter: FloodLimiter,
        timer: Timer,
        *,
        give_up: GiveUp,
    ) -> None:
        self._bot = bot
        self._board = board
        self._catalogs = catalogs
        self._limiter = limiter
        self._timer = timer
        self._give_up = give_up
        self._followed: dict[JobId, _Followed] = {}

    def follow(
        self, job: Job, address: ChatAddress, rounded: Sequence[Rounded] = (), notes: Sequence[str] = ()
    ) -> None:
        """Begin to edit the card of `job`; nothing happens where there is no card or it is followed already."""
        if address.card_message_id is None or job.id in self._followed:
            return
        shown = (*notes, *rounding_notes(rounded, self._catalogs.for_locale(job.locale)))
        followed = self._followed[job.id] = _Followed(address, shown, CardFace(self._bot, address))
        with working_on(job.id):
            followed.tasks = (
                asyncio.create_task(self._keep(job.id, followed), name=f"card {job.id}"),
                asyncio.create_task(self._seem_busy(job.id, followed), name=f"action {job.id}"),
            )

    async def release(self, job_id: JobId) -> None:
        """Stop editing, so that the last word can be said; returns when no edit is under way."""
        followed = self._followed.pop(job_id, None)
        if followed is None:
            return
        followed.is_released = True
        # An edit under way is awaited, not cut off: Telegram could carry it out after the last word.
        async with followed.editing:
            for task in followed.tasks:
                task.cancel()

    async def close(self) -> None:
        """Stop editing all cards; the next start takes them up again."""
        tasks = [task for followed in self._followed.values() for task in followed.tasks]
        self._followed.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, job_id: JobId, followed: _Followed) -> None:
        try:
            await self._edit_until_final(job_id, followed)
        except (Forbidden, BadRequest) as error:
            # Where only the card was deleted, the outbox sends the result anew.
            report(error, f"card of job {job_id}")
            if is_place_gone(error):
                await self._give_up(job_id, followed.address)
        except Exception as error:
            report(error, f"card of job {job_id}")
        finally:
            if self._followed.get(job_id) is followed:
                del self._followed[job_id]

    async def _edit_until_final(self, job_id: JobId, followed: _Followed) -> None:
        address = followed.address
        next_at = self._timer.monotonic()
        interval_s = GROUP_INTERVAL_S if address.is_group else PRIVATE_INTERVAL_S
        async for seen in self._board.watch(job_id):
            # What Telegram did not take is tried again, by then perhaps with newer words.
            latest = seen
            while not latest.phase.is_final and not followed.face.shows(self._look(latest, followed)):
                await self._wait_until(next_at, address)
                async with followed.editing:
                    card = await self._board.card(job_id)
                    if followed.is_released or card is None or card.phase.is_final:
                        return
                    latest = card
                    await self._edit(card, followed)
                next_at = self._timer.monotonic() + interval_s

    async def _wait_until(self, moment: float, address: ChatAddress) -> None:
        reserve = GROUP_RESERVE if address.is_group else 0
        while True:
            wait_s = max(moment - self._timer.monotonic(), self._limiter.wait_s(address.chat_id, reserve=reserve))
            if wait_s <= 0:
                return
            await self._timer.sleep(wait_s)

    async def _edit(self, card: Card, followed: _Followed) -> None:
        """Edit once; what did not work this time but may the next is reported."""
        look = self._look(card, followed)
        if followed.face.shows(look):
            return
        catalog = self._catalogs.for_locale(card.job.locale)
        try:
            await followed.face.show(look, cancel_keyboard(card.job, catalog))
        except (BadRequest, Forbidden):
            raise
        except TelegramError as error:
            report(error, f"card of job {card.job_id}")

    def _look(self, card: Card, followed: _Followed) -> Look:
        text = draw_card(card, self._catalogs.for_locale(card.job.locale), followed.notes)
        is_drawn = card.phase is Phase.RUNNING and card.progress is not None
        preview = card.progress.preview if is_drawn and card.progress is not None else None
        return Look(text, preview, is_spoiler=card.job.request.spoiler)

    async def _seem_busy(self, job_id: JobId, followed: _Followed) -> None:
        """Have Telegram say “sending a photo …” for as long as the picture is drawn."""
        address = followed.address
        try:
            async for seen in self._board.watch(job_id):
                card: Card | None = seen
                while card is not None and card.phase is Phase.RUNNING:
                    await self._bot.send_chat_action(
                        address.chat_id, ChatAction.UPLOAD_PHOTO, message_thread_id=address.thread_id
                    )
                    await self._timer.sleep(ACTION_S)
                    card = await self._board.card(job_id)
        except TelegramError as error:
            # A nicety; if the place is gone, the card's next edit meets the same.
            log.debug("telegram: action of job %s: %s", job_id, error)
        except Exception as error:
            report(error, f"action of job {job_id}")
