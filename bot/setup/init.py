"""`uso-bot init`: from nothing to a folder that `uso-bot run` starts in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import click

from bot.config import ConfigError
from bot.setup.answers import Answers, ask
from bot.setup.files import planned
from bot.setup.steps import BOTFATHER_STEPS, discord_steps
from bot.setup.tokens import discord_token, telegram_token

_MAY_CHANGE: Final = "{} is there already. Change what you just said in it, and leave the rest?"
_TOKEN_FILE: Final = click.File("r", encoding="utf-8")


class _BadInput(click.ClickException):
    exit_code = 2


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--discord-token-file", type=_TOKEN_FILE, metavar="FILE", help="Holds the token; - reads it from input.")
@click.option("--telegram-token-file", type=_TOKEN_FILE, metavar="FILE", help="Likewise.")
@click.option("--application-id", help="Of the Discord application, for the invite link; else the token tells it.")
@click.option("--data-folder", help="Where pictures and the database go.  [default: data]")
@click.option("--weights-folder", help="Where the model's files are, or will be.  [default: weights]")
@click.option("--port", type=click.IntRange(0, 65535), help="Of the page.  [default: 8080]")
@click.option("--operator", "operators", multiple=True, metavar="KEY", help="Who runs the bot, such as telegram:42.")
@click.option("--no-input", is_flag=True, help="Ask nothing: take the options and the defaults.")
@click.option("--force", is_flag=True, help="Change files that are there without asking; other settings in them stay.")
def init(
    *,
    folder: Path,
    discord_token_file: IO[str] | None,
    telegram_token_file: IO[str] | None,
    application_id: str | None,
    data_folder: str | None,
    weights_folder: str | None,
    port: int | None,
    operators: tuple[str, ...],
    no_input: bool,
    force: bool,
) -> None:
    """Write config.toml and .env into FOLDER, and tell the steps that are left. Asks for what no option says."""
    if application_id is not None and not application_id.isdecimal():
        raise _BadInput(f"--application-id {application_id!r}: that is no id; it is a number of about 18 digits.")
    given = Answers(
        discord=_from_file(discord_token_file, discord_token),
        telegram=_from_file(telegram_token_file, telegram_token),
        application=application_id,
        data_folder=data_folder,
        weights_folder=weights_folder,
        port=port,
        operators=operators,
    )
    is_asking = not no_input and sys.stdin.isatty()
    answers = ask(given) if is_asking else given
    try:
        folder.mkdir(parents=True, exist_ok=True)
        changes = planned(folder, answers)
        if not is_asking and not force and (there := [change.path for change in changes if change.is_there]):
            raise _BadInput(f"{there[0]} is there already; --force changes what you said and leaves the rest.")
        for change in changes:
            if force or not change.is_there or click.confirm(_MAY_CHANGE.format(change.path)):
                change.write()
                click.echo(f"{change.path} is {'changed' if change.is_there else 'written'}.")
        if answers.data_folder is not None:
            (folder / Path(answers.data_folder).expanduser()).mkdir(parents=True, exist_ok=True)
    except ConfigError as error:
        raise _BadInput("\n".join(error.lines)) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no text in UTF-8"
        raise _BadInput(f"{getattr(error, 'filename', None) or folder}: {reason or error}.") from error
    click.echo(_next_steps(folder, answers))


def _from_file(file: IO[str] | None, read: Callable[[str], str]) -> str | None:
    if file is None:
        return None
    try:
        return read(file.read())
    except ValueError as error:  # of the token, or of text that is no UTF-8
        sentence = "That is no text in UTF-8." if isinstance(error, UnicodeDecodeError) else str(error)
        raise _BadInput(f"{file.name}: {sentence}") from error


def _next_steps(folder: Path, answers: Answers) -> str:
    there = "" if folder == Path() else f"cd {folder}, then "
    parts = []
    if answers.discord or answers.application_id:
        parts.append(discord_steps(answers.application_id))
    if answers.telegram:
        parts.append(BOTFATHER_STEPS)
    if not parts:
        parts = [
            discord_steps(None),
            BOTFATHER_STEPS,
            "Then run `uso-bot init` again with the tokens; the page needs none.",
        ]
    parts.append(f"Next: {there}`uso-bot doctor` looks whether all is well, `uso-bot run` starts the bot.")
    return "\n\n" + "\n\n".join(parts)
