"""The composition root: builds everything from the configuration, runs it, and takes it down in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from adapters.control.desk import ControlDesk
from adapters.control.server import ControlServer
from adapters.engine.image_check.process import CheckSettings, ImageCheckProcess
from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from adapters.engine.style_tokens import StyleTokenFolder
from adapters.web.server import WebServer
from bot.assembly import Outside, Rules
from bot.config import Config, Secrets
from bot.config.log import LogFormat
from bot.frontends import ChatRunner, make_chats, page_settings
from bot.messages.catalogs import load_catalogs
from bot.places import LOCK_FILE, Places, pictures_folder, pictures_lock, places, style_cache_folder
from bot.ports.storage import StorageUnavailable
from bot.services.links import LINK_KEY_BYTES, LinkSettings
from bot.services.recent_errors import RecentErrors
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from bot.startup import Missing, greeting
from storage.database import Database, upgrade
from storage.errors import DatabaseUnsupported, SchemaUnknown
from storage.image_store import FolderImageStore
from storage.key_file import KeyFileDamaged, load_key

log = logging.getLogger(__name__)


class StartError(Exception):
    """The bot can not start; `args[0]` is one sentence that says what to do."""


class AlreadyRunning(StartError):  # noqa: N818 -- what happened
    """Another bot works in the folder."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present in UTC."""
        return datetime.now(UTC)


async def run_bot(config: Config, secrets: Secrets, base: Path, errors: RecentErrors) -> None:
    """Run until SIGINT or SIGTERM, or until a part breaks. Raises `StartError` for what the operator can mend.

    `errors` are those of the log, shown to operators.
    """
    at = places(config, base)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    at.folder.mkdir(parents=True, exist_ok=True)
    with only_one(at.folder):
        async with AsyncExitStack() as stack:
            spine = await stack.enter_async_context(open_spine(config, at, errors))
            await _control(at.folder, spine, stack)
            page = await _page(config, spine, stack)
            runner = ChatRunner(
                make_chats(config, secrets, spine.application, at.folder), spine.application.connections
            )
            spare_garbage_collection()
            runner.start()
            stack.push_async_callback(runner.close)
            spine.deliver_through(runner.deliverers)
            missing = Missing(
                tokens=secrets.discord_token is None and secrets.telegram_token is None,
                weights=at.weights_folder is None,
            )
            _greet(greeting(missing, page=page), config.log.format)
            await _until_stopped(stopped, spine)
            log.info("stopping; the picture in work goes back to the queue")


def _greet(lines: str, log_format: LogFormat) -> None:
    """Say it plainly to a person; a program that reads the log gets nothing but records."""
    if log_format == "text":
        sys.stderr.write(lines)
    else:
        for line in lines.splitlines():
            log.info("%s", line)


async def _control(folder: Path, spine: Spine, stack: AsyncExitStack) -> None:
    """Listen to `uso-bot admin`; a bot that can not is told in the log and runs all the same."""
    control = ControlServer(ControlDesk(spine.application), folder)
    try:
        await control.start()
    except OSError as error:
        log.warning("`uso-bot admin` can not reach this bot: %s: %s", folder, error.strerror or error)
    stack.push_async_callback(control.close)


async def _page(config: Config, spine: Spine, stack: AsyncExitStack) -> str | None:
    """Serve the local page if it is switched on; returns its address."""
    if not config.web.enabled:
        return None
    settings = page_settings(config.web)
    if settings.demands_login and not await spine.application.sign_in.has_password():
        raise StartError(
            f"The page at {config.web.host}:{config.web.port} asks for a password, and there is none yet: set one with "
            "`uso-bot web password`. Only a page that nobody but this machine can reach does without: a loopback host, "
            "no allowed_hosts, no trusted_proxies and login = false under [web]."
        )
    if settings.is_readable_on_the_way:
        log.warning("the page goes over the network without encryption; put a proxy that speaks HTTPS in front of it")
    page = WebServer(spine.application, settings)
    try:
        await page.start()
    except OSError as error:
        raise StartError(
            f"The page can not listen on {config.web.host}:{config.web.port} ({error.strerror or error}); "
            "free that port or choose another under [web] in the configuration."
        ) from error
    stack.push_async_callback(page.close)
    host = f"[{config.web.host}]" if ":" in config.web.host else config.web.host
    return f"http://{host}:{page.port}"


