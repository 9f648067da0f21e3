"""Whole databases in one file, taken while others work, and put back while nobody does."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.ports.storage import StorageUnavailable
from storage.database import revisions
from storage.sql.connections import database_url, open_engine

_VERSIONS: Final = "alembic_version"
_PAGES_AT_ONCE: Final = 2_000
_DEBIAN: Final = Path("/usr/lib/postgresql")
_OLD: Final = ".before-restore"


class DumpFailed(Exception):  # noqa: N818 -- what happened
    """The database could not be written out or put back; `args[0]` is one sentence that names no password."""


def kind_of_database(url: str) -> str:
    """`sqlite` or `postgresql`. Raises `DatabaseUnsupported`."""
    return database_url(url).get_backend_name()


async def dump(url: str, target: Path) -> str:
    """Write the database at `url` as it is at one moment into `target`; others go on reading and writing.

    SQLite becomes a SQLite file, PostgreSQL an archive of `pg_dump`. Returns the revision of its tables.
    Raises `DumpFailed`, also where there are no tables, and `StorageUnavailable`.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        revision = await asyncio.to_thread(_dump_sqlite, Path(str(parsed.database)), target)
    else:
        revision = (await revisions(url)).current
        await _postgres("pg_dump", parsed, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    if revision is None:
        raise DumpFailed("The database has no tables yet; start the bot once.")
    return revision


async def check_dump(kind: str, source: Path) -> None:
    """See to it that `source` can be put back into a database of that kind. Raises `DumpFailed`."""
    if kind == "sqlite":
        await asyncio.to_thread(_check_sqlite, source)
    else:
        await _run(_program("pg_restore"), "--list", str(source), environment={})


async def put_back(url: str, source: Path) -> None:
    """Replace the database at `url`, which nobody has open, by the dump in `source`, all or nothing.

    A SQLite file that is replaced stays beside it, with `.before-restore` at its end. Raises `DumpFailed`.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        await asyncio.to_thread(_put_back_sqlite, source, Path(str(parsed.database)))
        return
    await _empty_postgres(url)
    await _postgres(
        "pg_restore", parsed, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source)
    )


async def is_empty(url: str) -> bool:
    """Whether no table of the database at `url` has a row. Raises `StorageUnavailable` and `SQLAlchemyError`."""
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(str(parsed.database)).is_file):
        return True
    engine = open_engine(url, for_migration=True)
    try:
        async with engine.connect() as connection:
            names = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
            for name in names:
                query = text(f'SELECT 1 FROM "{name}" LIMIT 1')  # noqa: S608 -- a name that the database told
                if name != _VERSIONS and (await connection.execute(query)).first() is not None:
                    return False
    finally:
        await engine.dispose()
    return True


def _dump_sqlite(source: Path, target: Path) -> str | None:
    if not source.is_file():
        raise DumpFailed(f"There is no database at {source} yet.")
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy, pages=_PAGES_AT_ONCE)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            row = copy.execute(f"SELECT version_num FROM {_VERSIONS}").fetchone() if _VERSIONS in tables else None  # noqa: S608
            return row[0] if row else None
    except sqlite3.Error as error:
        raise DumpFailed(f"The database at {source} can not be copied: {error}.") from error


def _check_sqlite(source: Path) -> None:
    try:
        # As it is on the disk: no log, no writing, no extension.
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            (answer,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise DumpFailed(f"The database in it is none: {error}.") from error
    if answer != "ok":
        raise DumpFailed(f"The database in it is damaged: {answer}.")


def _put_back_sqlite(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.restored")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        if target.exists():
            with closing(sqlite3.connect(target)) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            target.replace(target.with_name(target.name + _OLD))
        for log in ("-wal", "-shm"):  # those of the old file would be taken for the new one's
            target.with_name(target.name + log).unlink(missing_ok=True)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise DumpFailed(f"The database at {target} can not be replaced: {error}.") from error


async def _empty_postgres(url: str) -> None:
    """Drop our tables, whatever they are in the release that made them, and nothing else."""
    engine = open_engine(url, for_migration=True)
    try:
        async with engine.begin() as connection:
            for name in await connection.run_sync(lambda plain: inspect(plain).get_table_names()):
                await connection.execute(text(f'DROP TABLE "{name}" CASCADE'))
    except (StorageUnavailable, SQLAlchemyError) as error:
        raise DumpFailed(f"The database can not be emptied: {type(error).__name__}.") from error
    finally:
        await engine.dispose()


async def _postgres(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, which others can not read."""
    plain = url.set(drivername="postgresql")._replace(password=None)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    address = f"--dbname={plain.render_as_string(hide_password=False)}"
    await _run(_program(program), *arguments, address, environment=secret)


async def _run(program: str, *arguments: str, environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=os.environ | environment
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        words = " ".join(said.decode(errors="replace").split())[:300]
        raise DumpFailed(f"{Path(program).name} failed: {words or process.returncode}")


def _program(name: str) -> str:
    """Where one of PostgreSQL's programs is; Debian keeps those of each version in a folder of its own."""
    found = shutil.which(name)
    if found is not None:
        return found
    newest = max(_DEBIAN.glob(f"*/bin/{name}"), default=None, key=lambda path: int(path.parts[-3]))
    if newest is None:
        raise DumpFailed(f"{name} is not installed (Debian: apt-get install postgresql-client).")
    return str(newest)
