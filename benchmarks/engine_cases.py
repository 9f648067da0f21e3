"""The requests that the engine's benchmarks draw: the rows of the floor table, at any size."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any, Final

from PIL import Image

TEXT_TOKENS: Final = 512
STYLE_TOKENS: Final = 192
"""Of one style picture at full size; a toy model has fewer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request. With `content_px` 0 there is no subject picture, else it is a square of that side."""

    name: str
    width: int
    height: int
    steps: int
    content_px: int = 0
    styles: int = 0
    prompt: str = "A fox on a hill in the evening."
    guidance: float = 4.0
    seed: int = 3407

    @property
    def content_tokens(self) -> int:
        """How many tokens the subject picture adds."""
        return (self.content_px // 16) ** 2

    def tokens(self, style_tokens: int = STYLE_TOKENS) -> int:
        """How many tokens the transformer sees when one style picture has that many."""
        return TEXT_TOKENS + self.styles * style_tokens + self.width * self.height // 256 + self.content_tokens

    def content(self) -> Image.Image | None:
        """The subject picture."""
        return picture(1, self.content_px) if self.content_px else None

    def style_pictures(self) -> list[Image.Image]:
        """The style pictures."""
        return [picture(2 + number, 160) for number in range(self.styles)]

    def as_data(self) -> dict[str, Any]:
        """What `Case(**data)` takes."""
        return asdict(self)


def floor_cases(side_px: int, steps: int) -> list[Case]:
    """The five rows of the floor table at this size of picture; the subject picture has half its side."""

    def case(name: str, *, has_content: bool = False, styles: int = 0) -> Case:
        return Case(name, side_px, side_px, steps, side_px // 2 if has_content else 0, styles)

    return [
        case("text only"),
        case("1 style", styles=1),
        case("content", has_content=True),
        case("content + 1 style", has_content=True, styles=1),
        case("content + 2 styles", has_content=True, styles=2),
    ]


def picture(seed: int, side_px: int) -> Image.Image:
    """Soft patches of colour, the same for the same seed."""
    patches = Image.frombytes("RGB", (8, 8), random.Random(seed).randbytes(8 * 8 * 3))
    return patches.resize((side_px, side_px), Image.Resampling.BICUBIC)