@asynccontextmanager
async def open_spine(config: Config, at: Places, errors: RecentErrors) -> AsyncIterator[Spine]:
    """The services at work on the configured database, folder and engine; closed in order at the end."""
    database = await open_database(at)
    try:
        spine = make_spine(config, at, database, errors, is_guest=False)
        spare_garbage_collection()
        await spine.start()
        try:
            yield spine
        finally:
            await spine.close()
    finally:
        await database.close()


def make_spine(config: Config, at: Places, database: Database, errors: RecentErrors, *, is_guest: bool) -> Spine:
    """The services, not at work yet; as a guest, nothing in the folders is tidied up. Raises `StartError`."""
    return Spine(
        Outside(
            engine=EngineProcess(engine_settings(config, at)),
            style_tokens=StyleTokenFolder(style_cache_folder(at)),
            open_unit=database.unit_of_work,
            scrubber=database,
            images=FolderImageStore(pictures_folder(at), is_guest=is_guest),
            clock=SystemClock(),
            catalogs=load_catalogs(),
            errors=errors,
            image_check=ImageCheckProcess(check_settings(config, at)),
            storing=pictures_lock(at),
        ),
        Rules(
            limits=config.limits.as_limits(),
            tiers=config.quotas.as_tiers(),
            retention=config.retention.as_settings(),
            trusted_servers=tuple(config.quotas.trusted_servers),
            operators=tuple(config.operators.people),
            links=link_settings(config, at),
            token_requests_a_minute=config.web.token_requests_a_minute,
            words=config.moderation.as_words(),
            checking=config.moderation.as_check_rules(),
        ),
        WorkerSettings(
            name="local",
            max_attempts=config.engine.max_attempts,
            preview_every=config.engine.preview_every_steps,
        ),
    )


def check_settings(config: Config, at: Places) -> CheckSettings:
    """What the image check looks for, and with what."""
    section = config.moderation
    return CheckSettings(at.image_check_folder, tuple(section.flagged_labels), section.flagged_from)


async def open_database(at: Places) -> Database:
    """The configured database with the newest tables. Raises `StartError`."""
    try:
        await upgrade(at.database_url)
        return await Database.open(at.database_url)
    except SchemaUnknown as error:
        raise StartError(
            f"The database was last used by a newer USO Bot ({error.revision}); update this one, or restore a backup."
        ) from error
    except DatabaseUnsupported as error:
        raise StartError(f"The database can not be used: {error}. Check [storage] database_url.") from error
    except StorageUnavailable as error:
        reason = " ".join(error.reason.split())
        raise StartError(f"The database can not be reached: {reason}. Check [storage] database_url.") from error
    except (OSError, SQLAlchemyError) as error:
        raise StartError(
            f"The database can not be opened: {type(error).__name__}. Check [storage] database_url."
        ) from error


def spare_garbage_collection() -> None:
    """Take what exists by now, the loaded libraries above all, out of the garbage collector's sight.

    A full collection walks every object it watches: over 100,000 of them, and the event loop stood still for
    90 to 140 ms whenever one came.
    """
    gc.freeze()


def link_settings(config: Config, at: Places) -> LinkSettings | None:
    """The key and the public address of signed links; None where there is no page to open them. Raises `StartError`."""
    if not (config.web.enabled and config.web.public_url):
        return None
    path = at.folder / "links.key"
    try:
        return LinkSettings(config.web.public_url, load_key(path, length=LINK_KEY_BYTES))
    except (OSError, KeyFileDamaged) as error:
        raise StartError(
            f"The key of signed links can not be read: {path}. Delete that file; links given out so far then end."
        ) from error


def engine_settings(config: Config, at: Places) -> EngineSettings:
    """The engine's own section."""
    return EngineSettings(
        cache_folder=at.cache_folder,
        style_cache_folder=style_cache_folder(at),
        weights_folder=at.weights_folder,
        device=DeviceChoice(config.engine.device),
        profile=config.engine.profile,
        threads=config.engine.threads,
        start_timeout_s=config.engine.start_timeout_s,
        step_timeout_s=config.engine.step_timeout_s,
    )


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Be the one bot on a folder: two would take up each other's running jobs. Raises `AlreadyRunning`."""
    lock = FileLock(folder / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyRunning(f"Another USO Bot already runs on {folder}; stop it first.") from error
    try:
        yield
    finally:
        lock.release()


async def _until_stopped(stopped: asyncio.Event, spine: Spine) -> None:
    waiting = {asyncio.create_task(stopped.wait()), asyncio.create_task(spine.run())}
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
