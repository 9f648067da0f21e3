"""The file `.env` is read as a shell would read it, and the environment wins over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import ConfigError, load_all
from bot.config.env_file import read_env_file, with_env_file


def test_names_values_quotes_and_comments(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# tokens\n\nA=1\nexport B='two words'\nC=\"x=y\" # mine\nD=\n")
    assert read_env_file(file) == {"A": "1", "B": "two words", "C": "x=y", "D": ""}
    assert read_env_file(tmp_path / "none") == {}


@pytest.mark.parametrize("line", ["A", "A=b c", "1A=b", "A='b", "$(rm -rf x)=1", "A=b'c'd\"e"])
def test_what_is_no_assignment_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"GOOD=1\n{line}\n")
    with pytest.raises(ConfigError) as error:
        read_env_file(tmp_path / ".env")
    assert error.value.lines == [f"{tmp_path / '.env'}:2:1: write NAME=value, in quotes if it holds blanks"]


def test_the_environment_wins_where_it_says_something(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=file\nB=file\n")
    assert with_env_file(tmp_path, {"A": "environment", "B": ""}) == {"A": "environment", "B": "file"}


def test_a_database_of_the_environment_replaces_the_configured_one_and_stays_secret(tmp_path: Path) -> None:
    config, secrets = load_all(tmp_path / "config.toml", {"USO_BOT_DATABASE_URL": "postgresql://u:sesame@db/x"})
    assert config.storage.database_url == "postgresql://u:sesame@db/x"
    assert config.storage.folder == "data"
    assert "sesame" not in repr(secrets)
