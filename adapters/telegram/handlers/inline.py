"""Inline mode: one's own finished results by words, in any chat, shown from the photos that Telegram keeps."""

from __future__ import annotations

from typing import Any, Final

from telegram import InlineQuery, InlineQueryResultCachedPhoto, InlineQueryResultsButton, Update
from telegram.error import TelegramError
from telegram.ext import CallbackContext, ExtBot

from adapters.telegram.errors import report
from adapters.telegram.kept import keeper_of
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected
from bot.messages.catalogs import Catalog
from bot.messages.histories import title_text
from bot.services.copies import Copied, CopiesPage

# A job has four pictures at most, and Telegram takes fifty results.
_JOBS: Final = 12
# A new picture is to be found soon after it is there.
_CACHE_S: Final = 5
_START: Final = "inline"
_NUMBER_CHARS: Final = 18


class InlineHandlers:
    """Answers inline queries; nobody ever finds anything but their own."""

    def __init__(self, bot: ExtBot[int], application: Application) -> None:
        self._bot = bot
        self._application = application

    async def receive(self, update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Answer one query; one that is too old by now is let go."""
        query = update.inline_query
        if query is None:
            return
        actor = Actor(Platform.TELEGRAM, str(query.from_user.id), query.from_user.full_name, _locale(query))
        page, catalog = await self._find(actor, query)
        has_nothing = not page.copies and not query.offset
        try:
            await query.answer(
                [_result(one, catalog) for one in page.copies],
                cache_time=_CACHE_S,
                is_personal=True,
                next_offset="" if page.older is None else str(page.older),
                button=_way_to_private(query.query, catalog) if has_nothing else None,
            )
        except TelegramError as error:
            report(error, "answering an inline query")

    async def _find(self, actor: Actor, query: InlineQuery) -> tuple[CopiesPage, Catalog]:
        application = self._application
        is_page = query.offset.isascii() and query.offset.isdigit() and len(query.offset) <= _NUMBER_CHARS
        try:
            catalog = application.catalogs.for_locale(await application.preferences.locale_of(actor))
            page = await application.copies.find(
                actor,
                keeper_of(self._bot),
                words=query.query,
                before=int(query.offset) if is_page else None,
                limit=_JOBS,
            )
        except Rejected:
            # The database is away for a moment: nothing is offered, and whoever types on asks again.
            return CopiesPage((), None), application.catalogs.for_locale(actor.locale)
        return page, catalog


def _result(found: Copied, catalog: Catalog) -> InlineQueryResultCachedPhoto:
    copy = found.copy
    return InlineQueryResultCachedPhoto(
        id=f"{copy.job_id}-{copy.index + 1}", photo_file_id=copy.file_id, title=title_text(found.job, catalog)
    )


def _way_to_private(words: str, catalog: Catalog) -> InlineQueryResultsButton:
    key = "telegram-inline-not-found" if words.strip() else "telegram-inline-nothing"
    return InlineQueryResultsButton(catalog.text(key), start_parameter=_START)


def _locale(query: InlineQuery) -> str:
    return query.from_user.language_code or "en"
