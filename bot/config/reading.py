"""Reading the file: every mistake is reported at once, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.hints import hint, known_part
from bot.config.mistakes import ConfigError, Mistake
from bot.config.positions import Place, Position, SettingPath, find_places
from bot.config.section import Section
from bot.config.syntax import read_toml
from bot.config.whole import Config

_NOWHERE: Final = Position(0, 0)


def load_config(path: Path) -> Config:
    """Read the file at `path`; a missing file means all defaults. Raises `ConfigError` with every mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        raise ConfigError(path, [Mistake((), "the file is not text in UTF-8")]) from error
    except OSError as error:
        raise ConfigError(path, [Mistake((), error.strerror or str(error))]) from error
    config, mistakes = parse_config(text)
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


def parse_config(text: str) -> tuple[Config, list[Mistake]]:
    """The configuration that `text` holds, with defaults for sections at fault, and all its mistakes in order."""
    data, text, syntax = read_toml(text.replace("\r\n", "\n"))
    sections, wrong = _read_sections(data)
    places = find_places(text)
    mistakes = syntax + [_placed(mistake, places) for mistake in wrong]
    return Config(**sections), sorted(mistakes, key=lambda mistake: mistake.position or _NOWHERE)


def _read_sections(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Mistake]]:
    """Read each section by itself, so that a mistake in one does not hide what is wrong between settings of others."""
    sections: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name, given in data.items():
        field = Config.model_fields.get(name)
        if field is None:
            mistakes.append(_unknown((name,)))
            continue
        model = cast("type[Section]", field.annotation)
        try:
            section = sections[name] = model.model_validate(given)
        except ValidationError as error:
            mistakes += _merged([_mistake(name, one) for one in error.errors()])
        else:
            mistakes += [Mistake((name, *where), text) for where, text in section.misfits()]
    return sections, mistakes


def _mistake(section: str, error: ErrorDetails) -> Mistake:
    path = known_part((section, *error["loc"]))
    if error["type"] == "extra_forbidden":
        return _unknown(path)
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")
    return Mistake(path, "is missing" if error["type"] == "missing" else message)


def _unknown(path: SettingPath) -> Mistake:
    what = "there is no such section" if len(path) == 1 else "there is no such setting"
    meant = hint(path)
    return Mistake(path, f"{what}; {meant}" if meant else what)


def _merged(mistakes: list[Mistake]) -> list[Mistake]:
    """One mistake for a value that fits none of the kinds it may have."""
    texts: dict[SettingPath, list[str]] = {}
    for mistake in mistakes:
        texts.setdefault(mistake.setting, []).append(mistake.text)
    return [Mistake(setting, ", or ".join(texts[setting])) for setting in texts]


def _placed(mistake: Mistake, places: Mapping[SettingPath, Place]) -> Mistake:
    """Say where: at the value, at the name of an unknown setting, or at the table that misses one."""
    path = mistake.setting
    while path and path not in places:
        path = path[:-1]
    if not path:
        return mistake
    is_unknown = mistake.text.startswith("there is no such")
    position = places[path].name if is_unknown else places[path].value
    return Mistake(mistake.setting, mistake.text, position)
