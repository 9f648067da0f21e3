"""Reference pictures made ready for the encoders: size rules in integers, then pixels (no torch here)."""

from __future__ import annotations

from PIL import Image

from uso.errors import InvalidReason, InvalidRequest
from uso.params import MAX_SIDE_PX, MIN_SIDE_PX, SIZE_STEP_PX, floor_size

_KEEP_SIZE_LONG_SIDE_PX = 1024


def resized_content_size(width: int, height: int, content_size_px: int) -> tuple[int, int]:
    """Scale a picture's size to the wanted long side, the short side truncated (published `preprocess_ref`)."""
    if width >= height:
        return content_size_px, int((content_size_px / width) * height)
    return int((content_size_px / height) * width), content_size_px


def content_reference_size(width: int, height: int, content_size_px: int) -> tuple[int, int]:
    """Tell the size a subject picture is encoded at: long side scaled, both sides cropped to multiples of 16.

    A picture of exactly 16x16 is taken as it is, as published. Raises `InvalidRequest` when a side vanishes.
    """
    if width == height == SIZE_STEP_PX:
        return width, height
    cropped = floor_size(*resized_content_size(width, height, content_size_px))
    if not all(cropped):
        raise InvalidRequest(
            InvalidReason.CONTENT_SHAPE,
            f"The subject picture ({width}x{height}) is too long and thin to be used at subject size "
            f"{content_size_px}; crop it closer to a square.",
        )
    return cropped


def kept_size(content_width: int, content_height: int, content_size_px: int) -> tuple[int, int]:
    """Tell the output size that keeps the subject's shape: its encoded size times 1024 / content size (published)."""
    scale = _KEEP_SIZE_LONG_SIDE_PX / content_size_px
    width, height = floor_size(int(content_width * scale), int(content_height * scale))
    if min(width, height) < MIN_SIDE_PX or max(width, height) > MAX_SIDE_PX:
        raise InvalidRequest(
            InvalidReason.KEEP_SIZE_SHAPE,
            f"Keeping the subject picture's shape would give {width}x{height}; choose a width and height instead.",
        )
    return width, height


def flatten(picture: Image.Image) -> Image.Image:
    """Return the picture as RGB; transparent parts become white instead of whatever colour lies beneath them."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        backdrop = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(backdrop, rgba).convert("RGB")
    return picture.convert("RGB")


def prepare_content(picture: Image.Image, content_size_px: int) -> Image.Image:
    """Resize (LANCZOS) and centre-crop a subject picture for the VAE; raises `InvalidRequest` on impossible shapes."""
    rgb = flatten(picture)
    width, height = content_reference_size(*rgb.size, content_size_px)
    if rgb.size == (SIZE_STEP_PX, SIZE_STEP_PX):
        return rgb
    resized = rgb.resize(resized_content_size(*rgb.size, content_size_px), resample=Image.Resampling.LANCZOS)
    left, top = (resized.width - width) // 2, (resized.height - height) // 2
    return resized.crop((left, top, left + width, top + height))
