"""Pictures drawn by chance, to learn and to measure enlarging with: edges, curves, letters, gradients, textures."""

from __future__ import annotations

import random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_OVERSAMPLING: Final = 3
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def drawing(seed: int, side_px: int) -> Image.Image:
    """A square RGB picture, the same for the same seed; edges are smooth, for it is drawn larger."""
    chance = random.Random(seed)  # noqa: S311 -- to be repeated, not to be secret
    side = side_px * _OVERSAMPLING
    picture = _background(chance, side)
    draw = ImageDraw.Draw(picture)
    for _ in range(chance.randint(4, 14)):
        chance.choice((_polygon, _ellipse, _line, _letters, _stripes))(chance, draw, side)
    picture = picture.resize((side_px, side_px), Image.Resampling.LANCZOS)
    return _textured(chance, picture) if chance.random() < 0.5 else picture


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def _point(chance: random.Random, side: int) -> tuple[int, int]:
    return chance.randrange(side), chance.randrange(side)


def _background(chance: random.Random, side: int) -> Image.Image:
    """A gradient from one colour to another, in any direction."""
    slope = Image.linear_gradient("L").rotate(chance.randrange(360), Image.Resampling.BICUBIC, expand=False)
    mask = slope.resize((side, side), Image.Resampling.BICUBIC)
    return Image.composite(
        Image.new("RGB", (side, side), _colour(chance)), Image.new("RGB", (side, side), _colour(chance)), mask
    )


def _polygon(chance: random.Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    draw.polygon([_point(chance, side) for _ in range(chance.randint(3, 7))], fill=_colour(chance))


def _ellipse(chance: random.Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    x, y = _point(chance, side)
    width, height = chance.randint(6, side // 2), chance.randint(6, side // 2)
    draw.ellipse((x, y, x + width, y + height), fill=_colour(chance), outline=_colour(chance), width=_OVERSAMPLING)


def _line(chance: random.Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    draw.line([_point(chance, side) for _ in range(3)], fill=_colour(chance), width=chance.randint(2, 12))


def _letters(chance: random.Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    text = "".join(chance.choices(_LETTERS, k=chance.randint(2, 6)))
    font = ImageFont.load_default(size=chance.randint(8 * _OVERSAMPLING, 24 * _OVERSAMPLING))
    draw.text(_point(chance, side), text, fill=_colour(chance), font=font)


def _stripes(chance: random.Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    (x, y), step, colour = _point(chance, side), chance.randint(3, 10) * _OVERSAMPLING, _colour(chance)
    lean = chance.randint(-side // 2, side // 2)
    for number in range(chance.randint(3, 9)):
        left = x + number * step
        draw.line((left, y, left + lean, y + side // 2), fill=colour, width=max(2, step // 3))


def _textured(chance: random.Random, picture: Image.Image) -> Image.Image:
    """The picture with grain of some coarseness laid over it."""
    # Pillow's own noise can not be seeded; these bytes can.
    grain = Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height))
    grain = grain.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 2.5)))
    strength = chance.uniform(0.1, 0.5)
    flat = Image.new("L", picture.size, 128)
    return ImageChops.overlay(picture, Image.merge("RGB", [Image.blend(flat, grain, strength)] * 3))
