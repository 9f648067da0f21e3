"""Reading from a picture file how it was made."""

from __future__ import annotations

import asyncio
import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from bot.domain.errors import Rejected, Rejection
from bot.domain.inspections import Inspection
from bot.domain.limits import Limits
from bot.domain.recipes import PARAMETERS_CHUNK, RECIPE_CHUNK, Recipe, parse_recipe
from bot.services.png_text import png_size, read_png_text

_MOST_CHARS: Final = 100_000
_OTHER_FORMATS: Final = ("JPEG", "WEBP")


class Inspect:
    """Looks into files that people send; writes and keeps nothing."""

    def __init__(self, *, limits: Limits) -> None:
        self._limits = limits

    async def __call__(self, data: bytes) -> Inspection:
        """What the file says; its pixels are not decoded. Raises `Rejected` for what is no picture, or too large."""
        if len(data) > self._limits.max_file_bytes:
            raise Rejected(Rejection.FILE_TOO_LARGE, limit_mb=self._limits.max_file_bytes // 2**20)
        return await asyncio.to_thread(inspect_file, data, self._limits)


def inspect_file(data: bytes, limits: Limits) -> Inspection:
    """The same for a file of allowed length, in this thread."""
    too_many = Rejected(Rejection.TOO_MANY_PIXELS, limit_mpx=limits.max_decoded_pixels // 1_000_000)
    texts: dict[str, str] = {}
    if (size := png_size(data)) is not None:
        width, height = size
        kind = "PNG"
        texts = read_png_text(data, (RECIPE_CHUNK, PARAMETERS_CHUNK), most_chars=_MOST_CHARS)
    else:
        try:
            with Image.open(io.BytesIO(data), formats=_OTHER_FORMATS) as opened:
                width, height, kind = opened.width, opened.height, opened.format or ""
        except Image.DecompressionBombError as error:
            raise too_many from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise Rejected(Rejection.NOT_A_PICTURE) from error
    if width * height > limits.max_decoded_pixels:
        raise too_many
    return Inspection(
        recipe=_recipe(texts.get(RECIPE_CHUNK, "")),
        parameters=_readable(texts.get(PARAMETERS_CHUNK, "")),
        width=width,
        height=height,
        format=kind,
    )


def _recipe(text: str) -> Recipe | None:
    try:
        return parse_recipe(text)
    except ValueError:
        return None


def _readable(text: str) -> str:
    """The text without what no chat can show."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t").strip()
