"""Edited messages: while a request waits, or where it was refused, other words take the place of the first ones.

An edit never makes a second picture beside the first. What is being drawn, or done, stays as it is; the person is told
that an answer to it, with other words, makes another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from telegram import Message, User

from adapters.telegram.addresses import address_of
from adapters.telegram.commands import Said
from adapters.telegram.desk import Desk
from adapters.telegram.flags import parse_flags
from adapters.telegram.handlers.remixes import Remixes, Target
from adapters.telegram.wishes import Wish, read_wish
from bot.application import Application
from bot.domain.jobs import Job
from bot.domain.requests import Draft, Stored
from bot.messages.catalogs import Catalog


class Corrections:
    """Takes the edited words of a message that asks for a picture."""

    def __init__(self, application: Application, desk: Desk, remixes: Remixes) -> None:
        self._application = application
        self._desk = desk
        self._remixes = remixes

    async def take(self, message: Message, user: User, said: Said, target: Target | None, catalog: Catalog) -> None:
        """Correct the request of a message, which may be a remix of `target`. Raises `Rejected`, `FlagWithoutValue`."""
        flagged = parse_flags(said.words)
        wish = read_wish((message,), user, said, self._application.limits)
        way = await self._application.corrections.make_way(wish.actor, wish.event_key, wish.draft)
        if way is None:
            return
        if target is not None:
            await self._remixes.take(target, flagged, message, user, event_key=way.event_key)
        elif message.media_group_id is not None and way.replaced is None:
            # Telegram shows us one picture of an album that was edited, not the others.
            await self._desk.say(address_of(message), catalog.text("telegram-album-again"))
        else:
            corrected = replace(wish, event_key=way.event_key)
            if message.media_group_id is not None:
                corrected = replace(corrected, subject=None, styles=())
            await self._desk.take_wish(corrected, _as_before(corrected, way.replaced))


def _as_before(wish: Wish, replaced: Job | None) -> Callable[[Draft], Draft]:
    """Fills in the pictures of the replaced request: they came from an album or the tray and do not come again."""

    def complete(draft: Draft) -> Draft:
        if replaced is None:
            return draft
        request = replaced.request
        subject = draft.subject
        if subject is None and not wish.styles and request.subject is not None:
            subject = Stored(request.subject)
        styles = draft.styles or tuple(Stored(style) for style in request.styles)
        return replace(draft, subject=subject, styles=styles, use_tray=False)

    return complete
