"""Recipes and their pictures, for who repeats a result without the bot."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bot.domain.recipes import Recipe
from bot.domain.requests import PictureHash


class RecipesUnavailable(Exception):  # noqa: N818
    """The bot's storage can not be read; `args[0]` is one sentence."""


class RecipeSource(Protocol):
    """What a bot keeps, opened for reading; it may be running meanwhile."""

    @property
    def weights_folder(self) -> Path | None:
        """The model that the bot draws with; None for the toy model."""
        ...

    @property
    def threads(self) -> int:
        """Processor threads that the bot draws with; 0 leaves one core free."""
        ...

    def find(self, recipe_id: str) -> Recipe | None:
        """The recipe of that id (`JOB-2`; `JOB` alone means its first picture). Raises `RecipesUnavailable`."""
        ...

    def picture(self, picture: PictureHash) -> bytes | None:
        """The file of a stored picture, or None if it is not there."""
        ...


class OpenRecipeSource(Protocol):
    """Opens the source of a configuration file."""

    def __call__(self, config_path: Path) -> RecipeSource:
        """Raises `RecipesUnavailable`."""
        ...
