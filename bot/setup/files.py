"""Writing the configuration and the file of tokens, whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import tomlkit

from bot.config import ConfigError, parse_config
from bot.config.env_file import ENV_FILE
from bot.setup.answers import Answers

Settings = Mapping[str, Mapping[str, str | int | list[str]]]
"""Values by section and name."""

_CONFIG_FILE: Final = "config.toml"
_SQLITE: Final = "sqlite+aiosqlite:///{}/uso-bot.sqlite3"
_SHARED: Final = 0o644
_OWN: Final = 0o600


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be written with `text` in it; `mode` as for `os.chmod`.

    `is_there` says that somebody's own work is; a configuration as it comes with the bot is not.
    """

    path: Path
    text: str
    mode: int
    is_there: bool

    def write(self) -> None:
        """Write it whole or not at all. Raises `OSError`."""
        _write(self.path, self.text, self.mode)


def planned(folder: Path, answers: Answers) -> list[Change]:
    """What is to be written into `folder`; nothing where it says so already. Raises `ConfigError` and `OSError`."""
    return [change for change in (_config(folder, answers), _env(folder, answers)) if change is not None]


def _config(folder: Path, answers: Answers) -> Change | None:
    path = folder / _CONFIG_FILE
    is_there = path.exists()
    text = path.read_text(encoding="utf-8") if is_there else default_config()
    changed = changed_config(path, text, _with_database(answers.settings, text))
    if is_there and changed == text:
        return None
    mode = path.stat().st_mode & 0o777 if is_there else _SHARED
    return Change(path, changed, mode, is_there and text != default_config())


def _with_database(settings: Settings, text: str) -> Settings:
    """The SQLite database moves along with the data folder it is in."""
    storage = settings.get("storage", {})
    config, _ = parse_config(text)
    if "folder" not in storage or config.storage.database_url != _SQLITE.format(config.storage.folder):
        return settings
    return {**settings, "storage": {**storage, "database_url": _SQLITE.format(storage["folder"])}}


def _env(folder: Path, answers: Answers) -> Change | None:
    """The tokens, for their owner's eyes only."""
    path = folder / ENV_FILE
    is_there = path.exists()
    text = path.read_text(encoding="utf-8") if is_there else ""
    changed = changed_env(text, answers.tokens)
    return None if changed == text or not answers.tokens else Change(path, changed, _OWN, is_there)


def default_config() -> str:
    """Every setting with its default and a comment."""
    return files("bot.config").joinpath("default.toml").read_text(encoding="utf-8")


def changed_config(path: Path, text: str, settings: Settings) -> str:
    """`text` with other values; comments and everything else stay. Raises `ConfigError` where it has mistakes."""
    _, mistakes = parse_config(text)
    if mistakes:
        raise ConfigError(path, mistakes)
    document = tomlkit.parse(text)
    for section, values in settings.items():
        if values and section not in document:
            document.add(section, tomlkit.table())
        table = document[section]
        assert isinstance(table, MutableMapping), "a section, or there had been a mistake"
        for name, value in values.items():
            table[name] = value
    changed = tomlkit.dumps(document)
    _, mistakes = parse_config(changed)
    if mistakes:
        raise ConfigError(path, mistakes)
    return changed


def changed_env(text: str, tokens: Mapping[str, str]) -> str:
    """`text`, the content of a file `.env`, with other tokens; all other lines stay."""
    lines = text.splitlines()
    for name, token in tokens.items():
        lines = [line for line in lines if not re.match(rf"\s*(export\s+)?{name}=", line)]
        lines.append(f"{name}={token}")
    return "".join(f"{line}\n" for line in lines)


def _write(path: Path, text: str, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # made with mode 0600
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
