"""What the server remembers: people, chats, messages and files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EPOCH_S = 1_780_000_000

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal as Telegram words it."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})


def bad_request(description: str) -> ApiError:
    """The refusal that bots meet most."""
    return ApiError(400, f"Bad Request: {description}")


@dataclass
class Chat:
    """A chat with its messages by id, and what the bot may not do in it.

    `restricted` names what groups forbid the bot to send: `messages`, `photos` or `documents`. `members` says who is
    what (`creator`, `administrator`, `member`); whoever is not in it is taken for a plain member.
    """

    facts: Json
    messages: dict[int, Json] = field(default_factory=dict)
    last_id: int = 0
    is_blocked: bool = False
    migrated_to: int | None = None
    gone_topics: set[int] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)
    restricted: set[str] = field(default_factory=set)
    members: dict[int, tuple[Json, str]] = field(default_factory=dict)
    is_bot_admin: bool = False
    prompt_id: int | None = None

    @property
    def id(self) -> int:
        """Negative for groups."""
        return int(self.facts["id"])

    @property
    def is_private(self) -> bool:
        """Whether it is somebody's chat with the bot alone."""
        return bool(self.facts["type"] == "private")


@dataclass
class Memory:
    """All chats and files of one server."""

    bot: Json
    now: Callable[[], float]
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    inline_messages: dict[str, Json] = field(default_factory=dict)

    def date(self) -> int:
        """The present as Telegram's Unix time."""
        return EPOCH_S + int(self.now())

    def chat(self, chat_id: object) -> Chat:
        """The chat, if the bot may write to it."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.is_blocked:
            gone = "bot was blocked by the user" if chat.is_private else "bot was kicked from the supergroup chat"
            raise ApiError(403, f"Forbidden: {gone}")
        if chat.migrated_to is not None:
            wanted = {"migrate_to_chat_id": chat.migrated_to}
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", wanted)
        return chat

    def message(self, chat: Chat, message_id: object, what: str) -> Json:
        """One message of a chat, or the refusal that names what it was wanted for."""
        message = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if message is None:
            raise bad_request(f"message to {what} not found")
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
