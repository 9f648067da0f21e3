"""The recipes of a configured bot, for the command line."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from sqlalchemy import make_url

from bot.config import ConfigError, load_all
from bot.domain.jobs import Job
from bot.domain.recipes import Recipe
from bot.domain.requests import PictureHash
from bot.places import Places, pictures_folder, places
from bot.ports.images import PictureMissing
from bot.ports.recipes import RecipeSource, RecipesUnavailable
from bot.ports.storage import StorageUnavailable
from bot.services.follow_up import parse_recipe_id
from bot.services.recipes import recipe_of_result
from storage.database import Database
from storage.errors import DatabaseUnsupported
from storage.image_store import FolderImageStore


def open_recipe_source(config_path: Path) -> RecipeSource:
    """Implements `bot.ports.recipes.OpenRecipeSource`."""
    try:
        config, _ = load_all(config_path, os.environ)
    except ConfigError as error:
        raise RecipesUnavailable(f"{config_path}: {'; '.join(error.mistakes)}") from error
    return _StoredRecipes(places(config, config_path.resolve().parent), config.engine.threads)


class _StoredRecipes:
    def __init__(self, at: Places, threads: int) -> None:
        self._at = at
        self._threads = threads

    @property
    def weights_folder(self) -> Path | None:
        return self._at.weights_folder

    @property
    def threads(self) -> int:
        return self._threads

    def find(self, recipe_id: str) -> Recipe | None:
        parts = parse_recipe_id(recipe_id)
        if parts is None:
            return None
        job_id, index = parts
        url = make_url(self._at.database_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return None  # opening it would make one
        job = asyncio.run(self._job(job_id))
        if job is None or job.hidden_at is not None:
            return None
        picture = next((one for one in job.pictures if one.index == (index or 0)), None)
        return None if picture is None else recipe_of_result(job, picture)

    def picture(self, picture: PictureHash) -> bytes | None:
        folder = pictures_folder(self._at)
        if not folder.is_dir():
            return None
        try:
            return asyncio.run(FolderImageStore(folder, is_guest=True).get(picture))
        except PictureMissing:
            return None

    async def _job(self, job_id: str) -> Job | None:
        try:
            database = await Database.open(self._at.database_url)
        except (StorageUnavailable, DatabaseUnsupported) as error:
            raise RecipesUnavailable("The database of this bot can not be reached; is it running?") from error
        try:
            async with database.unit_of_work() as unit:
                return await unit.jobs.get(job_id)
        except StorageUnavailable as error:
            raise RecipesUnavailable("The database of this bot does not answer; please try again.") from error
        finally:
            await database.close()
