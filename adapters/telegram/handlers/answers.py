"""Commands that are answered with words: /me, /link, /history, /queue, /cancel. What is personal in private only."""

from __future__ import annotations

import logging
from typing import Final

from telegram import Message, User
from telegram.constants import ChatType

from adapters.telegram.commands import Command
from adapters.telegram.wishes import actor_of
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected
from bot.messages.accounts import identities_text, issued_text, overview_text
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.messages.histories import page_text, queue_text

log = logging.getLogger(__name__)

_LISTED: Final = 15
_PERSONAL: Final = frozenset({Command.ME, Command.LINK, Command.HISTORY})


async def answer_with_words(
    application: Application, command: Command, words: str, *, message: Message, user: User, catalog: Catalog
) -> str:
    """The words to answer with, refusals and faults included."""
    if command in _PERSONAL and message.chat.type != ChatType.PRIVATE:
        return catalog.text("telegram-private-only")
    try:
        return await _find(application, command, words, actor_of(user, message.chat, message), catalog)
    except Rejected as rejected:
        return rejection_text(rejected, catalog)
    except Exception:
        log.exception("/%s failed", command.value)
        return catalog.text("failure-internal")


async def _find(application: Application, command: Command, words: str, actor: Actor, catalog: Catalog) -> str:
    match command:
        case Command.ME:
            return overview_text(await application.accounts.overview(actor), catalog)
        case Command.LINK if words:
            return catalog.text("link-joined", names=identities_text(await application.linking.redeem(actor, words)))
        case Command.LINK:
            return issued_text(await application.linking.issue(actor), catalog)
        case Command.HISTORY:
            return page_text(await application.history.page(actor, words=words, limit=_LISTED), words, catalog)
        case Command.QUEUE:
            waiting = await application.waiting(actor)
            return queue_text(waiting.total, waiting.own, catalog)
        case Command.CANCEL:
            await application.cancel(actor, words.strip().lower())
            return catalog.text("cancel-done")
        case Command.START | Command.HELP | Command.IMAGINE | Command.STYLE:
            raise ValueError(f"/{command.value} is not answered with words alone")
