"""What is asked at the set-up, on a terminal or by options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from bot.setup.tokens import application_id, discord_token, telegram_token

_DATA: Final = "data"
_WEIGHTS: Final = "weights"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said; None where nothing was, so that what is there stays.

    `operators` are keys such as `discord:80351110224678912`.
    """

    discord: str | None = None
    telegram: str | None = None
    application: str | None = None
    data_folder: str | None = None
    weights_folder: str | None = None
    port: int | None = None
    operators: tuple[str, ...] = ()

    @property
    def application_id(self) -> str | None:
        """The Discord application, as said or as its token tells."""
        return self.application or (application_id(self.discord) if self.discord else None)

    @property
    def tokens(self) -> dict[str, str]:
        """The tokens by the names they have in the environment."""
        named = {"DISCORD_TOKEN": self.discord, "TELEGRAM_TOKEN": self.telegram}
        return {name: token for name, token in named.items() if token}

    @property
    def settings(self) -> dict[str, dict[str, str | int | list[str]]]:
        """What goes into the configuration, by section."""
        given: dict[str, dict[str, str | int | list[str] | None]] = {
            "storage": {"folder": _expanded(self.data_folder)},
            "engine": {"weights_folder": _expanded(self.weights_folder)},
            "web": {"port": self.port},
            "operators": {"people": list(self.operators) or None},
        }
        said = {
            section: {name: value for name, value in values.items() if value is not None}
            for section, values in given.items()
        }
        return {section: values for section, values in said.items() if values}


def _expanded(folder: str | None) -> str | None:
    """The folder with `~` written out, which only shells understand."""
    return str(Path(folder).expanduser()) if folder and folder.startswith("~") else folder


def ask(given: Answers) -> Answers:
    """Ask on the terminal for what the options left open. Tokens are not shown while they are typed."""
    click.echo("Tokens are not shown while you type; press Enter to leave a chat out. Both can be added later.")
    answers = given
    if answers.discord is None:
        answers = replace(answers, discord=_secret("Discord token", discord_token))
    if answers.telegram is None:
        answers = replace(answers, telegram=_secret("Telegram token", telegram_token))
    if answers.data_folder is None:
        answers = replace(answers, data_folder=click.prompt("Folder for pictures and the database", default=_DATA))
    if answers.weights_folder is None:
        answers = replace(
            answers, weights_folder=click.prompt("Folder for the weights (about 40 GB)", default=_WEIGHTS)
        )
    if not answers.operators and (answers.discord or answers.telegram):
        words = "Your own id, to use /admin from a chat, such as discord:80351110224678912 (Enter: none)"
        said = click.prompt(words, default="", show_default=False)
        answers = replace(answers, operators=tuple(said.replace(",", " ").split()))
    return answers


def _secret(words: str, read: Callable[[str], str]) -> str | None:
    while True:
        said: str = click.prompt(words, default="", hide_input=True, show_default=False)
        if not said.strip():
            return None
        try:
            return read(said)
        except ValueError as error:
            click.echo(str(error))
