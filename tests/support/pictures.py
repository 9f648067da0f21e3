"""Small pictures made on the spot, good ones and bad ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def png(width: int = 96, height: int = 64, colour: tuple[int, int, int] = (200, 40, 40)) -> bytes:
    """A picture of one colour with a mark, so that it is not symmetric."""
    picture = Image.new("RGB", (width, height), colour)
    picture.paste((20, 20, 90), (0, 0, max(1, width // 4), max(1, height // 3)))
    encoded = io.BytesIO()
    picture.save(encoded, "PNG")
    return encoded.getvalue()


def png_header_only(width: int, height: int) -> bytes:
    """A valid PNG header that promises a picture of any size, with hardly any data behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


BAD_PICTURES = {
    "not a picture": (b"this is text, whatever its name says", "not-a-picture"),
    "empty": (b"", "not-a-picture"),
    "truncated": (png(300, 300)[:-400], "picture-broken"),
    "60000 x 60000": (png_header_only(60_000, 60_000), "too-many-pixels"),
    "8000 x 8000": (png_header_only(8000, 8000), "too-many-pixels"),
}
