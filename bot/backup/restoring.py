"""Checking a backup, and putting it back."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from bot.backup.archive import DATABASE, Content, Manifest
from bot.backup.reading import read_backup
from bot.places import Places, pictures_folder
from storage.database import known_revisions, upgrade
from storage.dumps import check_dump, is_empty, kind_of_database, put_back


class RestoreRefused(Exception):  # noqa: N818 -- what happened
    """It does not fit what is there; `args[0]` is one sentence."""


async def verify(file: Path) -> Manifest:
    """Read the whole of a backup and look into its database. Raises `BackupDamaged`, `DumpFailed` and `OSError`."""
    with tempfile.TemporaryDirectory(prefix="uso-bot-") as scratch:
        into = _into(Path(scratch), {Content.DATABASE})
        manifest = await asyncio.to_thread(read_backup, file, into)
        await check_dump(manifest.database, Path(scratch) / DATABASE)
    return manifest


async def restore(at: Places, file: Path, *, is_forced: bool) -> Manifest:
    """Verify the backup in `file`, then put it in the place of what is there; the caller holds the bot's lock.

    Pictures and keys come first and the database last, so that a restore that breaks off has changed no row. Pictures
    that are there stay; `uso-bot admin collect` removes those that nothing names. Tables of an older bot are brought
    up to date. Raises `RestoreRefused`, `BackupDamaged`, `DumpFailed`, `OSError` and what opening the database raises.
    """
    at.folder.mkdir(parents=True, exist_ok=True)
    _check_room(file, at.folder)
    with tempfile.TemporaryDirectory(dir=at.folder, prefix=".restore-") as scratch:
        folder = Path(scratch)
        manifest = await asyncio.to_thread(read_backup, file, _into(folder, set(Content)))
        kind = kind_of_database(at.database_url)
        if manifest.database != kind:
            raise RestoreRefused(f"The backup is of {manifest.database}, but [storage] database_url names {kind}.")
        if manifest.revision not in known_revisions():
            raise RestoreRefused(f"The backup is of a newer bot (revision {manifest.revision}); update this one first.")
        await check_dump(kind, folder / DATABASE)
        if not is_forced and not await is_empty(at.database_url):
            raise RestoreRefused("The database is not empty; --force puts the backup in its place.")
        await asyncio.to_thread(_move, folder, at)
        await put_back(at.database_url, folder / DATABASE)
    await upgrade(at.database_url)
    return manifest


def _into(folder: Path, wanted: set[Content]) -> Callable[[Content, str], IO[bytes] | None]:
    """Opens files in `folder`; the names are those of `content_of`, which lead nowhere else."""

    def opened(content: Content, name: str) -> IO[bytes] | None:
        if content not in wanted:
            return None
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")

    return opened


def _check_room(file: Path, folder: Path) -> None:
    needed, free = file.stat().st_size, shutil.disk_usage(folder).free
    if needed > free:
        raise RestoreRefused(
            f"There is not enough room: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free."
        )


def _move(scratch: Path, at: Places) -> None:
    """Give the pictures and keys their places; a picture that is there is the same, or damaged."""
    for path in (scratch / "pictures").glob("??/*"):
        target = pictures_folder(at) / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    for path in (scratch / "keys").glob("*"):
        path.chmod(0o600)
        path.replace(at.folder / path.name)
