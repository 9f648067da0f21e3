"""What people filled in, read from the submission itself: a form answered after a restart is as good as any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from discord import Interaction

from adapters.discord.cdn import PostedPicture


@dataclass(frozen=True, slots=True)
class Filled:
    """Texts, choices and files by the custom id of their field; a field that was not on the form is missing."""

    texts: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[PostedPicture, ...]]

    @property
    def typed(self) -> Mapping[str, str]:
        """Texts and choices, to open the form with them once more; files can not be given back."""
        return {**self.texts, **{name: values[0] for name, values in self.choices.items() if values}}

    def choice(self, name: str) -> str | None:
        """The one that was chosen."""
        return next(iter(self.choices.get(name, ())), None)


def read_filled(interaction: Interaction[Any]) -> Filled:
    """Read a form's submission."""
    data: Mapping[str, Any] = interaction.data or {}
    attachments = data.get("resolved", {}).get("attachments", {})
    texts: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[PostedPicture, ...]] = {}
    for field in _fields(data.get("components", [])):
        name, values = field["custom_id"], tuple(field.get("values") or ())
        if "value" in field:
            texts[name] = field["value"] or ""
        elif any(one in attachments for one in values):
            files[name] = tuple(_posted(attachments[one]) for one in values)
        else:
            choices[name] = values
    return Filled(texts, choices, files)


def _fields(components: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if "custom_id" in component:
            yield component
        inside = component.get("component")
        yield from _fields([*component.get("components", []), *([inside] if inside else [])])


def _posted(attachment: Mapping[str, Any]) -> PostedPicture:
    return PostedPicture(attachment["url"], attachment["filename"], attachment["size"])
