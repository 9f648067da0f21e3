"""Methods that change or take back messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.servers.telegram.chats import EPOCH_S, Chat, Json, Memory, bad_request
from tests.servers.telegram.media import Upload
from tests.servers.telegram.rules import check_caption, check_keyboard, check_text
from tests.servers.telegram.sending import Sending

DELETABLE_S = 48 * 3600
_DELETED_AT_ONCE = 100
_PARTS = ("text", "entities", "photo", "document", "caption", "caption_entities", "has_media_spoiler", "reply_markup")
_MEDIA = ("photo", "document", "animation")
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


class Editing:
    """Edits and deletes."""

    def __init__(self, memory: Memory, sending: Sending) -> None:
        self._memory = memory
        self._sending = sending

    def text(self, values: Json, _uploads: Mapping[str, Upload]) -> Any:
        """editMessageText"""
        message = self._editable(values)
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        return self._edit(message, values, check_text(values["text"], values.get("parse_mode")))

    def caption(self, values: Json, _uploads: Mapping[str, Upload]) -> Any:
        """editMessageCaption"""
        message = self._editable(values)
        if not any(kind in message for kind in _MEDIA):
            raise bad_request("there is no caption in the message to edit")
        kept = {name: message[name] for name in (*_MEDIA, "has_media_spoiler") if name in message}
        return self._edit(message, values, kept | check_caption(values.get("caption"), values.get("parse_mode")))

    def media(self, values: Json, uploads: Mapping[str, Upload]) -> Any:
        """editMessageMedia"""
        message = self._editable(values)
        content = self._sending.content_of(values["media"], uploads)
        if "media_group_id" in message and not any(kind in message and kind in content for kind in _MEDIA):
            raise bad_request("album items can be replaced by their own kind only")
        if "inline_message_id" in values and uploads:
            raise bad_request("files can't be uploaded to inline messages")
        return self._edit(message, values, content)

    def reply_markup(self, values: Json, _uploads: Mapping[str, Upload]) -> Any:
        """editMessageReplyMarkup"""
        message = self._editable(values)
        kept = {name: message[name] for name in _PARTS if name in message and name != "reply_markup"}
        return self._edit(message, values, kept)

    def delete(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """deleteMessage"""
        chat = self._memory.chat(values["chat_id"])
        self._delete(chat, self._memory.message(chat, values["message_id"], "delete"))
        return True

    def delete_several(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """deleteMessages: those that are not there are skipped"""
        chat = self._memory.chat(values["chat_id"])
        if not 1 <= len(values["message_ids"]) <= _DELETED_AT_ONCE:
            raise bad_request("too many or no messages to delete")
        found = [chat.messages[one] for one in values["message_ids"] if one in chat.messages]
        for message in found:
            self._delete(chat, message)
        return True

    def _delete(self, chat: Chat, message: Json) -> None:
        is_ours = message["from"]["id"] == self._memory.bot["id"]
        if EPOCH_S + self._memory.now() - message["date"] > DELETABLE_S and not chat.is_bot_admin:
            raise bad_request("message can't be deleted for everyone")
        if not is_ours and not chat.is_private and not chat.is_bot_admin:
            raise bad_request("message can't be deleted")
        del chat.messages[message["message_id"]]

    def _editable(self, values: Json) -> Json:
        if (inline_id := values.get("inline_message_id")) is not None:
            message = self._memory.inline_messages.get(inline_id)
            if message is None:
                raise bad_request("MESSAGE_ID_INVALID")
            return message
        chat = self._memory.chat(values.get("chat_id"))
        message = self._memory.message(chat, values.get("message_id"), "edit")
        if message["from"]["id"] != self._memory.bot["id"] or "forward_origin" in message:
            raise bad_request("message can't be edited")
        return message

    def _edit(self, message: Json, values: Json, content: Json) -> Any:
        if (keyboard := check_keyboard(values.get("reply_markup"))) is not None:
            if "media_group_id" in message:
                raise bad_request("albums can't have buttons")
            content = content | {"reply_markup": keyboard}
        if {name: message[name] for name in _PARTS if name in message} == content:
            raise bad_request(_SAME)
        for name in _PARTS:
            message.pop(name, None)
        message.update(content, edit_date=self._memory.date())
        return True if "inline_message_id" in values else message
