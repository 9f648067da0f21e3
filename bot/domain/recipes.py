"""The recipe of a picture: everything needed to repeat it, as plain data and as PNG text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.domain.limits import UPSCALE_FACTOR
from bot.domain.requests import PictureHash

RECIPE_CHUNK = "uso-recipe"
PARAMETERS_CHUNK = "parameters"
RECIPE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one picture was made; sizes in pixels, references by sha256, `recipe_id` empty outside the bot.

    `width` and `height` are what was asked for; `picture_width` and `picture_height` what came out. With `upscale_of`
    that picture was enlarged, and the model is the upscaler.
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
    variation_seed: int | None
    variation_strength: float
    picture_width: int
    picture_height: int
    model_label: str
    model_revision: str
    recipe_id: str = ""
    version: int = RECIPE_VERSION
    upscale_of: PictureHash | None = None

    def as_json(self) -> str:
        """The recipe as one JSON object, keys sorted."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    def as_parameters(self) -> str:
        """The recipe in the `parameters` form that other picture tools read (AUTOMATIC1111's web UI)."""
        pairs = self._upscale_pairs() if self.upscale_of is not None else self._drawing_pairs()
        return self.prompt + "\n" + ", ".join(f"{name}: {value}" for name, value in pairs.items())

    def _upscale_pairs(self) -> dict[str, str | int | float]:
        return {
            "Size": f"{self.picture_width}x{self.picture_height}",
            "Postprocess upscale by": UPSCALE_FACTOR,
            "Postprocess upscaler": self.model_label.replace(",", " "),
            "Postprocess upscaler hash": self.model_revision,
        }

    def _drawing_pairs(self) -> dict[str, str | int | float]:
        pairs: dict[str, str | int | float] = {
            "Steps": self.steps,
            "Sampler": "Euler",
            "Distilled CFG Scale": self.guidance,
            "Seed": self.seed,
            "Size": f"{self.picture_width}x{self.picture_height}",
            "Model": self.model_label.replace(",", " "),
            "Model hash": self.model_revision,
        }
        if self.variation_seed is not None:
            pairs["Variation seed"] = self.variation_seed
            pairs["Variation seed strength"] = self.variation_strength
        return pairs

    def as_chunks(self) -> Mapping[str, str]:
        """The PNG text chunks, by keyword."""
        return {RECIPE_CHUNK: self.as_json(), PARAMETERS_CHUNK: self.as_parameters()}


def parse_recipe(text: str) -> Recipe:
    """Read what `Recipe.as_json` wrote; raises ValueError when it is something else."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("version") != RECIPE_VERSION:
        raise ValueError("not a recipe of a known version")
    try:
        return Recipe(**{**data, "styles": tuple(data["styles"])})
    except (KeyError, TypeError) as error:
        raise ValueError("not a complete recipe") from error
