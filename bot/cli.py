"""The command line: `uso-bot init`, `run`, `generate`, `admin` and the others."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from bot.options import config_option

if TYPE_CHECKING:
    from bot.ports.recipes import RecipeSource

# Commands are imported when they are called: `uso-bot run` must not wait for what `generate` needs.
_COMMANDS: Final = {
    "init": ("bot.setup.init", "init"),
    "doctor": ("bot.doctor.command", "doctor"),
    "config": ("bot.setup.check", "config"),
    "run": ("bot.cli", "run"),
    "generate": ("adapters.engine.commands.generate", "generate"),
    "weights": ("adapters.engine.commands.weights", "weights"),
    "admin": ("bot.admin.group", "admin"),
    "backup": ("bot.backup.commands", "backup"),
    "restore": ("bot.backup.commands", "restore_command"),
    "database": ("bot.backup.tables", "database"),
    "web": ("bot.web_commands", "web"),
}


class LazyGroup(click.Group):
    """A group whose commands are found by module and name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """All commands in the order of a newcomer's needs."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        return cast("click.Command", getattr(import_module(module), name))


@click.group(cls=LazyGroup)
@click.version_option(package_name="uso-bot")
def commands() -> None:
    """USO Bot: any subject in any scene in any style."""


@click.command()
@config_option("The configuration file.")
def run(config_path: Path) -> None:
    """Start the page, and the chats whose tokens are set."""
    from bot.bootstrap import StartError, run_bot  # noqa: PLC0415 -- not before it is needed
    from bot.config import ConfigError, load_all  # noqa: PLC0415
    from bot.logs.setting_up import set_up_log  # noqa: PLC0415
    from bot.services.recent_errors import RecentErrors  # noqa: PLC0415

    try:
        config, secrets = load_all(config_path, os.environ)
    except ConfigError as error:
        raise click.UsageError("\n".join(error.lines)) from error
    errors = RecentErrors()
    webhook = secrets.error_webhook_url
    try:
        set_up_log(
            config.log,
            secrets=[*secrets.values(), os.environ.get("HF_TOKEN", "")],
            webhook_url=webhook.get_secret_value() if webhook is not None else None,
            errors=errors,
        )
    except ValueError as error:
        raise click.UsageError(f"ERROR_WEBHOOK_URL {error}") from error
    try:
        asyncio.run(run_bot(config, secrets, config_path.resolve().parent, errors))
    except StartError as error:
        raise click.ClickException(str(error)) from error
    except Exception:
        # Through the log and not past it: the traceback may hold a secret, and whoever is told of errors hears of it.
        logging.getLogger(__name__).critical("the bot ended by a fault of its own", exc_info=True)
        sys.exit(1)


def _open_recipes(config_path: Path) -> RecipeSource:
    """Implements `bot.ports.recipes.OpenRecipeSource`; the storage is imported when it is wanted."""
    from bot.recipe_source import open_recipe_source  # noqa: PLC0415

    return open_recipe_source(config_path)


def main() -> None:
    """Run a command; bad input is one line and exit code 2, any other failure one line and 1, Ctrl-C 130."""
    try:
        result = commands.main(standalone_mode=False, obj=_open_recipes)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(error.format_message() + "\n")
        sys.exit(2)
    except click.ClickException as error:
        sys.stderr.write(f"uso-bot: {error.format_message()}\n")
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(result if isinstance(result, int) else 0)
