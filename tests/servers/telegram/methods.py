"""The methods that bots of our kind call, with the rules Telegram has for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.chats import (
    DELETABLE_S,
    DOWNLOAD_BYTES,
    EPOCH_S,
    ApiError,
    Chat,
    Json,
    Memory,
    check_caption,
    check_keyboard,
    check_text,
)

CALLBACK_LIFE_S = 60.0
WRITING = frozenset(
    {
        "sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup",
        "editMessageText", "editMessageMedia", "deleteMessage",
    }
)  # fmt: skip


class Methods:
    """Carries out checked calls on the memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.callbacks: dict[str, float] = {}
        self.answered: list[Json] = []
        self.commands: dict[str, list[Json]] = {}
        self._table: dict[str, Callable[[Json, dict[str, bytes]], Any]] = {
            "getMe": self._get_me,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_my_commands,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendMediaGroup": self._send_media_group,
            "editMessageText": self._edit_message_text,
            "editMessageMedia": self._edit_message_media,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
        }

    def offers(self, method: str) -> bool:
        """Whether the server can do it."""
        return method in self._table

    def call(self, method: str, values: Json, uploads: dict[str, bytes]) -> Any:
        """Do it; raises `ApiError`."""
        return self._table[method](values, uploads)

    def _get_me(self, values: Json, uploads: dict[str, bytes]) -> Json:
        return self._memory.bot

    def _delete_webhook(self, values: Json, uploads: dict[str, bytes]) -> bool:
        if values.get("drop_pending_updates"):
            raise ApiError(400, "test server: pending updates must not be dropped")
        return True

    def _set_my_commands(self, values: Json, uploads: dict[str, bytes]) -> bool:
        for command in values["commands"]:
            if not (command["command"].islower() and 1 <= len(command["description"]) <= 256):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[values.get("language_code", "")] = values["commands"]
        return True

    def _send_message(self, values: Json, uploads: dict[str, bytes]) -> Json:
        chat = self._memory.chat(values["chat_id"])
        return self._send(chat, values, text=check_text(values["text"]))

    def _send_photo(self, values: Json, uploads: dict[str, bytes]) -> Json:
        chat = self._memory.chat(values["chat_id"])
        return self._send(chat, values, photo=self._memory.photo(_upload(values["photo"], uploads)))

    def _send_document(self, values: Json, uploads: dict[str, bytes]) -> Json:
        chat = self._memory.chat(values["chat_id"])
        data = _upload(values["document"], uploads)
        return self._send(chat, values, document=self._memory.document(data, "document.png"))

    def _send_media_group(self, values: Json, uploads: dict[str, bytes]) -> list[Json]:
        chat = self._memory.chat(values["chat_id"])
        media = values["media"]
        if not 2 <= len(media) <= 10:
            raise ApiError(400, "Bad Request: album must have 2 to 10 items")
        kinds = {item["type"] for item in media}
        if len(kinds) > 1 and kinds & {"document", "audio"}:
            raise ApiError(400, "Bad Request: media group can not mix documents with other media")
        group_id = str(7_000_000 + chat.last_id)
        contents = [self._media(item, uploads) for item in media]
        return [self._send(chat, values, media_group_id=group_id, **content) for content in contents]

    def _send(self, chat: Chat, values: Json, **content: Any) -> Json:
        if values.get("caption"):
            content["caption"] = check_caption(values["caption"])
        if (keyboard := check_keyboard(values.get("reply_markup"))) is not None:
            content["reply_markup"] = keyboard
        if (thread_id := values.get("message_thread_id")) is not None:
            if not chat.facts.get("is_forum"):
                raise ApiError(400, "Bad Request: message thread not found")
            content |= {"message_thread_id": thread_id, "is_topic_message": True}
        reply = values.get("reply_parameters")
        if reply is not None:
            answered = chat.messages.get(reply["message_id"])
            if answered is None and not reply.get("allow_sending_without_reply"):
                raise ApiError(400, "Bad Request: message to be replied not found")
            if answered is not None:
                content["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        return self._memory.add(chat, self._memory.bot, **content)

    def _edit_message_text(self, values: Json, uploads: dict[str, bytes]) -> Json:
        message = self._editable(values)
        if "text" not in message:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        return self._edit(message, values, {"text": check_text(values["text"])})

    def _edit_message_media(self, values: Json, uploads: dict[str, bytes]) -> Json:
        return self._edit(self._editable(values), values, self._media(values["media"], uploads))

    def _editable(self, values: Json) -> Json:
        chat = self._memory.chat(values.get("chat_id"))
        message = self._memory.message(chat, values.get("message_id"), "edit")
        if message["from"]["id"] != self._memory.bot["id"]:
            raise ApiError(400, "Bad Request: message can't be edited")
        return message

    def _edit(self, message: Json, values: Json, content: Json) -> Json:
        if (keyboard := check_keyboard(values.get("reply_markup"))) is not None:
            content["reply_markup"] = keyboard
        parts = ("text", "photo", "document", "caption", "reply_markup")
        before = {name: message[name] for name in parts if name in message}
        if before == content:
            same = "specified new message content and reply markup are exactly the same as a current content"
            raise ApiError(400, f"Bad Request: message is not modified: {same} and reply markup of the message")
        for name in parts:
            message.pop(name, None)
        message.update(content, edit_date=self._memory.date())
        return message

    def _media(self, item: Json, uploads: dict[str, bytes]) -> Json:
        data = _upload(item["media"], uploads)
        content: Json = {}
        if item["type"] == "photo":
            content["photo"] = self._memory.photo(data)
        elif item["type"] == "document":
            content["document"] = self._memory.document(data, "document.png")
        else:
            raise ApiError(400, "test server: only photos and documents")
        if item.get("caption"):
            content["caption"] = check_caption(item["caption"])
        return content

    def _delete_message(self, values: Json, uploads: dict[str, bytes]) -> bool:
        chat = self._memory.chat(values["chat_id"])
        message = self._memory.message(chat, values["message_id"], "delete")
        if EPOCH_S + self._memory.now() - message["date"] > DELETABLE_S:
            raise ApiError(400, "Bad Request: message can't be deleted for everyone")
        del chat.messages[message["message_id"]]
        return True

    def _answer_callback_query(self, values: Json, uploads: dict[str, bytes]) -> bool:
        pressed_at = self.callbacks.pop(values["callback_query_id"], None)
        if pressed_at is None or self._memory.now() - pressed_at > CALLBACK_LIFE_S:
            raise ApiError(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )  # fmt: skip
        if len(values.get("text", "")) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answered.append(values)
        return True

    def _get_file(self, values: Json, uploads: dict[str, bytes]) -> Json:
        data = self._memory.files.get(values["file_id"])
        if data is None:
            raise ApiError(400, "Bad Request: invalid file_id")
        if len(data) > DOWNLOAD_BYTES:
            raise ApiError(400, "Bad Request: file is too big")
        file_id = values["file_id"]
        return {
            "file_id": file_id,
            "file_unique_id": file_id.rpartition("-")[2],
            "file_size": len(data),
            "file_path": f"photos/{file_id}",
        }


def _upload(reference: str, uploads: dict[str, bytes]) -> bytes:
    name = reference.removeprefix("attach://")
    if name == reference or name not in uploads:
        raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
    return uploads[name]
