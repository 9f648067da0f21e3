"""The group of all commands."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from bot.admin import library, moderating, people, upkeep, working
from bot.options import config_option

_COMMANDS: Final = (
    working.queue,
    working.cancel,
    working.stats,
    working.outbox,
    working.errors,
    working.pause,
    working.drain,
    working.resume,
    working.restart_engine,
    people.show,
    people.grant,
    people.tier,
    people.block,
    people.unblock,
    people.export,
    people.erase,
    library.history,
    library.favourite,
    library.styles,
    library.rename_style,
    library.delete_style,
    moderating.audit,
    moderating.reports,
    moderating.close_report,
    upkeep.collect,
)


@click.group()
@config_option("The configuration of the bot.")
@click.pass_context
def admin(context: click.Context, config_path: Path) -> None:
    """Look after the bot and its people (discord:ID, telegram:ID or web:local), whether it runs or not."""
    context.obj = config_path


for command in _COMMANDS:
    admin.add_command(command)
