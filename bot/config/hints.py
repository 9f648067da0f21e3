"""What somebody may have meant by a setting that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel

from bot.config.positions import SettingPath
from bot.config.section import Section
from bot.config.whole import Config

_SECRETS: Final = ("token", "password", "secret", "api_key")
_CLOSE: Final = 0.6


def known_part(path: SettingPath) -> SettingPath:
    """`path` without what pydantic adds behind a setting's name for each kind that its value may have."""
    section: type[BaseModel] | None = Config
    for depth, part in enumerate(path):
        if isinstance(part, str) and section is None:
            return path[:depth]
        if isinstance(part, str) and section is not None:
            field = section.model_fields.get(part)
            section = None if field is None else _section_in(field.annotation)
    return path


def hint(path: SettingPath) -> str:
    """One sentence about the unknown setting at `path`, without a full stop; empty when nothing is like it."""
    name = str(path[-1])
    table = _section_at(path[:-1])
    known = list(table.model_fields) if table is not None else []
    if close := get_close_matches(name, known, n=1, cutoff=_CLOSE):
        return f'did you mean "{close[0]}"?'
    if any(word in name.lower() for word in _SECRETS):
        return "secrets belong into the environment or the file .env, never here"
    owners = [section for section, field in Config.model_fields.items() if name in _fields(field.annotation)]
    if len(owners) == 1:
        return f"it belongs under [{owners[0]}]"
    everywhere = {key: section for section, field in Config.model_fields.items() for key in _fields(field.annotation)}
    if close := get_close_matches(name, everywhere, n=1, cutoff=0.8):
        return f'did you mean "{close[0]}" under [{everywhere[close[0]]}]?'
    return ""


def _section_at(path: SettingPath) -> type[BaseModel] | None:
    section: type[BaseModel] | None = Config
    for part in path:
        if isinstance(part, str) and section is not None:
            field = section.model_fields.get(part)
            section = None if field is None else _section_in(field.annotation)
    return section


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, one or a list of them."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, Section):
            return one
    return None


def _fields(annotation: Any) -> list[str]:
    section = _section_in(annotation)
    return list(section.model_fields) if section is not None else []
