"""`uso-bot web`: the password of the page, and tokens."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
PASSWORD = "correct horse battery"


def stored(folder: Path) -> bytes:
    """Everything in the database's files."""
    return b"".join(file.read_bytes() for file in sorted((folder / "data").glob("uso-bot.sqlite3*")))


def test_a_password_is_piped_in_and_nowhere_to_be_read(uso_bot: Run, tmp_path: Path) -> None:
    result = uso_bot("web", "password", typed=PASSWORD + "\n")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "The password is set. Everybody signs in anew.\n"
    assert PASSWORD.encode() not in stored(tmp_path)
    with sqlite3.connect(tmp_path / "data/uso-bot.sqlite3") as database:
        ((hashed,),) = database.execute("select password_hash from web_password").fetchall()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("typed", ["", "short\n", "x" * 300 + "\n"])
def test_a_password_has_a_length(uso_bot: Run, tmp_path: Path, typed: str) -> None:
    result = uso_bot("web", "password", typed=typed)
    assert result.returncode == 2
    assert result.stderr == "uso-bot: Please take a password of 10 to 256 characters.\n"


def test_tokens_are_made_listed_and_revoked(uso_bot: Run, tmp_path: Path) -> None:
    assert uso_bot("web", "token", "list").stdout == "There are no tokens.\n"
    made = uso_bot("web", "token", "create", "grafana", "--scope", "metrics", "--days", "30")
    assert made.returncode == 0
    secret = made.stdout.strip()
    assert secret.startswith("uso_")
    assert len(secret) == 47
    assert secret not in made.stderr
    assert secret.encode() not in stored(tmp_path)
    assert uso_bot("web", "token", "create", "nightly", "--for", "discord:42").returncode == 0

    lines = uso_bot("web", "token", "list").stdout.splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["grafana", "metrics", "for", "web:local,"],
        ["nightly", "draw", "for", "discord:42,"],
    ]
    assert lines[1].endswith("until revoked, never used")

    assert uso_bot("web", "token", "revoke", "grafana").stdout == "The token “grafana” is revoked.\n"
    again = uso_bot("web", "token", "revoke", "grafana")
    assert (again.returncode, again.stderr) == (2, "uso-bot: There is no token “grafana” any more.\n")
    taken = uso_bot("web", "token", "create", "nightly")
    assert (taken.returncode, taken.stdout) == (2, "")
    assert "There is a token named “nightly” already" in taken.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scope", "all"), "'all' is not one of 'draw', 'operate', 'metrics'"),
        (("--for", "ada"), "'ada' is no person"),
        (("--days", "0"), "A token can last 1 to 3650 days"),
    ],
)
def test_what_is_no_token(uso_bot: Run, arguments: tuple[str, ...], said: str) -> None:
    result = uso_bot("web", "token", "create", "nightly", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
