"""People who write to the bot and look at what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.servers.telegram.chats import Chat, Json
from tests.servers.telegram.server import BOT, BotApiServer

_numbers = count(1)


@dataclass
class Person:
    """Somebody in a chat; `chat` is the private one with the bot, or a group."""

    server: BotApiServer
    user: Json
    chat: Chat
    thread_id: int | None = None

    def write(self, text: str, reply_to: Json | None = None) -> Json:
        """Send a text."""
        content: Json = {"text": text}
        if text.startswith("/"):
            command = text.split(maxsplit=1)[0]
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return self._send(content, reply_to)

    def show(self, picture: bytes, caption: str = "", reply_to: Json | None = None, **more: Any) -> Json:
        """Send a photo."""
        return self._send({"photo": self.server.memory.photo(picture), **_caption(caption), **more}, reply_to)

    def attach(self, data: bytes, caption: str = "", name: str = "picture.png", mime: str = "image/png") -> Json:
        """Send a document."""
        return self._send({"document": self.server.memory.document(data, name, mime), **_caption(caption)})

    def album(self, *pictures: bytes, caption: str = "") -> list[Json]:
        """Prepare the messages of an album without sending them to the bot yet; the caption is the first one's."""
        group = f"{13_000_000_000 + next(_numbers)}"
        return [
            self._message({"photo": self.server.memory.photo(one), **_caption(caption if place == 0 else "")}, group)
            for place, one in enumerate(pictures)
        ]

    def send(self, *messages: Json) -> None:
        """Let prepared messages arrive, in this order."""
        for message in messages:
            self.server.push(message=message)

    def sticker(self) -> Json:
        """Send a sticker."""
        sticker = {
            "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False,
            **self.server.memory.store(b"sticker"),
        }  # fmt: skip
        return self._send({"sticker": sticker})

    def press(self, message: Json, label: str, query_id: str | None = None) -> str:
        """Press the button of `message` whose text contains `label`; returns the id of the query."""
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(button for row in rows for button in row if label in button["text"])
        return self.press_data(message, button["callback_data"], query_id)

    def press_data(self, message: Json, data: str, query_id: str | None = None) -> str:
        """Send what a button would send."""
        query_id = query_id or f"query{next(_numbers)}"
        self.server.methods.callbacks[query_id] = self.server.memory.now()
        content = {"id": query_id, "from": self.user, "chat_instance": "1", "data": data, "message": message}
        self.server.push(callback_query=content)
        return query_id

    def seen(self) -> list[Json]:
        """The bot's messages in the chat, oldest first."""
        return [message for message in self.chat.messages.values() if message["from"]["id"] == BOT["id"]]

    def last(self) -> Json:
        """The bot's newest message in the chat; an empty one before the first."""
        seen = self.seen()
        return seen[-1] if seen else {}

    def _send(self, content: Json, reply_to: Json | None = None) -> Json:
        message = self._message(content, None, reply_to)
        self.server.push(message=message)
        return message

    def _message(self, content: Json, group: str | None, reply_to: Json | None = None) -> Json:
        if group is not None:
            content["media_group_id"] = group
        if self.thread_id is not None:
            content |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if reply_to is not None:
            content["reply_to_message"] = {k: v for k, v in reply_to.items() if k != "reply_to_message"}
        return self.server.memory.add(self.chat, self.user, **content)


def private_person(server: BotApiServer, name: str, language: str = "en") -> Person:
    """Somebody new in a private chat with the bot."""
    number = 1000 + next(_numbers)
    user = {"id": number, "is_bot": False, "first_name": name, "language_code": language}
    chat = Chat({"id": number, "type": "private", "first_name": name})
    server.memory.chats[number] = chat
    return Person(server, user, chat)


def new_group(server: BotApiServer, title: str = "Painters", *, is_forum: bool = False) -> Chat:
    """A supergroup that the bot is in."""
    number = -1_001_000_000_000 - next(_numbers)
    chat = Chat({"id": number, "type": "supergroup", "title": title, **({"is_forum": True} if is_forum else {})})
    server.memory.chats[number] = chat
    return chat


def member(person: Person, group: Chat, thread_id: int | None = None) -> Person:
    """The same person in a group, or in a topic of it."""
    return Person(person.server, person.user, group, thread_id)


def texts(keyboard_of: Json) -> list[list[str]]:
    """The labels of a message's buttons, row by row."""
    rows = keyboard_of.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def _caption(caption: str) -> Json:
    return {"caption": caption} if caption else {}
