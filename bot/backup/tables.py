"""`uso-bot database`: which release its tables are of, and the way back to an older one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.backup.session import configured_places, told
from bot.bootstrap import only_one
from bot.options import config_option
from storage.database import downgrade, known_revisions, revisions, upgrade


@click.group()
@config_option("The configuration of the bot.")
@click.pass_context
def database(context: click.Context, config_path: Path) -> None:
    """Look at the tables of the database, and take them to another release's while no bot runs."""
    context.obj = config_path


@database.command()
@click.pass_obj
def show(config_path: Path) -> None:
    """Tell the revision of the tables and that of this release."""
    at = configured_places(config_path)
    with told(Path()):
        found = asyncio.run(revisions(at.database_url))
    click.echo(f"database {found.current or 'without tables'}, this release {found.newest}")


@database.command("upgrade")
@click.pass_obj
def upgrade_command(config_path: Path) -> None:
    """Bring the tables to this release's; every start does that by itself."""
    at = configured_places(config_path)
    at.folder.mkdir(parents=True, exist_ok=True)
    with told(Path()), only_one(at.folder):
        asyncio.run(upgrade(at.database_url))
        found = asyncio.run(revisions(at.database_url))
    click.echo(f"The tables are at {found.current} now.")


@database.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def downgrade_command(config_path: Path, revision: str, *, yes: bool) -> None:
    """Take the tables back to REVISION (docs/upgrade.md), before an older release is installed.

    What only newer tables can hold is deleted; make a backup first.
    """
    known = known_revisions()
    if revision not in known:
        raise click.UsageError(f"There is no revision {revision[:40]!r}; known are {', '.join(sorted(known))}.")
    at = configured_places(config_path)
    with told(Path()):
        found = asyncio.run(revisions(at.database_url))
    if found.current is None or revision > found.current:
        raise click.UsageError(f"The database is at {found.current or 'no revision'}; that is no way back.")
    if not yes:
        click.confirm(f"Delete what {revision} can not hold?", abort=True)
    at.folder.mkdir(parents=True, exist_ok=True)
    with told(Path()), only_one(at.folder):
        asyncio.run(downgrade(at.database_url, revision))
    click.echo(f"The tables are at {revision} now. Install that release before the next start, which upgrades again.")
