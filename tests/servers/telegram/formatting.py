"""Formatted words: HTML turned into plain text and entities, as strictly as Telegram does it."""

from __future__ import annotations

import re

from tests.servers.telegram.chats import Json, bad_request

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler", "a": "text_link",
}  # fmt: skip
_TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[A-Za-z-]+)(?P<rest>[^<>]*)>|&(?P<name>lt|gt|amp|quot|#\d+);|(?P<text>[^<])")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_HREF = re.compile(r'\s+href="([^"]*)"')


def plain_text(text: str, parse_mode: object = None) -> Json:
    """`{"text": ..., "entities": [...]}` without surrounding space; entities only where there are any."""
    if parse_mode is None:
        return {"text": text.strip()}
    if parse_mode != "HTML":
        raise bad_request(f"test server: reads HTML only, not {parse_mode!r}")
    plain, entities = _read_html(text.strip())
    return {"text": plain, "entities": entities} if entities else {"text": plain}


def utf16_units(text: str) -> int:
    """Telegram's measure of every length and offset."""
    return len(text.encode("utf-16-le")) // 2


def _read_html(text: str) -> tuple[str, list[Json]]:
    plain, place = "", 0
    entities: list[Json] = []
    opened: list[tuple[str, Json]] = []
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise bad_request(f"can't parse entities: unsupported start tag at byte offset {place}")
        place = token.end()
        if token["text"] is not None:
            plain += token["text"]
        elif token["name"] is not None:
            plain += _NAMED.get(token["name"]) or chr(int(token["name"][1:]))
        elif token["end"]:
            if not opened or opened[-1][0] != token["tag"].lower():
                raise bad_request(f"can't parse entities: unmatched end tag at byte offset {place}")
            _, entity = opened.pop()
            entity["length"] = utf16_units(plain) - entity["offset"]
            entities += [entity] if entity["length"] else []
        else:
            opened.append((token["tag"].lower(), _entity(token, utf16_units(plain))))
    if opened:
        raise bad_request(f"can't parse entities: can't find end tag corresponding to start tag {opened[-1][0]}")
    return plain, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(token: re.Match[str], offset: int) -> Json:
    kind = _KINDS.get(token["tag"].lower())
    if kind is None:
        raise bad_request(f'can\'t parse entities: unsupported start tag "{token["tag"]}"')
    entity: Json = {"type": kind, "offset": offset}
    if kind == "text_link":
        href = _HREF.fullmatch(token["rest"])
        if href is None:
            raise bad_request("can't parse entities: a link needs its address")
        entity["url"] = href[1]
    elif kind == "blockquote" and token["rest"].strip() == "expandable":
        entity["type"] = "expandable_blockquote"
    return entity
