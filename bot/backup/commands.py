"""`uso-bot backup` and `uso-bot restore`."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Final

import click

from bot.backup.archive import Manifest
from bot.backup.restoring import restore, verify
from bot.backup.session import configured_places, told
from bot.backup.writing import make_backup
from bot.bootstrap import SystemClock, only_one
from bot.domain.audit import COMMAND_LINE, AuditAction, AuditEntry
from bot.options import config_option
from bot.places import Places
from storage.database import Database

_FILE: Final = click.Path(path_type=Path, dir_okay=False)


class _Unless(click.Group):
    """A group whose first word may be left out: `uso-bot backup FILE` is `uso-bot backup create FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word in where none is given."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["create", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Unless, subcommand_metavar="[FILE | verify FILE]")
def backup() -> None:
    """Write everything that can not be made again into FILE, also while the bot runs; `verify FILE` checks one."""


@backup.command()
@config_option("The configuration of the bot.")
@click.argument("file", type=_FILE)
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Whether pictures go in.")
def create(config_path: Path, file: Path, *, pictures: bool) -> None:
    """Make a backup: database, pictures and keys. Tokens (.env) and config.toml are yours to keep."""
    at = configured_places(config_path)
    if file.exists():
        raise click.UsageError(f"{file} is there already; choose another name.")

    async def work() -> Manifest:
        manifest = await make_backup(at, file, with_pictures=pictures)
        await _note(at, file)
        return manifest

    with told(file):
        manifest = asyncio.run(work())
        click.echo(f"{file}: {_described(manifest)}.\nsha256 {_digest(file)}")


@backup.command("verify")
@click.argument("file", type=_FILE)
def verify_command(file: Path) -> None:
    """Read the whole of a backup, and tell what it holds or what is wrong with it."""
    with told(file):
        click.echo(f"{file} is whole: {_described(asyncio.run(verify(file)))}.")


@click.command("restore")
@config_option("The configuration of the bot.")
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Put it in the place of a database that is not empty.")
def restore_command(config_path: Path, file: Path, *, force: bool) -> None:
    """Put the backup in FILE back; the bot must not be running. It is verified before anything is changed."""
    at = configured_places(config_path)
    with told(file):
        at.folder.mkdir(parents=True, exist_ok=True)
        with only_one(at.folder):
            manifest = asyncio.run(restore(at, file, is_forced=force))
    click.echo(f"{file} is restored: {_described(manifest)}.")


async def _note(at: Places, file: Path) -> None:
    """Write it into the audit log: a backup holds what everybody asked for."""
    database = await Database.open(at.database_url)
    try:
        async with database.unit_of_work() as unit:
            await unit.audit.add(AuditEntry(SystemClock().now(), COMMAND_LINE, AuditAction.BACKUP, "", file.name[:100]))
            await unit.commit()
    finally:
        await database.close()


def _described(manifest: Manifest) -> str:
    pictures = f"{manifest.pictures} pictures" if manifest.with_pictures else "no pictures"
    return (
        f"{manifest.database} at revision {manifest.revision}, {pictures}, {manifest.size_bytes / 1e6:.1f} MB, "
        f"made {manifest.made_at} by version {manifest.version}"
    )


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
