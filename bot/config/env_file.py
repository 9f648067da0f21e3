"""The file `.env` beside the configuration: tokens that are kept out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.config.mistakes import ConfigError, Mistake
from bot.config.positions import Position

ENV_FILE: Final = ".env"
"""Its name."""
_LINE: Final = re.compile(r"""(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=('[^']*'|"[^"]*"|[^'"\s]*)\s*(?:#.*)?""")


def read_env_file(path: Path) -> dict[str, str]:
    """The names and values in the file at `path`; none if it is missing. Raises `ConfigError`, which names no value."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ConfigError(path, [Mistake((), "the file is not text in UTF-8")]) from error
    except OSError as error:
        raise ConfigError(path, [Mistake((), error.strerror or str(error))]) from error
    values: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        if found := _LINE.fullmatch(line):
            values[found[1]] = found[2].strip("'\"")
        else:
            mistakes.append(Mistake((), "write NAME=value, in quotes if it holds blanks", Position(number, 1)))
    if mistakes:
        raise ConfigError(path, mistakes)
    return values


def with_env_file(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` and, for what it does not set, the file in `folder`. Raises `ConfigError`."""
    said = {name: value for name, value in environment.items() if value}
    return read_env_file(folder / ENV_FILE) | said
