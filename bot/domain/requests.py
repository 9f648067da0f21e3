"""What a person asks for: as it comes in (`Draft`) and as it is kept (`GenerationRequest`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.limits import DRAW_SEED, SEED_MAX

PictureHash = str
"""Lower-case hexadecimal sha256 of a stored file's bytes."""


class Aspect(StrEnum):
    """Aspect ratios offered by name, each about one megapixel."""

    SQUARE = "1:1"
    LANDSCAPE_4_3 = "4:3"
    PORTRAIT_3_4 = "3:4"
    LANDSCAPE_3_2 = "3:2"
    PORTRAIT_2_3 = "2:3"
    WIDE_16_9 = "16:9"
    TALL_9_16 = "9:16"

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height, multiples of 16."""
        return _ASPECT_SIZES_PX[self]


_ASPECT_SIZES_PX = {
    Aspect.SQUARE: (1024, 1024),
    Aspect.LANDSCAPE_4_3: (1184, 880),
    Aspect.PORTRAIT_3_4: (880, 1184),
    Aspect.LANDSCAPE_3_2: (1248, 832),
    Aspect.PORTRAIT_2_3: (832, 1248),
    Aspect.WIDE_16_9: (1360, 768),
    Aspect.TALL_9_16: (768, 1360),
}


class Mode(StrEnum):
    """The five ways to use the model, told by what was given, and enlarging a picture."""

    TEXT = "text"
    SUBJECT = "subject"
    STYLE = "style"
    SUBJECT_STYLE = "subject-style"
    SUBJECT_STYLE_LAYOUT_KEPT = "subject-style-layout-kept"
    UPSCALE = "upscale"


@dataclass(frozen=True, slots=True)
class Variation:
    """Noise spherically interpolated toward a second seed; strength from 0 (none) to 1 (only the second)."""

    seed: int
    strength: float


@dataclass(frozen=True, slots=True)
class Stored:
    """An admitted picture that is in the store already: from the tray, from a style card, from an earlier request."""

    picture: PictureHash


Given = bytes | Stored
"""A reference picture as it comes in: an uploaded file's bytes, nothing checked, or one that is stored."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as a platform hands it over: nothing checked.

    `aspect` wins over width and height when both are given; `seed` of -1 draws one; `use_tray` lets the owner's tray
    fill in the subject or the styles where the draft has none. What is None is as the owner's settings have it.
    """

    prompt: str = ""
    subject: Given | None = None
    styles: tuple[Given, ...] = ()
    aspect: str | None = None
    width: int | None = None
    height: int | None = None
    keep_size: bool = False
    steps: int = 25
    guidance: float = 4.0
    subject_size: int = 512
    seed: int = DRAW_SEED
    count: int = 1
    private: bool | None = None
    spoiler: bool | None = None
    use_tray: bool = False


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Everything needed to make the same pictures again; pictures by hash, the seed concrete.

    `subject_size` is the long side of the subject in pixels as the model sees it; 0 lets the model choose.
    With `upscale_of` that picture is enlarged to `width` and `height` and nothing else is drawn (`upscale_request`).
    """

    prompt: str
    subject: PictureHash | None
    styles: tuple[PictureHash, ...]
    width: int
    height: int
    keep_size: bool
    steps: int
    guidance: float
    subject_size: int
    seed: int
    count: int = 1
    variation: Variation | None = None
    private: bool = False
    spoiler: bool = False
    upscale_of: PictureHash | None = None

    @property
    def mode(self) -> Mode:
        """The mode the model will understand (an empty prompt keeps the subject's layout)."""
        if self.upscale_of is not None:
            return Mode.UPSCALE
        return mode_of(self.prompt, has_subject=self.subject is not None, style_count=len(self.styles))

    @property
    def references(self) -> frozenset[PictureHash]:
        """Hashes of all pictures this request needs."""
        return frozenset((*self.styles, *(one for one in (self.subject, self.upscale_of) if one is not None)))

    def seeds_of(self, index: int) -> tuple[int, Variation | None]:
        """Seed and variation of the picture at `index`.

        Plain requests count the seed up; variations keep the first seed, which is the picture
        they vary, and count the second one up.
        """
        if self.variation is None:
            return (self.seed + index) % (SEED_MAX + 1), None
        return self.seed, replace(self.variation, seed=(self.variation.seed + index) % (SEED_MAX + 1))


def upscale_request(
    picture: PictureHash, size_px: tuple[int, int], *, prompt: str = "", private: bool = False, spoiler: bool = False
) -> GenerationRequest:
    """The request that enlarges a stored picture to `size_px`; `prompt` is what the picture shows, to find it again.

    What only drawing needs has its smallest allowed value, so that equal wishes are equal requests.
    """
    width, height = size_px
    return GenerationRequest(
        prompt=prompt,
        subject=None,
        styles=(),
        width=width,
        height=height,
        keep_size=False,
        steps=1,
        guidance=1.0,
        subject_size=0,
        seed=0,
        private=private,
        spoiler=spoiler,
        upscale_of=picture,
    )


def mode_of(prompt: str, *, has_subject: bool, style_count: int) -> Mode:
    """Tell the mode from what was given."""
    if has_subject and style_count:
        return Mode.SUBJECT_STYLE if prompt.strip() else Mode.SUBJECT_STYLE_LAYOUT_KEPT
    if has_subject:
        return Mode.SUBJECT
    return Mode.STYLE if style_count else Mode.TEXT
