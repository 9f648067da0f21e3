"""What a picture file tells of how it was made."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file as it is; nothing in it was decoded or is to be trusted.

    `recipe` is ours if there is one, `parameters` the text chunk that other tools write, or empty; `format` is PNG,
    JPEG or WEBP; sizes in pixels, as the file's header has them.
    """

    recipe: Recipe | None
    parameters: str
    width: int
    height: int
    format: str
