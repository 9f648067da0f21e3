"""Catalogs of texts: one Fluent file a language; adding a language is adding a file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number

FALLBACK_LOCALE: Final = "en"


class Catalog:
    """All texts of one language."""

    def __init__(self, locale: str, bundle: FluentBundle) -> None:
        self.locale: Final = locale
        self._bundle = bundle

    def text(self, key: str, /, **arguments: str | int | float) -> str:
        """The text of `key` with its arguments filled in; raises KeyError for an unknown key, ValueError for a bad one.

        Strings that come from people go in as they are: each adapter escapes for its own platform.
        """
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        # Without grouping: 1,024 pixels or seed 3,407 could not be copied back.
        plain = {
            name: value if isinstance(value, str) else fluent_number(value, useGrouping=False)
            for name, value in arguments.items()
        }
        text, errors = self._bundle.format_pattern(message.value, plain)
        if errors:
            raise ValueError(f"text {key!r} ({self.locale}): {errors[0]}")
        return str(text)


class Catalogs:
    """The languages that are there."""

    def __init__(self, catalogs: Mapping[str, Catalog]) -> None:
        self._catalogs = dict(catalogs)

    @property
    def locales(self) -> tuple[str, ...]:
        """Their tags, sorted."""
        return tuple(sorted(self._catalogs))

    def for_locale(self, locale: str | None) -> Catalog:
        """The catalog for a BCP 47 tag such as `de-AT`; English where there is none."""
        language = (locale or FALLBACK_LOCALE).replace("_", "-").split("-")[0].lower()
        return self._catalogs.get(language, self._catalogs[FALLBACK_LOCALE])


def load_catalogs() -> Catalogs:
    """Read every `locales/*.ftl` of this package."""
    catalogs: dict[str, Catalog] = {}
    for file in resources.files("bot.messages").joinpath("locales").iterdir():
        if not file.name.endswith(".ftl"):
            continue
        locale = file.name.removesuffix(".ftl")
        # Isolation marks are for mixed writing directions; they show up as boxes in terminals and chats.
        bundle = FluentBundle([locale], use_isolating=False)
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
        catalogs[locale] = Catalog(locale, bundle)
    return Catalogs(catalogs)
