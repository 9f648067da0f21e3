"""Methods that answer a press of a button or an inline query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.servers.telegram.chats import Json, Memory, bad_request
from tests.servers.telegram.media import Media, Upload
from tests.servers.telegram.rules import check_caption, check_keyboard, check_text

CALLBACK_LIFE_S = 60.0
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ANSWER_CHARS = 200
_RESULTS = 50
_ID_BYTES = 64
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CACHED: Mapping[str, str] = {"photo": "photo_file_id", "document": "document_file_id"}


class Answering:
    """Keeps which presses and queries are open, and what they were answered with."""

    def __init__(self, memory: Memory, media: Media) -> None:
        self._memory = memory
        self._media = media
        self.callbacks: dict[str, float] = {}
        self.answered: list[Json] = []
        self.queries: dict[str, float] = {}
        self.inline_answers: dict[str, Json] = {}

    def callback(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """answerCallbackQuery: once, and within a minute"""
        self._close(self.callbacks, values["callback_query_id"])
        if len(values.get("text", "")) > _ANSWER_CHARS:
            raise bad_request("MESSAGE_TOO_LONG")
        self.answered.append(values)
        return True

    def inline(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """answerInlineQuery: at most 50 results with ids of their own; files by id only"""
        results = values["results"]
        ids = [result["id"] for result in results]
        if len(ids) > _RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        if len(set(ids)) < len(ids):
            raise bad_request("RESULT_ID_DUPLICATE")
        if not all(1 <= len(one.encode()) <= _ID_BYTES for one in ids):
            raise bad_request("RESULT_ID_INVALID")
        if len(values.get("next_offset", "").encode()) > _ID_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        button = values.get("button")
        if button is not None and not _START.fullmatch(button.get("start_parameter", "")):
            raise bad_request("START_PARAM_INVALID")
        for result in results:
            self.content_of(result)
        self._close(self.queries, values["inline_query_id"])
        self.inline_answers[values["inline_query_id"]] = values
        return True

    def content_of(self, result: Json) -> Json:
        """What a message carries when somebody sends this result."""
        content: Json = {}
        field = _CACHED.get(result["type"])
        written = result.get("input_message_content")
        if field is not None and field not in result:
            raise bad_request("test server: fetches nothing from elsewhere")
        if field is not None:
            content[result["type"]] = self._media.by_id(result["type"], result[field])
        elif written is None:
            raise bad_request("MESSAGE_EMPTY")
        if written is not None:
            content = check_text(written["message_text"], written.get("parse_mode"))
        else:
            content |= check_caption(result.get("caption"), result.get("parse_mode"))
        if (keyboard := check_keyboard(result.get("reply_markup"))) is not None:
            content["reply_markup"] = keyboard
        return content

    def _close(self, opened: dict[str, float], query_id: Any) -> None:
        asked_at = opened.pop(query_id, None)
        if asked_at is None or self._memory.now() - asked_at > CALLBACK_LIFE_S:
            raise bad_request(_TOO_OLD)
