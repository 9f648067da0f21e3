"""Command descriptions and choices in the languages of the catalogs."""

from __future__ import annotations

from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

from bot.messages.catalogs import FALLBACK_LOCALE, Catalogs


class Phrases:
    """Texts by key, in English and with the key attached that `CatalogTranslator` looks up."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._english = catalogs.for_locale(FALLBACK_LOCALE)

    def __call__(self, key: str) -> locale_str:
        """The text of `key`; raises KeyError for an unknown key."""
        return locale_str(self._english.text(key), key=key)


class CatalogTranslator(Translator):
    """Translates what `Phrases` made; every Discord locale of a catalog's language gets its text."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._catalogs = catalogs

    async def translate(self, string: locale_str, locale: Locale, _context: TranslationContextTypes, /) -> str | None:
        """The text in that language, or None where English has to do."""
        key = string.extras.get("key")
        catalog = self._catalogs.for_locale(locale.value)
        if key is None or catalog.locale == FALLBACK_LOCALE:
            return None
        return catalog.text(key)
