"""`uso-bot config`: looking at the configuration without starting anything."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bot.config import ConfigError, load_all
from bot.options import config_option


@click.group()
def config() -> None:
    """Look at the configuration."""


@config.command()
@config_option("The file to check.")
def check(config_path: Path) -> None:
    """Tell every mistake at once, each with its line and column; exit code 1 if there is one."""
    if not config_path.is_file():
        raise click.ClickException(f"{config_path}: there is no such file; `uso-bot init` writes one.")
    try:
        load_all(config_path, os.environ)
    except ConfigError as error:
        click.echo("\n".join(error.lines))
        count = len(error.found)
        raise click.ClickException("There is one mistake." if count == 1 else f"There are {count} mistakes.") from error
    click.echo(f"{config_path} is in order.")
