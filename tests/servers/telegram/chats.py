"""What the server remembers: people, chats, messages and files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

EPOCH_S = 1_780_000_000
DELETABLE_S = 48 * 3600
PHOTO_BYTES = 10 * 2**20
UPLOAD_BYTES = 50 * 2**20
DOWNLOAD_BYTES = 20 * 2**20

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal as Telegram words it."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})


@dataclass
class Chat:
    """A chat with its messages by id."""

    facts: Json
    messages: dict[int, Json] = field(default_factory=dict)
    last_id: int = 0
    is_blocked: bool = False
    migrated_to: int | None = None

    @property
    def id(self) -> int:
        """Negative for groups."""
        return int(self.facts["id"])


@dataclass
class Memory:
    """All chats and files of one server."""

    bot: Json
    now: Callable[[], float]
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def date(self) -> int:
        """The present as Telegram's Unix time."""
        return EPOCH_S + int(self.now())

    def chat(self, chat_id: object) -> Chat:
        """The chat, if the bot may write to it."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.is_blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat.migrated_to is not None:
            wanted = {"migrate_to_chat_id": chat.migrated_to}
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", wanted)
        return chat

    def message(self, chat: Chat, message_id: object, what: str) -> Json:
        """One message of a chat, or the refusal that names what it was wanted for."""
        message = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if message is None:
            raise ApiError(400, f"Bad Request: message to {what} not found")
        return message

    def add(self, chat: Chat, sender: Json, **content: Any) -> Json:
        """Put a message into a chat."""
        chat.last_id += 1
        message = {"message_id": chat.last_id, "date": self.date(), "chat": chat.facts, "from": sender, **content}
        chat.messages[chat.last_id] = message
        return message

    def store(self, data: bytes) -> Json:
        """Keep a file; returns its `File` fields."""
        digest = hashlib.sha256(data).hexdigest()
        file_id = f"file-{len(self.files)}-{digest[:16]}"
        self.files[file_id] = data
        return {"file_id": file_id, "file_unique_id": digest[:16], "file_size": len(data)}

    def photo(self, data: bytes) -> list[Json]:
        """A photo in two sizes, if Telegram would take it as one."""
        if len(data) > PHOTO_BYTES:
            raise ApiError(400, "Bad Request: file of size too big for a photo; the maximum size is 10 MB")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
        except OSError as error:
            raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED") from error
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise ApiError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        small = {"file_id": "small", "file_unique_id": "small", "width": max(1, width // 4), "height": height // 4}
        return [small, {**self.store(data), "width": width, "height": height}]

    def document(self, data: bytes, name: str, mime_type: str = "image/png") -> Json:
        """A document as the bot or a person sent it."""
        if len(data) > UPLOAD_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        return {**self.store(data), "file_name": name, "mime_type": mime_type}


def check_text(text: object) -> str:
    """A message's text: trimmed, not empty, at most 4096 UTF-16 units."""
    trimmed = str(text).strip()
    if not trimmed:
        raise ApiError(400, "Bad Request: message text is empty")
    if _utf16_units(trimmed) > 4096:
        raise ApiError(400, "Bad Request: message is too long")
    return trimmed


def check_caption(caption: object) -> str:
    """A caption: at most 1024 UTF-16 units."""
    if _utf16_units(str(caption)) > 1024:
        raise ApiError(400, "Bad Request: message caption is too long")
    return str(caption).strip()


def check_keyboard(markup: object) -> Json | None:
    """Inline buttons: 1 to 64 bytes of data, one thing to do each, at most 100, eight a row."""
    if markup is None:
        return None
    assert isinstance(markup, dict), "checked against the specification"
    rows = markup.get("inline_keyboard", [])
    if sum(len(row) for row in rows) > 100 or any(len(row) > 8 for row in rows):
        raise ApiError(400, "Bad Request: reply markup is too long")
    for button in (button for row in rows for button in row):
        actions = button.keys() - {"text", "icon_custom_emoji_id", "style"}
        if len(actions) != 1 or not button["text"].strip():
            raise ApiError(400, "Bad Request: BUTTON_TYPE_INVALID")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
