"""/me and /link: one's credits, and one account for both platforms; only the sender sees the answers."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.actors import actor_of
from adapters.discord.commands.options import describe_options
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.messages.accounts import identities_text, issued_text, overview_text
from bot.messages.catalogs import Catalog

_LONGEST_CODE_CHARS = 40


def me_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Tier, credits, when they are filled up, and linked accounts."""

    async def me(interaction: Interaction) -> None:
        async def find(catalog: Catalog) -> str:
            return overview_text(await application.accounts.overview(actor_of(interaction)), catalog)

        await tell(interaction, application, find)

    return app_commands.Command(name="me", description=phrases("command-me"), callback=me)


def link_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Without a code it issues one, with one it joins the accounts."""

    async def link(interaction: Interaction, code: Range[str, 1, _LONGEST_CODE_CHARS] | None = None) -> None:
        async def find(catalog: Catalog) -> str:
            actor = actor_of(interaction)
            if code is None:
                return issued_text(await application.linking.issue(actor), catalog)
            return catalog.text("link-joined", names=identities_text(await application.linking.redeem(actor, code)))

        await tell(interaction, application, find)

    describe_options(link, phrases, "command-link")
    return app_commands.Command(name="link", description=phrases("command-link"), callback=link)
