"""What a message asks for, before any of its pictures is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import Chat, Message, User
from telegram.constants import ChatType

from adapters.telegram.addresses import ChatAddress, address_of
from adapters.telegram.commands import Command, Said
from adapters.telegram.flags import Role, parse_flags
from adapters.telegram.pictures import SentPicture, answered_picture, picture_in
from bot.domain.actors import Actor, Platform, Server
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.requests import Draft


@dataclass(frozen=True, slots=True)
class Wish:
    """A draft whose pictures are still with Telegram and whose saved styles are but names, and where it came from."""

    actor: Actor
    event_key: str
    address: ChatAddress
    draft: Draft
    subject: SentPicture | None = None
    styles: tuple[SentPicture, ...] = ()
    style_cards: tuple[str, ...] = ()


def actor_of(user: User, chat: Chat, message: Message | None = None) -> Actor:
    """The person, and the group they write in; somebody who writes in the name of a chat is that chat."""
    locale = user.language_code or "en"
    is_private = chat.type == ChatType.PRIVATE
    server = None if is_private else Server(Platform.TELEGRAM, str(chat.id))
    if message is not None and message.sender_chat is not None:
        sender = message.sender_chat
        return Actor(Platform.TELEGRAM, str(sender.id), sender.effective_name or "", locale, server)
    return Actor(Platform.TELEGRAM, str(user.id), user.full_name, locale, server)


def event_key_of(message: Message) -> str:
    """Names the message, or the whole album it belongs to, the same however often it comes."""
    if message.media_group_id is not None:
        return f"{Platform.TELEGRAM.value}:{message.chat_id}/album/{message.media_group_id}"
    return f"{Platform.TELEGRAM.value}:{message.chat_id}/{message.message_id}"


def read_wish(messages: Sequence[Message], user: User, said: Said, limits: Limits) -> Wish:
    """Read a message, or the messages of an album in order, as a request.

    Pictures are subject, style, second style; after `/style` or `--as style` all are styles. Words or a command that
    answer a picture take that picture, and what is still missing comes from the tray. Raises `Rejected` or
    `FlagWithoutValue`.
    """
    first = messages[0]
    flagged = parse_flags(said.words)
    pictures = [picture for one in messages if (picture := picture_in(one)) is not None]
    if not pictures:
        answered = answered_picture(first)
        pictures = [answered] if answered is not None else []
    subject, styles = _share_out(pictures, _role(said, flagged.role))
    if len(styles) > limits.max_styles:
        raise Rejected(Rejection.TOO_MANY_STYLES, limit=limits.max_styles, given=len(styles))
    actor = actor_of(user, first.chat, first)
    draft = replace(flagged.draft, use_tray=True)
    return Wish(actor, event_key_of(first), address_of(first), draft, subject, styles, flagged.style_cards)


def _role(said: Said, flagged: Role | None) -> Role:
    if flagged is not None:
        return flagged
    return Role.STYLE if said.command is Command.STYLE else Role.SUBJECT


def _share_out(pictures: Sequence[SentPicture], role: Role) -> tuple[SentPicture | None, tuple[SentPicture, ...]]:
    if not pictures or role is Role.STYLE:
        return None, tuple(pictures)
    return pictures[0], tuple(pictures[1:])
