"""What Telegram demands of words and buttons beyond what the specification tells."""

from __future__ import annotations

import re

from tests.servers.telegram.chats import Json, bad_request
from tests.servers.telegram.formatting import plain_text, utf16_units

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
_DATA_BYTES = 64
_COPY_CHARS = 256
_BUTTONS = 100
_BUTTONS_A_ROW = 8
_STYLES = frozenset({"danger", "success", "primary"})
_LOOKS = frozenset({"text", "icon_custom_emoji_id", "style"})
_ADDRESS = re.compile(r"(https?|tg)://\S+")


def check_text(text: object, parse_mode: object = None) -> Json:
    """A message's text and entities: trimmed, not empty, at most 4096 UTF-16 units after the entities are read."""
    content = plain_text(str(text), parse_mode)
    if not content["text"]:
        raise bad_request("message text is empty")
    if utf16_units(content["text"]) > TEXT_UNITS:
        raise bad_request("message is too long")
    return content


def check_caption(caption: object, parse_mode: object = None) -> Json:
    """A caption and its entities: at most 1024 UTF-16 units after the entities are read; nothing for an empty one."""
    content = plain_text(str(caption or ""), parse_mode)
    if utf16_units(content["text"]) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    if not content["text"]:
        return {}
    named = {"text": "caption", "entities": "caption_entities"}
    return {named[name]: value for name, value in content.items()}


def check_keyboard(markup: object) -> Json | None:
    """Inline buttons: one thing to do each, 1 to 64 bytes of data, at most 100, eight a row; None for no buttons."""
    if markup is None:
        return None
    assert isinstance(markup, dict), "checked against the specification"
    rows = markup.get("inline_keyboard", [])
    if sum(len(row) for row in rows) > _BUTTONS or any(len(row) > _BUTTONS_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for button in (button for row in rows for button in row):
        _check_button(button)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_button(button: Json) -> None:
    if len(button.keys() - _LOOKS) != 1 or not button["text"].strip():
        raise bad_request("BUTTON_TYPE_INVALID")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= _DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= _COPY_CHARS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not _ADDRESS.fullmatch(button["url"]):
        raise bad_request("BUTTON_URL_INVALID")
    if "style" in button and button["style"] not in _STYLES:
        raise bad_request("invalid button style specified")
