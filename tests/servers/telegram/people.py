"""People who write to the bot and look at what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from tests.servers.telegram.asking import join
from tests.servers.telegram.chats import EPOCH_S, Chat, Json
from tests.servers.telegram.server import BOT, BotApiServer

_numbers = count(1)
_ACCESSIBLE_S = 48 * 3600
_CONTENT = ("text", "entities", "photo", "document", "animation", "sticker", "caption", "caption_entities")

StickerKind = Literal["static", "animated", "video"]


@dataclass
class Person:
    """Somebody in a chat; `chat` is the private one with the bot, or a group."""

    server: BotApiServer
    user: Json
    chat: Chat
    thread_id: int | None = None

    def write(self, text: str, reply_to: Json | None = None, quote: str | None = None, **more: Any) -> Json:
        """Send a text; `quote` is the part of the answered message that is cited."""
        content: Json = {**_words("text", text), **more}
        if quote is not None:
            assert reply_to is not None, "a quote is from the message that is answered"
            words = str(reply_to.get("text", reply_to.get("caption", "")))
            content["quote"] = {"text": quote, "position": words.index(quote), "is_manual": True}
        return self._send(content, reply_to)

    def show(self, picture: bytes, caption: str = "", reply_to: Json | None = None, **more: Any) -> Json:
        """Send a photo."""
        return self._send({"photo": self.server.media.photo(picture), **_words("caption", caption), **more}, reply_to)

    def attach(
        self,
        data: bytes,
        caption: str = "",
        name: str = "picture.png",
        mime: str = "image/png",
        reply_to: Json | None = None,
    ) -> Json:
        """Send a document."""
        document = self.server.media.document(data, name, mime)
        return self._send({"document": document, **_words("caption", caption)}, reply_to)

    def attach_heic(self, caption: str = "") -> Json:
        """Send a picture as telephones take them, as a file."""
        return self.attach(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", caption, "IMG_0001.HEIC", "image/heic")

    def sticker(self, kind: StickerKind = "static", picture: bytes = b"sticker") -> Json:
        """Send a sticker; a static one is a picture (WEBP), an animated one vectors, a video one WEBM."""
        sticker = self.server.media.sticker(picture, is_animated=kind == "animated", is_video=kind == "video")
        return self._send({"sticker": sticker})

    def animation(self, caption: str = "") -> Json:
        """Send a GIF, which Telegram turns into a film; it carries a document too, for old bots."""
        animation = self.server.media.animation(b"film")
        document = {name: one for name, one in animation.items() if name not in {"width", "height", "duration"}}
        return self._send({"animation": animation, "document": document, **_words("caption", caption)})

    def forward(self, message: Json, *, is_hidden: bool = False) -> Json:
        """Forward a message into this chat; `is_hidden` when its author does not want to be linked to."""
        date = message["date"]
        author = message["from"]
        origin: Json = {"type": "user", "date": date, "sender_user": author}
        if is_hidden:
            origin = {"type": "hidden_user", "date": date, "sender_user_name": author["first_name"]}
        return self._send({"forward_origin": origin, **{k: message[k] for k in _CONTENT if k in message}})

    def edit(self, message: Json, words: str) -> Json:
        """Change the text or the caption of an own message."""
        field = "text" if "text" in message else "caption"
        for name in ("entities", "caption_entities"):
            message.pop(name, None)
        message.update(_words(field, words), edit_date=self.server.memory.date())
        self.server.push(edited_message=dict(message))
        return message

    def album(self, *pictures: bytes, caption: str = "", reply_to: Json | None = None) -> list[Json]:
        """Prepare the messages of an album without sending them to the bot yet; the caption is the first one's."""
        group = f"{13_000_000_000 + next(_numbers)}"
        contents = [{"photo": self.server.media.photo(one)} for one in pictures]
        contents[0] |= _words("caption", caption)
        return [self._message(content, group, reply_to) for content in contents]

    def document_album(self, *pictures: bytes, caption: str = "") -> list[Json]:
        """Prepare an album of files; people's programs put its caption below the last one."""
        group = f"{13_000_000_000 + next(_numbers)}"
        contents = [{"document": self.server.media.document(one, "picture.png")} for one in pictures]
        contents[-1] |= _words("caption", caption)
        return [self._message(content, group) for content in contents]

    def send(self, *messages: Json) -> None:
        """Let prepared messages arrive, in this order."""
        for message in messages:
            self.server.push(message=message)

    def prompted(self) -> Json | None:
        """The message that the bot wants an answer to (`ForceReply`), as the input field shows it."""
        return self.chat.messages.get(self.chat.prompt_id) if self.chat.prompt_id is not None else None

    def answer(self, text: str) -> Json:
        """Answer what the bot asked for."""
        prompt = self.prompted()
        assert prompt is not None, "the bot asked for nothing"
        self.chat.prompt_id = None
        return self.write(text, reply_to=prompt)

    def press(self, message: Json, label: str, query_id: str | None = None) -> str:
        """Press the button of `message` whose text contains `label`; returns the id of the query."""
        return self.press_data(message, _button(message, label)["callback_data"], query_id)

    def copied(self, message: Json, label: str) -> str:
        """What the button of `message` whose text contains `label` puts into the clipboard."""
        return str(_button(message, label)["copy_text"]["text"])

    def press_data(self, message: Json, data: str, query_id: str | None = None) -> str:
        """Send what a button would send; of a message that is old or deleted the bot sees only the number."""
        query_id = query_id or f"query{next(_numbers)}"
        self.server.methods.callbacks[query_id] = self.server.memory.now()
        now = EPOCH_S + self.server.memory.now()
        if message["message_id"] not in self.chat.messages or now - message["date"] > _ACCESSIBLE_S:
            message = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
        content = {"id": query_id, "from": self.user, "chat_instance": "1", "data": data, "message": message}
        self.server.push(callback_query=content)
        return query_id

    def ask_inline(self, query: str, offset: str = "") -> str:
        """Write `@bot query` somewhere; returns the id of the query."""
        query_id = f"inline{next(_numbers)}"
        self.server.methods.answering.queries[query_id] = self.server.memory.now()
        self.server.push(inline_query={"id": query_id, "from": self.user, "query": query, "offset": offset})
        return query_id

    def offered(self, query_id: str) -> Json | None:
        """What the bot answered an inline query with, once it did: `results`, `next_offset`, `button`."""
        return self.server.methods.answering.inline_answers.get(query_id)

    def choose(self, query_id: str, place: int = 0, query: str = "") -> Json:
        """Send one of the offered results into this chat."""
        answer = self.offered(query_id)
        assert answer is not None, "nothing was offered"
        result = answer["results"][place]
        content = self.server.methods.answering.content_of(result)
        message = self._message({**content, "via_bot": self.server.memory.bot}, None)
        chosen: Json = {"result_id": result["id"], "from": self.user, "query": query}
        if "reply_markup" in content:
            chosen["inline_message_id"] = f"inline-message-{next(_numbers)}"
            self.server.memory.inline_messages[chosen["inline_message_id"]] = message
        self.server.push(chosen_inline_result=chosen)
        return message

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
            if self.chat.facts["type"] == "supergroup" and self.thread_id is None:
                # Answers in plain supergroups carry the number of their thread, which is no topic.
                content["message_thread_id"] = reply_to.get("message_thread_id", reply_to["message_id"])
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


