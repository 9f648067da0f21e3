"""Where a job's card lives in Telegram, as it is stored with the job."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Message, ReplyParameters
from telegram.constants import ChatType

from bot.domain.actors import Platform, ReplyAddress


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """A chat, the topic in it, the message that asked, and the card once it is sent."""

    chat_id: int
    thread_id: int | None
    request_message_id: int | None
    is_group: bool
    card_message_id: int | None = None

    def with_card(self, message_id: int | None) -> ChatAddress:
        """The same place with its card."""
        return replace(self, card_message_id=message_id)

    @property
    def reply_parameters(self) -> ReplyParameters | None:
        """Makes a message an answer to the request, or a plain one where the request was deleted."""
        if self.request_message_id is None:
            return None
        return ReplyParameters(self.request_message_id, allow_sending_without_reply=True)

    def as_reply_to(self) -> ReplyAddress:
        """The address as a job stores it."""
        data = {
            "chat_id": self.chat_id,
            "thread_id": self.thread_id,
            "request_message_id": self.request_message_id,
            "is_group": int(self.is_group),
            "card_message_id": self.card_message_id,
        }
        return ReplyAddress(Platform.TELEGRAM, data)


def address_of(message: Message) -> ChatAddress:
    """Where answers to `message` go."""
    return ChatAddress(
        chat_id=message.chat_id,
        thread_id=message.message_thread_id if message.is_topic_message else None,
        request_message_id=message.message_id,
        is_group=message.chat.type != ChatType.PRIVATE,
    )


def read_reply_to(reply_to: ReplyAddress | None) -> ChatAddress | None:
    """The address that a job stored, or None if it belongs to another platform."""
    if reply_to is None or reply_to.platform is not Platform.TELEGRAM:
        return None
    data = reply_to.data
    chat_id = _whole(data.get("chat_id"))
    if chat_id is None:
        return None
    return ChatAddress(
        chat_id=chat_id,
        thread_id=_whole(data.get("thread_id")),
        request_message_id=_whole(data.get("request_message_id")),
        is_group=bool(data.get("is_group")),
        card_message_id=_whole(data.get("card_message_id")),
    )


def _whole(value: str | int | None) -> int | None:
    return None if value is None else int(value)
