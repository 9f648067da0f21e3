"""The desk: answers a request with its card, hands it to the services, and keeps the card true on every way out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress, read_reply_to
from adapters.telegram.cards import CardKeeper
from adapters.telegram.errors import is_thread_gone, report
from adapters.telegram.flags import FlagWithoutValue
from adapters.telegram.pictures import PictureDownloads
from adapters.telegram.wishes import Wish
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected
from bot.domain.requests import Draft
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.services.submit import Origin, Submitted

# What answers a person is worth repeating when Telegram asks to slow down.
RETRIES: Final = 3
_WITHDRAW_TIMEOUT_S = 2.0

Enter = Callable[[Origin], Awaitable[Submitted]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, by which event, and where."""

    actor: Actor
    event_key: str
    address: ChatAddress


class Desk:
    """Takes requests: the card first, then everything that may take time."""

    def __init__(
        self, bot: ExtBot[int], application: Application, keeper: CardKeeper, downloads: PictureDownloads
    ) -> None:
        self._bot = bot
        self._application = application
        self._keeper = keeper
        self._downloads = downloads

    async def take_wish(self, wish: Wish) -> None:
        """Fetch the pictures of a wish and submit it."""

        async def enter(origin: Origin) -> Submitted:
            return await self._application.submit(origin, await self._fetch(wish))

        await self.take(Asked(wish.actor, wish.event_key, wish.address), enter)

    async def take(self, asked: Asked, enter: Enter, *, notes: Sequence[str] = ()) -> None:
        """Show a card, `enter` the request with the card's address, then follow the job; `notes` stand on its card."""
        catalog = self._application.catalogs.for_locale(asked.actor.locale)
        address = asked.address.with_card(await self._post_card(asked.address, catalog))
        try:
            submitted = await enter(Origin(asked.actor, asked.event_key, address.as_reply_to()))
        except asyncio.CancelledError:
            # The bot ends, and the request comes again at the next start: then with a card of its own.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WITHDRAW_TIMEOUT_S):
                    await self._withdraw(address)
            raise
        except (Rejected, FlagWithoutValue) as refusal:
            await self._change(address, refusal_text(refusal, catalog))
        except TelegramError as error:
            report(error, "fetching a picture")
            await self._change(address, catalog.text("telegram-picture-not-fetched"))
        except Exception as error:
            report(error, "taking a request")
            await self._change(address, catalog.text("failure-internal"))
        else:
            await self._follow(submitted, address, notes)

    async def say(self, address: ChatAddress, text: str) -> int | None:
        """Answer with a message; returns its id, or None when the place is gone or Telegram is out of reach."""
        try:
            return await self._send(address, text)
        except BadRequest as error:
            if is_thread_gone(error):
                return await self.say(replace(address, thread_id=None), text)
            report(error, "answering")
        except (Forbidden, RetryAfter, NetworkError) as error:
            report(error, "answering")
        return None

    async def _post_card(self, address: ChatAddress, catalog: Catalog) -> int | None:
        return await self.say(address, catalog.text("telegram-received"))

    async def _send(self, address: ChatAddress, text: str) -> int:
        message = await self._bot.send_message(
            address.chat_id,
            text,
            message_thread_id=address.thread_id,
            reply_parameters=address.reply_parameters,
            rate_limit_args=RETRIES,
        )
        return message.message_id

    async def _fetch(self, wish: Wish) -> Draft:
        draft = wish.draft
        subject = await self._downloads.get(wish.subject) if wish.subject is not None else draft.subject
        styles = [await self._downloads.get(style) for style in wish.styles]
        return replace(draft, subject=subject, styles=tuple(styles) or draft.styles)

    async def _follow(self, submitted: Submitted, address: ChatAddress, notes: Sequence[str]) -> None:
        job = submitted.job
        known = read_reply_to(job.reply_to)
        if not submitted.is_new and known is not None and known.card_message_id != address.card_message_id:
            # The same event came twice, and the job has its card already.
            await self._withdraw(address)
            return
        self._keeper.follow(job, address, submitted.rounded, notes)

    async def _change(self, address: ChatAddress, text: str) -> None:
        if address.card_message_id is None:
            await self.say(address, text)
            return
        try:
            await self._bot.edit_message_text(
                text, chat_id=address.chat_id, message_id=address.card_message_id, rate_limit_args=RETRIES
            )
        except TelegramError as error:
            report(error, "changing a card")

    async def _withdraw(self, address: ChatAddress) -> None:
        if address.card_message_id is None:
            return
        try:
            await self._bot.delete_message(address.chat_id, address.card_message_id, rate_limit_args=RETRIES)
        except TelegramError as error:
            report(error, "taking a card back")


def refusal_text(refusal: Rejected | FlagWithoutValue, catalog: Catalog) -> str:
    """The sentence for a refused request."""
    if isinstance(refusal, Rejected):
        return rejection_text(refusal, catalog)
    return catalog.text("telegram-flag-without-value", flag=refusal.flag, example=refusal.example)
