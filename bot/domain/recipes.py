"""The recipe of a picture: everything needed to repeat it, as plain data and as PNG text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from bot.domain.limits import SEED_MAX, UPSCALE_FACTOR
from bot.domain.requests import PictureHash

RECIPE_CHUNK = "uso-recipe"
PARAMETERS_CHUNK = "parameters"
RECIPE_VERSION = 1
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_MOST: Final = 1_000.0


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
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError("not a recipe but a nest") from error
    if not isinstance(data, dict) or data.get("version") != RECIPE_VERSION:
        raise ValueError("not a recipe of a known version")
    try:
        recipe = Recipe(**{**data, "styles": tuple(data["styles"])})
    except (KeyError, TypeError) as error:
        raise ValueError("not a complete recipe") from error
    if not _is_plausible(recipe):
        raise ValueError("not a recipe that we wrote")
    return recipe


def _is_plausible(recipe: Recipe) -> bool:
    """Whether every field is of its kind: the file may come from anybody."""
    texts = (recipe.prompt, recipe.model_label, recipe.model_revision, recipe.recipe_id)
    hashes = [*recipe.styles, *(one for one in (recipe.subject, recipe.upscale_of) if one is not None)]
    sides = (recipe.width, recipe.height, recipe.picture_width, recipe.picture_height)
    seeds = [recipe.seed, *([] if recipe.variation_seed is None else [recipe.variation_seed])]
    return (
        all(isinstance(one, str) and _is_unicode(one) for one in texts)
        and all(isinstance(one, str) and _HASH.fullmatch(one) for one in hashes)
        and all(_is_whole(one) for one in (*sides, *seeds, recipe.steps, recipe.subject_size))
        and all(_is_number(one) for one in (recipe.guidance, recipe.variation_strength))
        and isinstance(recipe.keep_size, bool)
    )


def _is_unicode(text: str) -> bool:
    """JSON can spell half characters, which no database or chat takes."""
    return not any("\ud800" <= one <= "\udfff" or one == "\0" for one in text)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SEED_MAX


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST
