"""The desk: answers a request with its card, hands it to the services, and keeps the card true on every way out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import ForceReply, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress, read_reply_to
from adapters.telegram.cards import CardKeeper
from adapters.telegram.errors import is_thread_gone, is_unchanged, report
from adapters.telegram.flags import FlagWithoutValue
from adapters.telegram.languages import Languages
from adapters.telegram.pictures import PictureDownloads
from adapters.telegram.wishes import Wish
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected
from bot.domain.requests import Draft, Given
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.services.submit import Origin, Submitted

# What answers a person is worth repeating when Telegram asks to slow down.
RETRIES: Final = 3
_WITHDRAW_TIMEOUT_S = 2.0

Markup = InlineKeyboardMarkup | ForceReply
Enter = Callable[[Origin], Awaitable[Submitted]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, by which event, and where; what is private is answered to the person alone, also out of a group."""

    actor: Actor
    event_key: str
    address: ChatAddress
    is_private: bool = False


class Desk:
    """Takes requests: the card first, then everything that may take time."""

    def __init__(
        self,
        bot: ExtBot[int],
        application: Application,
        keeper: CardKeeper,
        downloads: PictureDownloads,
        languages: Languages,
    ) -> None:
        self._bot = bot
        self._application = application
        self._keeper = keeper
        self._downloads = downloads
        self._languages = languages

    async def take_wish(self, wish: Wish, complete: Callable[[Draft], Draft] = lambda draft: draft) -> None:
        """Fetch the pictures of a wish, `complete` the draft and submit it."""

        async def enter(origin: Origin) -> Submitted:
            return await self._application.submit(origin, complete(await self.fetch(wish)))

        is_private = wish.address.is_group and await self.is_private(wish.actor, wish.draft.private)
        await self.take(Asked(wish.actor, wish.event_key, wish.address, is_private), enter)

    async def is_private(self, actor: Actor, wanted: bool | None) -> bool:
        """Whether a request is to be seen by the actor alone: as it says, else as they have it in their settings."""
        if wanted is not None:
            return wanted
        settings = await self._languages.settings_of(actor)
        return settings is None or settings.private

    async def fetch(self, wish: Wish) -> Draft:
        """The draft with its pictures and saved styles. Raises `Rejected`, `TelegramError`."""
        subject = await self._downloads.get(wish.subject) if wish.subject is not None else wish.draft.subject
        styles: list[Given] = [await self._downloads.get(style) for style in wish.styles]
        for name in wish.style_cards:
            styles += await self._application.styles.use(wish.actor, name)
        return replace(wish.draft, subject=subject, styles=tuple(styles) or wish.draft.styles)

    async def take(self, asked: Asked, enter: Enter, *, notes: Sequence[str] = ()) -> None:
        """Show a card, `enter` the request with the card's address, then follow the job; `notes` stand on its card."""
        catalog = await self._languages.catalog_of(asked.actor)
        place = _alone_with(asked) if asked.is_private else asked.address
        card_id = await self.say(place, catalog.text("telegram-received"))
        if card_id is None and place is not asked.address:
            await self.say(asked.address, catalog.text("telegram-private-first"))
            return
        address = place.with_card(card_id)
        try:
            submitted = await enter(Origin(asked.actor, asked.event_key, address.as_reply_to()))
        except asyncio.CancelledError:
            # The bot ends, and the request comes again at the next start: then with a card of its own.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WITHDRAW_TIMEOUT_S):
                    await self._withdraw(address)
            raise
        except (Rejected, FlagWithoutValue) as refusal:
            await self.change(address, refusal_text(refusal, catalog))
        except TelegramError as error:
            report(error, "fetching a picture")
            await self.change(address, catalog.text("telegram-picture-not-fetched"))
        except Exception as error:
            report(error, "taking a request")
            await self.change(address, catalog.text("failure-internal"))
        else:
            await self._follow(submitted, address, notes)

    async def say(self, address: ChatAddress, text: str, markup: Markup | None = None) -> int | None:
        """Answer with a message; returns its id, or None when the place is gone or Telegram is out of reach."""
        try:
            return await self._send(address, text, markup)
        except BadRequest as error:
            if is_thread_gone(error):
                return await self.say(replace(address, thread_id=None), text, markup)
            report(error, "answering")
        except (Forbidden, RetryAfter, NetworkError) as error:
            report(error, "answering")
        return None

    async def change(self, address: ChatAddress, text: str, markup: InlineKeyboardMarkup | None = None) -> None:
        """Put other words into the card of an address; without a card they are said."""
        if address.card_message_id is None:
            await self.say(address, text, markup)
            return
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=address.chat_id,
                message_id=address.card_message_id,
                reply_markup=markup,
                rate_limit_args=RETRIES,
            )
        except TelegramError as error:
            if not is_unchanged(error):
                report(error, "changing a message")

    async def _send(self, address: ChatAddress, text: str, markup: Markup | None) -> int:
        message = await self._bot.send_message(
            address.chat_id,
            text,
            reply_markup=markup,
            message_thread_id=address.thread_id,
            reply_parameters=address.reply_parameters,
            rate_limit_args=RETRIES,
        )
        return message.message_id

    async def _follow(self, submitted: Submitted, address: ChatAddress, notes: Sequence[str]) -> None:
        job = submitted.job
        known = read_reply_to(job.reply_to)
        if not submitted.is_new and known is not None and known.card_message_id != address.card_message_id:
            # The same event came twice, and the job has its card already.
            await self._withdraw(address)
            return
        self._keeper.follow(job, address, submitted.rounded, notes)

    async def _withdraw(self, address: ChatAddress) -> None:
        if address.card_message_id is None:
            return
        try:
            await self._bot.delete_message(address.chat_id, address.card_message_id, rate_limit_args=RETRIES)
        except TelegramError as error:
            report(error, "taking a card back")


def _alone_with(asked: Asked) -> ChatAddress:
    """The person's own chat with us; it has the id of the person."""
    return ChatAddress(int(asked.actor.external_id), None, None, is_group=False)


def refusal_text(refusal: Rejected | FlagWithoutValue, catalog: Catalog) -> str:
    """The sentence for a refused request."""
    if isinstance(refusal, Rejected):
        return rejection_text(refusal, catalog)
    return catalog.text("telegram-flag-without-value", flag=refusal.flag, example=refusal.example)
