"""Reading the request form as it streams in, never more of it than is allowed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.web.passes import PAGE_ACTOR, pass_of
from adapters.web.refusals import Refused, WebRefusal
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.requests import Draft
from bot.messages.catalogs import Catalog
from bot.services.parsing import parse_number, parse_whole_number

T = TypeVar("T")

_MAX_TEXT_BYTES: Final = 64 * 1024
_MAX_PARTS: Final = 24
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UNREAD: Final = b""
UNREADABLE: Final = (ValueError, EOFError, HttpProcessingError, web.RequestPayloadError)
"""What the multipart reader says of a malformed or cut off body, and of text that is not UTF-8."""
_PICTURES: Final = frozenset({"subject", "style"})
_SWITCH: Final = {
    "on": True,
    "1": True,
    "true": True,
    "yes": True,
    "off": False,
    "0": False,
    "false": False,
    "no": False,
}


@dataclass(slots=True)
class _Fields:
    texts: dict[str, str] = field(default_factory=dict)
    subject: bytes | None = None
    styles: list[bytes] = field(default_factory=list)


def event_key_of(request: web.Request) -> str:
    """The key that makes a repeated request one job; a request without one is never a repetition. Raises `Refused`."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        key = secrets.token_urlsafe(16)
    elif not _KEY.fullmatch(key):
        raise Refused(WebRefusal.BAD_REQUEST)
    actor = pass_of(request).actor
    # Programs act for different people, and one's key must not find another's job.
    return f"web:{key}" if actor == PAGE_ACTOR else f"web:{actor.key}:{key}"


async def read_draft(request: web.Request, limits: Limits, catalog: Catalog) -> Draft:
    """Read a multipart request form. Raises `Rejected` or `Refused`.

    At most `limits.max_file_bytes` of a picture are held; further style pictures than allowed are only counted.
    """
    if not request.content_type.startswith("multipart/"):
        raise Refused(WebRefusal.BAD_REQUEST)
    try:
        fields = await _read_fields(request, limits)
    except UNREADABLE as error:
        raise Refused(WebRefusal.BAD_REQUEST) from error
    return _draft(fields, catalog)


def read_numbers(query: Mapping[str, str], catalog: Catalog) -> Draft:
    """The draft that an address's query describes, as far as words and numbers go. Raises `Rejected`."""
    return _draft(_Fields(texts=dict(query)), catalog)


async def _read_fields(request: web.Request, limits: Limits) -> _Fields:
    fields = _Fields()
    parts = 0
    async for part in await request.multipart():
        parts += 1
        if parts > _MAX_PARTS or not isinstance(part, BodyPartReader):
            raise Refused(WebRefusal.BAD_REQUEST)
        match part.name:
            case "subject" if part.filename:
                fields.subject = await read_picture(part, limits)
            case "style" if part.filename:
                is_wanted = len(fields.styles) < limits.max_styles
                fields.styles.append(await read_picture(part, limits) if is_wanted else _UNREAD)
            case None:
                raise Refused(WebRefusal.BAD_REQUEST)
            case name if not part.filename:
                text = await read_text(part)
                if text and name in _PICTURES:  # nothing there is how browsers send an empty field
                    raise Rejected(Rejection.NOT_A_PICTURE)
                fields.texts[name] = text
    return fields


async def read_picture(part: BodyPartReader, limits: Limits) -> bytes:
    """The bytes of an uploaded picture, nothing checked but their number. Raises `Rejected`."""
    held = bytearray()
    while not part.at_eof():
        held += await part.read_chunk()
        if len(held) > limits.max_file_bytes:
            raise Rejected(Rejection.FILE_TOO_LARGE, limit_mb=limits.max_file_bytes // 2**20)
    return bytes(held)


async def read_text(part: BodyPartReader) -> str:
    """The words of a field. Raises `Refused` for more than 64 KiB, ValueError for what is not UTF-8."""
    held = bytearray()
    while not part.at_eof():
        held += await part.read_chunk()
        if len(held) > _MAX_TEXT_BYTES:
            raise Refused(WebRefusal.TOO_LARGE)
    return held.decode("utf-8")


def _draft(fields: _Fields, catalog: Catalog) -> Draft:
    given = {name: text.strip() for name, text in fields.texts.items() if text.strip()}
    plain = Draft()

    def number(name: str, label: str, parse: Callable[[str, str], T], default: T) -> T:
        return parse(catalog.text(label), given[name]) if name in given else default

    return Draft(
        # Forms send line ends as two characters, which would count twice against the limit.
        prompt=fields.texts.get("prompt", "").replace("\r\n", "\n"),
        subject=fields.subject,
        styles=tuple(fields.styles),
        aspect=given.get("aspect"),
        width=number("width", "web-label-width", parse_whole_number, None),
        height=number("height", "web-label-height", parse_whole_number, None),
        keep_size=_switch("keep_size", given) or False,
        steps=number("steps", "label-steps", parse_whole_number, plain.steps),
        guidance=number("guidance", "label-guidance", parse_number, plain.guidance),
        subject_size=number("subject_size", "label-subject-size", parse_whole_number, plain.subject_size),
        seed=number("seed", "label-seed", parse_whole_number, plain.seed),
        count=number("count", "label-count", parse_whole_number, plain.count),
        private=_switch("private", given),
        spoiler=_switch("spoiler", given),
        use_tray=_switch("use_tray", given) or False,
    )


def _switch(name: str, given: Mapping[str, str]) -> bool | None:
    """On or off; None where nothing is said. Raises `Rejected` for any other word."""
    if name not in given:
        return None
    if given[name].lower() not in _SWITCH:
        raise Rejected(Rejection.UNKNOWN_CHOICE, name=name, given=given[name][:40], choices="on, off")
    return _SWITCH[given[name].lower()]
