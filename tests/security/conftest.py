"""The page and the chats, as their own tests have them."""

from tests.contract.chats.conftest import chat, house, on_discord, on_telegram
from tests.e2e.discord.conftest import stage
from tests.e2e.telegram.conftest import world
from tests.e2e.web.conftest import engine, page, tiers

__all__ = ["chat", "engine", "house", "on_discord", "on_telegram", "page", "stage", "tiers", "world"]
