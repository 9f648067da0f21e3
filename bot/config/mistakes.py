"""What can be wrong in the configuration, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.positions import Position, SettingPath


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with the setting `setting`; that is empty where the file is no TOML."""

    setting: SettingPath
    text: str
    position: Position | None = None

    def __str__(self) -> str:
        """The setting's name and what is wrong."""
        name = ".".join(map(str, self.setting))
        return f"{name}: {self.text}" if name else self.text


class ConfigError(Exception):
    """The configuration at `path` can not be used; `found` is everything that is wrong, in the order of the file."""

    def __init__(self, path: Path, found: Sequence[Mistake]) -> None:
        super().__init__(f"{path}: " + "; ".join(map(str, found)))
        self.path = path
        self.found = tuple(found)

    @property
    def mistakes(self) -> list[str]:
        """What is wrong, without the place."""
        return [str(mistake) for mistake in self.found]

    @property
    def lines(self) -> list[str]:
        """What is wrong and where, as compilers write it: `config.toml:3:8: web.port: ...`."""
        return [f"{self.path}{_suffix(mistake.position)}: {mistake}" for mistake in self.found]


def _suffix(position: Position | None) -> str:
    return f":{position.line}:{position.column}" if position is not None else ""
