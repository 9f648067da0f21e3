"""Reading the file: every mistake is reported at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from bot.config.whole import Config


class ConfigError(Exception):
    """The configuration can not be used; `mistakes` are one line each."""

    def __init__(self, path: Path, mistakes: list[str]) -> None:
        super().__init__(f"{path}: " + "; ".join(mistakes))
        self.path = path
        self.mistakes = mistakes


def load_config(path: Path) -> Config:
    """Read the file at `path`; a missing file means all defaults. Raises `ConfigError` with every mistake."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(path, [str(error)]) from error
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(path, [_mistake(one) for one in error.errors()]) from error
    mistakes = config.quotas.mistakes()
    if config.limits.min_side_px > config.limits.max_side_px:
        mistakes.append("limits.min_side_px: must not be larger than limits.max_side_px")
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


def _mistake(error: Mapping[str, object]) -> str:
    location = error["loc"]
    assert isinstance(location, tuple)
    name = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    return f"{name}: {error['msg']}"
