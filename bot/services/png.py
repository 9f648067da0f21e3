"""PNG files that carry their recipe."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image, PngImagePlugin

from bot.domain.recipes import RECIPE_CHUNK, Recipe, parse_recipe


def encode_png(width: int, height: int, rgb: bytes, chunks: Mapping[str, str]) -> bytes:
    """Encode 8-bit RGB rows (`width * height * 3` bytes) with text chunks by keyword.

    Text outside Latin-1 goes into iTXt chunks, which every reader of PNG text knows as well.
    Takes up to a second for a large picture: call it in a thread.
    """
    text = PngImagePlugin.PngInfo()
    for keyword, value in chunks.items():
        text.add_text(keyword, value)
    encoded = io.BytesIO()
    Image.frombytes("RGB", (width, height), rgb).save(encoded, "PNG", pnginfo=text)
    return encoded.getvalue()


def read_recipe(png: bytes) -> Recipe | None:
    """The recipe inside a PNG file, or None if it has none that we know."""
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
            picture.load()  # text chunks may follow the pixels
            text = picture.info.get(RECIPE_CHUNK)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if not isinstance(text, str):
        return None
    try:
        return parse_recipe(text)
    except ValueError:
        return None
