"""`uso-bot init`, by options and on a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord.surroundings import _NEEDED
from bot.setup.steps import invite_link
from bot.setup.tokens import application_id
from tests.e2e.commands.conftest import command
from tests.servers.discord.server import BOT_TOKEN
from tests.servers.telegram.server import TOKEN

Run = Callable[..., subprocess.CompletedProcess[str]]
ANSWER_S = 60.0
DEFAULTS = Path(__file__).parents[3] / "bot/config/default.toml"


def tokens(folder: Path) -> list[str]:
    """The options that hand over both tokens."""
    (folder / "discord").write_text(BOT_TOKEN + "\n")
    (folder / "telegram").write_text(TOKEN + "\n")
    return ["--discord-token-file", "discord", "--telegram-token-file", "telegram"]


def test_a_fresh_folder_gets_both_files_and_all_steps_are_told(uso_bot: Run, tmp_path: Path) -> None:
    more = ("--data-folder", "pictures of all", "--weights-folder", "/srv/weights", "--operator", "telegram:42")
    result = uso_bot("init", "home", "--no-input", *tokens(tmp_path), *more)
    assert result.returncode == 0, result.stderr
    config = (tmp_path / "home/config.toml").read_text()
    changed = [line for line in config.splitlines() if line not in DEFAULTS.read_text().splitlines()]
    database = 'database_url = "sqlite+aiosqlite:///pictures of all/uso-bot.sqlite3"'
    assert changed == [
        database,
        'folder = "pictures of all"',
        'weights_folder = "/srv/weights"',
        'people = ["telegram:42"]',
    ]
    env = tmp_path / "home/.env"
    assert env.stat().st_mode & 0o777 == 0o600
    assert env.read_text() == f"DISCORD_TOKEN={BOT_TOKEN}\nTELEGRAM_TOKEN={TOKEN}\n"
    assert (tmp_path / "home/pictures of all").is_dir()
    for words in ("client_id=105&", "@BotFather", "/newbot", "/setinline", "uso-bot doctor", "uso-bot run"):
        assert words in result.stdout
    for token in (BOT_TOKEN, TOKEN):
        assert token not in result.stdout + result.stderr + config
    assert uso_bot("config", "check", "--config", "home/config.toml").returncode == 0


def test_without_a_word_everything_is_the_default(uso_bot: Run, tmp_path: Path) -> None:
    result = uso_bot("init", "--no-input")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "config.toml").read_text() == DEFAULTS.read_text()
    assert not (tmp_path / ".env").exists()
    assert "--application-id" in result.stdout


def test_the_configuration_as_it_comes_with_a_clone_is_filled_in_without_a_question(
    uso_bot: Run, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(DEFAULTS.read_text())
    result = uso_bot("init", "--no-input", "--port", "2")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "config.toml").read_text() == DEFAULTS.read_text().replace("port = 8080", "port = 2")
    assert uso_bot("init", "--no-input", "--port", "3").returncode == 2, "now it is somebody's own"


def test_files_that_are_there_are_left_alone_unless_forced(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\n[web] # the page\nport = 1 # low\n")
    (tmp_path / ".env").write_text("# keep\nHF_TOKEN=hf\nDISCORD_TOKEN=old\n")
    (tmp_path / ".env").chmod(0o644)
    arguments = ["init", "--no-input", "--port", "2", "--weights-folder", "w", *tokens(tmp_path)]
    refused = uso_bot(*arguments)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "config.toml is there already" in refused.stderr
    assert "port = 1" in (tmp_path / "config.toml").read_text()
    assert "old" in (tmp_path / ".env").read_text()

    assert uso_bot(*arguments, "--force").returncode == 0
    text = (tmp_path / "config.toml").read_text()
    assert text.startswith("# mine\n[web] # the page\nport = 2 # low\n")
    assert tomllib.loads(text) == {"web": {"port": 2}, "engine": {"weights_folder": "w"}}
    assert (
        tmp_path / ".env"
    ).read_text() == f"# keep\nHF_TOKEN=hf\nDISCORD_TOKEN={BOT_TOKEN}\nTELEGRAM_TOKEN={TOKEN}\n"
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    again = uso_bot(*arguments)
    assert again.returncode == 0
    assert "is written" not in again.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--application-id", "me"], "that is no id"),
        (["--discord-token-file", "bad"], "no Discord token"),
        (["--telegram-token-file", "bad"], "no Telegram token"),
        (["--discord-token-file", "none"], "No such file"),
        (["--operator", "ada"], "operators.people.0"),
        (["--port", "99999"], "--port"),
        (["there/deeper"], "Not a directory"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    uso_bot: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "bad").write_text("sesame")
    (tmp_path / "there").write_text("a file")
    result = uso_bot("init", "--no-input", *arguments)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert words in result.stderr
    assert "sesame" not in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"bad", "there"}


def test_a_configuration_with_mistakes_is_not_touched(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nprot = 1\n")
    result = uso_bot("init", "--no-input", "--force", "--port", "2")
    assert result.returncode == 2
    assert 'config.toml:2:1: web.prot: there is no such setting; did you mean "port"?' in result.stderr
    assert (tmp_path / "config.toml").read_text() == "[web]\nprot = 1\n"


class Terminal:
    """A person at a terminal, who answers what is asked."""

    def __init__(self, arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
        self._mine, theirs = pty.openpty()
        self._process = subprocess.Popen(
            arguments,
            cwd=folder,
            env=environment | {"PYTHONPATH": str(Path(__file__).parents[3])},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.screen = ""

    def answer(self, question: str, words: str) -> None:
        """Wait for a question and type the answer."""
        seen = len(self.screen)
        while not re.search(rf"{question}[^\n]*: ?$", self.screen[seen:]):
            assert select.select([self._mine], [], [], ANSWER_S)[0], self.screen
            self.screen += os.read(self._mine, 4096).decode()
        os.write(self._mine, words.encode() + b"\n")

    def end(self) -> int:
        """Read to the end; returns the exit code."""
        while True:
            try:
                data = os.read(self._mine, 4096)
            except OSError:  # how Linux tells that the other side is gone
                break
            if not data:
                break
            self.screen += data.decode()
        os.close(self._mine)
        return self._process.wait(60)


def test_on_a_terminal_everything_is_asked_and_tokens_are_not_shown(
    environment: dict[str, str], tmp_path: Path
) -> None:
    terminal = Terminal(command("init"), tmp_path, environment)
    terminal.answer("Discord token", "sesame")
    terminal.answer("Discord token", BOT_TOKEN)
    terminal.answer("Telegram token", "")
    terminal.answer("pictures", "stuff")
    terminal.answer("weights", "")
    terminal.answer("Your own id", "discord:1, telegram:2")
    assert terminal.end() == 0, terminal.screen
    assert "no Discord token" in terminal.screen
    assert "client_id=105&" in terminal.screen
    assert BOT_TOKEN not in terminal.screen
    assert "sesame" not in terminal.screen
    config = tomllib.loads((tmp_path / "config.toml").read_text())
    assert (config["storage"]["folder"], config["engine"]["weights_folder"]) == ("stuff", "weights")
    assert config["operators"]["people"] == ["discord:1", "telegram:2"]
    assert (tmp_path / ".env").read_text() == f"DISCORD_TOKEN={BOT_TOKEN}\n"


def test_on_a_terminal_nothing_is_overwritten_without_a_yes(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=old\n")
    options = ["--data-folder", "d", "--weights-folder", "w", "--operator", "telegram:1"]
    for said, kept in (("n", "old"), ("y", TOKEN)):
        terminal = Terminal(command("init", *options), tmp_path, environment)
        terminal.answer("Discord token", "")
        terminal.answer("Telegram token", TOKEN)
        terminal.answer(".env is there already", said)
        assert terminal.end() == 0, terminal.screen
        assert (tmp_path / ".env").read_text() == f"TELEGRAM_TOKEN={kept}\n"


def test_the_link_asks_for_what_the_bot_needs_and_nothing_else() -> None:
    query = parse_qs(urlsplit(invite_link("105")).query)
    needed = {*_NEEDED, "send_messages", "send_messages_in_threads"}
    assert int(query["permissions"][0]) == discord.Permissions(**dict.fromkeys(needed, True)).value
    assert query["scope"] == ["bot applications.commands"]


@pytest.mark.parametrize(("token", "known"), [(BOT_TOKEN, "105"), ("x.y.z", None), ("äöü.y.z", None), ("", None)])
def test_a_token_tells_its_application(token: str, known: str | None) -> None:
    assert application_id(token) == known
