"""What the commands work with, opened for one command."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from msgspec import structs

from adapters.control.client import NoAnswer, ask
from adapters.control.desk import ControlDesk
from adapters.control.wire import Answer, Refused, Request, Stats
from adapters.engine.style_tokens import StyleTokenFolder
from bot.admin.arguments import BadInput
from bot.application import Application
from bot.bootstrap import AlreadyRunning, StartError, SystemClock, make_spine, only_one, open_database
from bot.config import Config, ConfigError, load_all
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text
from bot.messages.catalogs import load_catalogs
from bot.places import Places, pictures_folder, pictures_lock, places, style_cache_folder
from bot.services.keeping import PictureKeeper
from bot.services.recent_errors import RecentErrors
from storage.database import Database
from storage.image_store import FolderImageStore

_ALONE: Final = "not running"


@dataclass(frozen=True, slots=True)
class Tools:
    """What the commands work with."""

    config: Config
    at: Places
    database: Database
    application: Application
    images: FolderImageStore
    keeper: PictureKeeper
    clock: SystemClock


Work = Callable[[Tools], Awaitable[None]]


def run(config_path: Path, work: Work) -> None:
    """Do something with the database and the folders; the bot may be running meanwhile."""

    async def opened(config: Config, at: Places) -> None:
        async with _opened(config, at) as tools:
            await work(tools)

    _run(config_path, opened)


def control(config_path: Path, request: Request, *, only_running: bool = False) -> Answer:
    """Put a request to the bot: to the process that runs, or to the services over the database where none does.

    `only_running` is for what makes no sense otherwise. A refusal ends the command with its sentence.
    """
    answers: list[Answer] = []

    async def asked(config: Config, at: Places) -> None:
        try:
            with only_one(at.folder):
                if only_running:
                    raise click.ClickException("The bot is not running.")
                answers.append(await _alone(config, at, request))
        except AlreadyRunning:
            answers.append(await _to_process(at, request))

    _run(config_path, asked)
    (answer,) = answers
    if isinstance(answer, Refused):
        raise BadInput(answer.sentence)
    return answer


async def _to_process(at: Places, request: Request) -> Answer:
    try:
        return await ask(at.folder, request)
    except NoAnswer as error:
        words = f"The bot runs and does not answer here ({error}); run this as the account that runs the bot."
        raise click.ClickException(words) from error


async def _alone(config: Config, at: Places, request: Request) -> Answer:
    database = await open_database(at)
    try:
        spine = make_spine(config, at, database, RecentErrors(), is_guest=True)
        await spine.look()
        answer = await ControlDesk(spine.application).answer(request)
        # There is no process whose mode and engine these would be.
        return structs.replace(answer, mode=_ALONE, engine=_ALONE) if isinstance(answer, Stats) else answer
    finally:
        await database.close()


def _run(config_path: Path, work: Callable[[Config, Places], Awaitable[None]]) -> None:
    try:
        config, _ = load_all(config_path, os.environ)
    except ConfigError as error:
        raise click.UsageError("\n".join(error.lines)) from error
    at = places(config, config_path.resolve().parent)

    async def working() -> None:
        at.folder.mkdir(parents=True, exist_ok=True)
        await work(config, at)

    try:
        asyncio.run(working())
    except Rejected as rejected:
        raise BadInput(rejection_text(rejected, load_catalogs().for_locale(None))) from rejected
    except StartError as error:
        raise click.ClickException(str(error)) from error


@asynccontextmanager
async def _opened(config: Config, at: Places) -> AsyncIterator[Tools]:
    database = await open_database(at)
    images = FolderImageStore(pictures_folder(at), is_guest=True)
    clock = SystemClock()
    keeper = PictureKeeper(
        images=images,
        open_unit=database.unit_of_work,
        style_tokens=StyleTokenFolder(style_cache_folder(at)),
        storing=pictures_lock(at),
    )
    try:
        application = make_spine(config, at, database, RecentErrors(), is_guest=True).application
        yield Tools(config, at, database, application, images, keeper, clock)
    finally:
        await database.close()
