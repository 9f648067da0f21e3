"""Methods that put messages of the bot's into chats."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.telegram.chats import Chat, Json, Memory, bad_request
from tests.servers.telegram.media import Media, Upload
from tests.servers.telegram.rules import check_caption, check_keyboard, check_text

ALBUM_MIN, ALBUM_MAX = 2, 10
_PLACEHOLDER_CHARS = 64
_ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
_RIGHTS = {"text": "messages", "photo": "photos", "document": "documents"}


class Sending:
    """Sends texts, photos, documents, albums and “is uploading”."""

    def __init__(self, memory: Memory, media: Media) -> None:
        self._memory = memory
        self._media = media
        self.actions: list[tuple[int, str]] = []

    def message(self, values: Json, _uploads: Mapping[str, Upload]) -> Json:
        """sendMessage"""
        content = check_text(values["text"], values.get("parse_mode"))
        return self._send(self._memory.chat(values["chat_id"]), values, content)

    def photo(self, values: Json, uploads: Mapping[str, Upload]) -> Json:
        """sendPhoto"""
        chat = self._memory.chat(values["chat_id"])
        content = {"photo": self._media.of_call("photo", values["photo"], uploads), **_around(values)}
        return self._send(chat, values, content)

    def document(self, values: Json, uploads: Mapping[str, Upload]) -> Json:
        """sendDocument"""
        chat = self._memory.chat(values["chat_id"])
        content = {"document": self._media.of_call("document", values["document"], uploads), **_around(values)}
        return self._send(chat, values, content)

    def album(self, values: Json, uploads: Mapping[str, Upload]) -> list[Json]:
        """sendMediaGroup: 2 to 10 photos, or as many documents; no buttons, which the specification sees to"""
        chat = self._memory.chat(values["chat_id"])
        media = values["media"]
        if not ALBUM_MIN <= len(media) <= ALBUM_MAX:
            raise bad_request("number of media in an album must be 2 to 10")
        kinds = {item["type"] for item in media}
        if kinds & {"document", "audio"} and len(kinds) > 1:
            raise bad_request("documents and audio files can't be mixed with other media types")
        if "animation" in kinds:
            raise bad_request("animations can't be sent in albums")
        # All are looked at before the first is sent: an album goes out whole or not at all.
        contents = [self.content_of(item, uploads) for item in media]
        group = {"media_group_id": str(7_000_000 + chat.last_id)}
        return [self._send(chat, values, group | content) for content in contents]

    def chat_action(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """sendChatAction"""
        chat = self._memory.chat(values["chat_id"])
        if values["action"] not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        _check_topic(chat, values.get("message_thread_id"))
        self.actions.append((chat.id, values["action"]))
        return True

    def content_of(self, item: Json, uploads: Mapping[str, Upload]) -> Json:
        """What a message carries for an `InputMedia`."""
        kind = item["type"]
        if kind not in {"photo", "document"}:
            raise bad_request("test server: knows photos and documents only")
        return {kind: self._media.of_call(kind, item["media"], uploads), **_around(item)}

    def _send(self, chat: Chat, values: Json, content: Json) -> Json:
        content = dict(content)
        kind = next(kind for kind in _RIGHTS if kind in content)
        if _RIGHTS[kind] in chat.restricted:
            raise bad_request(f"not enough rights to send {_RIGHTS[kind]} to the chat")
        content |= _check_topic(chat, values.get("message_thread_id"))
        content |= _answered(chat, values.get("reply_parameters"))
        if values.get("protect_content"):
            content["has_protected_content"] = True
        markup = values.get("reply_markup")
        if markup is not None and "inline_keyboard" in markup:
            if (keyboard := check_keyboard(markup)) is not None:
                content["reply_markup"] = keyboard
        elif markup is not None:
            _check_other_markup(markup)
        message = self._memory.add(chat, self._memory.bot, **content)
        if markup is not None and "force_reply" in markup:
            chat.prompt_id = message["message_id"]
        return message


def _around(values: Json) -> Json:
    """Caption and spoiler of a file."""
    content = check_caption(values.get("caption"), values.get("parse_mode"))
    return content | ({"has_media_spoiler": True} if values.get("has_spoiler") else {})


def _check_topic(chat: Chat, thread_id: int | None) -> Json:
    if thread_id is None:
        return {}
    if not chat.facts.get("is_forum") or thread_id in chat.gone_topics:
        raise bad_request("message thread not found")
    if thread_id in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _answered(chat: Chat, reply: Json | None) -> Json:
    if reply is None:
        return {}
    if reply.get("chat_id", chat.id) != chat.id:
        raise bad_request("test server: answers stay in their chat")
    answered = chat.messages.get(reply["message_id"])
    if answered is None:
        if not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        return {}
    content: Json = {"reply_to_message": {k: v for k, v in answered.items() if k != "reply_to_message"}}
    if quote := reply.get("quote"):
        words = str(answered.get("text", answered.get("caption", "")))
        if quote not in words:
            raise bad_request("QUOTE_TEXT_INVALID")
        content["quote"] = {"text": quote, "position": words.index(quote), "is_manual": True}
    return content


def _check_other_markup(markup: Json) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= _PLACEHOLDER_CHARS:
        raise bad_request("input field placeholder is too long")
    if markup.get("force_reply") is False:
        raise bad_request("force_reply must be True")
