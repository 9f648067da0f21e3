"""News of reports for operators in Telegram, and taking results down."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable
from contextlib import aclosing

from PIL import Image
from telegram import InlineKeyboardMarkup, InputFile
from telegram.error import TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import read_reply_to
from adapters.telegram.calls import button, keyboard
from adapters.telegram.commands import Command
from adapters.telegram.desk import RETRIES
from adapters.telegram.errors import report
from adapters.telegram.removal import Removal
from bot.application import Application
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.errors import Rejected
from bot.domain.reports import Report
from bot.messages.catalogs import Catalog
from bot.messages.moderation import report_text
from bot.services.moderation_news import Reported, TakenDown

_ALBUM, _IS_KNOWN = "album", "is_known"


def place_in(address: ReplyAddress, album: tuple[int, ...], *, is_known: bool) -> ReplyAddress:
    """The message of buttons that were pressed, as a report remembers it, with those above it that show pictures.

    `is_known` tells that Telegram itself showed us the pressed button on it.
    """
    more: dict[str, str | int | None] = {_ALBUM: " ".join(str(one) for one in album), _IS_KNOWN: int(is_known)}
    return ReplyAddress(Platform.TELEGRAM, {**address.data, **more})


def verdict_keyboard(one: Report, catalog: Catalog) -> InlineKeyboardMarkup | None:
    """Leave the picture, or delete it; each says the command that does it."""
    return keyboard(
        [
            button(catalog.text(f"button-report-{verdict}"), Command.ADMIN, "reports", verdict, one.id)
            for verdict in ("keep", "delete")
        ]
    )


class ReportTeller:
    """Tells operators as long as it runs. What they miss meanwhile waits in /admin reports and on the page."""

    def __init__(self, application: Application, bot: ExtBot[int], removal: Removal) -> None:
        self._application = application
        self._bot = bot
        self._removal = removal

    async def run(self) -> None:
        """Follow the news until cancelled."""
        async with aclosing(self._application.reports.news()) as news:  # type: ignore[type-var]
            async for one in news:
                match one:
                    case Reported():
                        for operator_id in self._application.reports.operators_on(Platform.TELEGRAM):
                            await _tried(self._tell(int(operator_id), one), "telling an operator of a report")
                    case TakenDown(_, places):
                        for place in places:
                            await _tried(self._take_down(place), "taking down a reported result")

    async def _tell(self, operator_id: int, told: Reported) -> None:
        locale = await self._application.preferences.locale_of(Actor(Platform.TELEGRAM, str(operator_id)))
        catalog = self._application.catalogs.for_locale(locale)
        await _tried(self._show(operator_id, told), "showing a reported picture")
        await self._bot.send_message(
            operator_id,
            report_text(told.report, catalog),
            reply_markup=verdict_keyboard(told.report, catalog),
            rate_limit_args=RETRIES,
        )

    async def _show(self, operator_id: int, told: Reported) -> None:
        """A small copy, hidden until it is touched; nothing if its file was let go."""
        shown = next((one for one in told.job.pictures if one.index == told.report.index), None)
        if shown is None:
            return
        try:
            small = await self._application.thumbnails(shown.picture)
        except Rejected:
            return
        photo = InputFile(await asyncio.to_thread(_as_jpeg, small), filename="reported.jpg")
        await self._bot.send_photo(operator_id, photo, has_spoiler=True, rate_limit_args=RETRIES)

    async def _take_down(self, place: ReplyAddress) -> None:
        address = read_reply_to(place)
        if address is None or address.card_message_id is None:
            return
        album = tuple(int(one) for one in str(place.data.get(_ALBUM) or "").split())
        catalog = self._application.catalogs.for_locale(None)
        may_remove = bool(place.data.get(_IS_KNOWN, 1))
        await self._removal.take_away(address.chat_id, album, address.card_message_id, catalog, may_remove=may_remove)


def _as_jpeg(picture: bytes) -> bytes:
    """Telegram takes WebP for a sticker."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as opened:
        opened.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


async def _tried(doing: Awaitable[None], what: str) -> None:
    """An operator who never wrote to the bot, or a message that can not go, holds nothing else up."""
    try:
        await doing
    except (TelegramError, Rejected, ValueError) as error:
        report(error, what)