def member(person: Person, group: Chat, thread_id: int | None = None, status: str | None = None) -> Person:
    """The same person in a group, or in a topic of it; `status` may be `creator` or `administrator`."""
    known = group.members.get(person.user["id"])
    join(group, person.user, status or (known[1] if known else "member"))
    return Person(person.server, person.user, group, thread_id)


def migrate(server: BotApiServer, old: Chat) -> Chat:
    """Let a group become a supergroup with a new number; the bot is told in both."""
    new = new_group(server, old.facts["title"])
    new.members = old.members
    server.push(message=server.memory.add(old, _anybody(old), migrate_to_chat_id=new.id))
    server.push(message=server.memory.add(new, _anybody(old), migrate_from_chat_id=old.id))
    old.migrated_to = new.id
    return new


def texts(keyboard_of: Json) -> list[list[str]]:
    """The labels of a message's buttons, row by row."""
    rows = keyboard_of.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def _button(message: Json, label: str) -> Json:
    rows = message["reply_markup"]["inline_keyboard"]
    found: Json = next(button for row in rows for button in row if label in button["text"])
    return found


def _words(field: str, words: str) -> Json:
    """Text or caption, with the entity of a command it begins with."""
    if not words:
        return {}
    content: Json = {field: words}
    if words.startswith("/"):
        command = words.split(maxsplit=1)[0]
        entities = "entities" if field == "text" else "caption_entities"
        content[entities] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    return content


def _anybody(group: Chat) -> Json:
    assert group.members, "somebody made the group"
    return next(iter(group.members.values()))[0]
