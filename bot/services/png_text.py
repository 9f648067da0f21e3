"""Text chunks of PNG files that may come from anybody: nothing is decoded, and little is unpacked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator
from typing import Final

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">I4sII")
_FRAME_BYTES: Final = 12  # length, kind and checksum around the data of a chunk
_MOST_CHUNKS: Final = 10_000
_MOST_UTF8_BYTES: Final = 4


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as a PNG's header has them; None if this is no PNG."""
    start = len(PNG_SIGNATURE)
    if not data.startswith(PNG_SIGNATURE) or len(data) < start + _HEADER.size:
        return None
    _, kind, width, height = _HEADER.unpack_from(data, start)
    return (width, height) if kind == b"IHDR" and width and height else None


def read_png_text(data: bytes, keywords: Collection[str], *, most_chars: int) -> dict[str, str]:
    """The first text of each keyword, at most `most_chars` of it; damaged chunks are passed over.

    However far a packed text would unpack, no more than that is unpacked.
    """
    found: dict[str, str] = {}
    for kind, chunk in _chunks(data):
        keyword_bytes = chunk[:80].partition(b"\0")[0]  # a keyword has at most 79 bytes
        keyword = keyword_bytes.decode("latin-1")
        if keyword not in keywords or keyword in found:
            continue
        text = _text_of(kind, chunk[len(keyword_bytes) + 1 :], most_chars)
        if text is not None:
            found[keyword] = text[:most_chars]
    return found


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        if at + _FRAME_BYTES > len(data):
            return
        length = int.from_bytes(data[at : at + 4], "big")
        kind, begin = data[at + 4 : at + 8], at + 8
        if begin + length + 4 > len(data):
            return
        if kind in {b"tEXt", b"zTXt", b"iTXt"}:
            yield kind, data[begin : begin + length]
        at = begin + length + 4


def _text_of(kind: bytes, rest: bytes, most_chars: int) -> str | None:
    """The text behind a keyword and its zero byte (PNG specification, 11.3.3); None if it is damaged."""
    most_bytes = most_chars * _MOST_UTF8_BYTES
    if kind == b"tEXt":
        return rest[:most_bytes].decode("latin-1")
    if kind == b"zTXt":
        unpacked = _unpacked(rest[1:], most_bytes)
        return None if unpacked is None else unpacked.decode("latin-1")
    is_packed, after = rest[:1] == b"\1", rest[2:]
    _language, _, after = after.partition(b"\0")
    _translated, _, text = after.partition(b"\0")
    plain = _unpacked(text, most_bytes) if is_packed else text[:most_bytes]
    return None if plain is None else plain.decode("utf-8", "replace")


def _unpacked(data: bytes, most_bytes: int) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, most_bytes)
    except zlib.error:
        return None
