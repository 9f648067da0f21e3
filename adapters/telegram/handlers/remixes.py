"""Remixes: words that answer a result change it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from telegram import ForceReply, Message, User

from adapters.telegram.addresses import ChatAddress, address_of
from adapters.telegram.desk import Asked, Desk
from adapters.telegram.flags import Flagged
from adapters.telegram.results import result_in
from adapters.telegram.wishes import actor_of, event_key_of
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.jobs import JobId
from bot.domain.requests import Stored
from bot.messages.catalogs import Catalog
from bot.services.follow_up import RemixChanges
from bot.services.submit import Origin, Submitted

# The last line of a form, and of the facts about a picture.
_RECIPE_LINE: Final = re.compile(r"(?P<job>[0-9a-z]{12})-(?P<number>[1-9])")
_PLACEHOLDER_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class Target:
    """The picture that words are about."""

    job_id: JobId
    index: int


def target_of(message: Message, bot_id: int) -> Target | None:
    """Which result a message answers, of any age: it stands in the buttons of the answered message, or in its text."""
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or answered.from_user.id != bot_id:
        return None
    if (below := result_in(answered)) is not None:
        return Target(below.job_id, below.index)
    last_line = (answered.text or "").rstrip().rpartition("\n")[2]
    found = _RECIPE_LINE.fullmatch(last_line)
    return Target(found["job"], int(found["number"]) - 1) if found is not None else None


def is_album_without_buttons(message: Message, bot_id: int) -> bool:
    """Whether a message answers one of several pictures of ours; their buttons are in the message after them."""
    answered = message.reply_to_message
    is_ours = answered is not None and answered.from_user is not None and answered.from_user.id == bot_id
    return is_ours and answered is not None and answered.media_group_id is not None


class Remixes:
    """Asks for the words of a remix, and makes it of an answer."""

    def __init__(self, application: Application, desk: Desk) -> None:
        self._application = application
        self._desk = desk

    async def ask(self, target: Target, user: User, actor: Actor, address: ChatAddress, catalog: Catalog) -> None:
        """Ask what to change, with the present words to start from. Raises `Rejected`."""
        job = await self._application.history.job(actor, target.job_id)
        prompt = job.request.prompt
        text = catalog.text("telegram-remix-ask", prompt=prompt) if prompt else catalog.text("telegram-remix-ask-empty")
        recipe = f"{target.job_id}-{target.index + 1}"
        placeholder = catalog.text("telegram-remix-placeholder")[:_PLACEHOLDER_CHARS]
        form: ForceReply | None = ForceReply(input_field_placeholder=placeholder)
        if address.is_group:
            # In a group the form opens for who is mentioned; the others are not to have it opened.
            form = ForceReply(selective=True, input_field_placeholder=placeholder) if user.username else None
            text = f"@{user.username} {text}" if user.username else text
        await self._desk.say(address, f"{text}\n\n{recipe}", form)

    async def take(
        self, target: Target, flagged: Flagged, message: Message, user: User, *, event_key: str = ""
    ) -> None:
        """Make the result that a message answers again, with its words and flags."""
        actor = actor_of(user, message.chat, message)
        address = address_of(message)
        key = event_key or event_key_of(message)
        is_private = address.is_group and flagged.changes.private is True

        async def enter(origin: Origin) -> Submitted:
            changes = await self._with_styles(actor, flagged)
            return await self._application.remix(origin, target.job_id, changes, picture_index=target.index)

        await self._desk.take(Asked(actor, key, address, is_private), enter)

    async def _with_styles(self, actor: Actor, flagged: Flagged) -> RemixChanges:
        styles: list[Stored] = []
        for name in flagged.style_cards:
            styles += await self._application.styles.use(actor, name)
        return replace(flagged.changes, styles=tuple(styles)) if styles else flagged.changes
