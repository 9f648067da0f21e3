"""Letting pictures in: decoded safely, turned upright, stripped of metadata, hashed."""

from __future__ import annotations

import asyncio
import hashlib
import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Given, PictureHash
from bot.ports.images import ImageStore, PictureMissing
from bot.services.picture_check import PictureCheck

_FORMATS = ("PNG", "JPEG", "WEBP")
_BACKGROUND = (255, 255, 255)
_MOST_JPEG_SCANS: Final = 100
_JPEG_START: Final = b"\xff\xd8"
_JPEG_SCAN: Final = b"\xff\xda"
_16_BIT_TO_8: Final = 1 / 257


class Admission:
    """Admits reference pictures, whether they were sent or are stored; what was sent is looked at."""

    def __init__(self, *, images: ImageStore, limits: Limits, check: PictureCheck) -> None:
        self._images = images
        self._limits = limits
        self._check = check

    async def __call__(self, given: Given) -> AdmittedPicture:
        """The picture, ready to be stored and named. Raises `Rejected`."""
        if isinstance(given, bytes):
            admitted = await asyncio.to_thread(admit_picture, given, self._limits)
            await self._check.admit(admitted.data)
            return admitted
        try:
            data = await self._images.get(given.picture)
        except PictureMissing as error:
            raise Rejected(Rejection.PICTURE_GONE) from error
        return read_admitted(data, given.picture)


def admit_picture(data: bytes, limits: Limits) -> AdmittedPicture:
    """Decode an upload (PNG, JPEG, WebP; of an animation the first frame) and make it an upright RGB PNG.

    Transparency is laid on white. Nothing is decoded before its size is known to be allowed.
    Raises `Rejected`. Takes up to a second for the largest pictures: call it in a thread.
    """
    if len(data) > limits.max_file_bytes:
        raise Rejected(Rejection.FILE_TOO_LARGE, limit_mb=limits.max_file_bytes // 2**20)
    if _is_endless(data):
        raise Rejected(Rejection.PICTURE_BROKEN)
    picture = _decode(data, limits)
    encoded = io.BytesIO()
    # Level 1: these files are read once by the engine; speed matters more than a few per cent of disk.
    picture.save(encoded, "PNG", compress_level=1)
    png = encoded.getvalue()
    return AdmittedPicture(png, hashlib.sha256(png).hexdigest(), picture.width, picture.height)


def read_admitted(data: bytes, picture: PictureHash) -> AdmittedPicture:
    """A picture that was admitted before, as it came out of the store; reads its size and decodes nothing."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
        return AdmittedPicture(data, picture, opened.width, opened.height)


def _decode(data: bytes, limits: Limits) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Rejected(Rejection.NOT_A_PICTURE) from error
    with opened:
        if opened.width * opened.height > limits.max_decoded_pixels:
            raise _too_many_pixels(limits)
        try:
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return _flatten(upright)
        except Exception as error:  # decoders raise many kinds on broken data; all mean the same to the sender
            raise Rejected(Rejection.PICTURE_BROKEN) from error


def _is_endless(data: bytes) -> bool:
    """Whether a JPEG has far more scans than any camera or tool writes.

    Each scan takes a pass over the whole picture, so that a few bytes each could hold a thread for hours.
    """
    return data.startswith(_JPEG_START) and data.count(_JPEG_SCAN) > _MOST_JPEG_SCANS


def _flatten(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255 instead of scaling
        picture = _without_metadata(picture.convert("I").point(lambda value: value * _16_BIT_TO_8).convert("L"))
    if not picture.has_transparency_data:
        return _without_metadata(picture.convert("RGB"))
    coloured = picture.convert("RGBA")
    background = Image.new("RGB", coloured.size, _BACKGROUND)
    background.paste(coloured, mask=coloured.getchannel("A"))
    return background


def _without_metadata(picture: Image.Image) -> Image.Image:
    picture.info = {}
    return picture


def _too_many_pixels(limits: Limits) -> Rejected:
    return Rejected(Rejection.TOO_MANY_PIXELS, limit_mpx=limits.max_decoded_pixels // 1_000_000)
