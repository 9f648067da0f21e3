"""In which language somebody is answered, and whether only they may see it: their own choice before Telegram's."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected
from bot.domain.people import UserSettings
from bot.messages.catalogs import Catalog

_PATIENCE_S: Final = 1.0


class Languages:
    """Reads people's settings before they are answered; a database that does not answer holds no answer up."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def settings_of(self, actor: Actor) -> UserSettings | None:
        """What the actor prefers; None if that can not be read in a moment."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self._application.preferences.of_user(actor)
        except (Rejected, TimeoutError):
            return None

    async def catalog_of(self, actor: Actor) -> Catalog:
        """The words in the language that the actor chose, else in that of their Telegram."""
        locale = actor.locale
        with contextlib.suppress(Rejected, TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                locale = await self._application.preferences.locale_of(actor)
        return self._application.catalogs.for_locale(locale)
