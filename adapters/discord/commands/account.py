"""/me and /link: one's credits, and one account for both platforms; only the sender sees the answers."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.actors import actor_of
from adapters.discord.commands.options import describe_options
from adapters.discord.commands.suggestions import identities_suggested
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.messages.accounts import identities_text, issued_text, overview_text
from bot.messages.catalogs import Catalog

_LONGEST_CODE_CHARS = 40
_LONGEST_IDENTITY_CHARS = 80


def me_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Tier, credits, when they are filled up, and linked accounts."""

    async def me(interaction: Interaction) -> None:
        async def find(catalog: Catalog) -> str:
            return overview_text(await application.accounts.overview(actor_of(interaction)), catalog)

        await tell(interaction, application, find)

    return app_commands.Command(name="me", description=phrases("command-me"), callback=me)


def link_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Without a code it issues one, with one it joins the accounts; `remove` parts one of them again."""

    async def link(
        interaction: Interaction,
        code: Range[str, 1, _LONGEST_CODE_CHARS] | None = None,
        remove: Range[str, 1, _LONGEST_IDENTITY_CHARS] | None = None,
    ) -> None:
        async def find(catalog: Catalog) -> str:
            actor = actor_of(interaction)
            if code is not None and remove is not None:
                return catalog.text("link-one-at-a-time")
            if remove is not None:
                return await _part(application, actor, remove, catalog)
            if code is None:
                return issued_text(await application.linking.issue(actor), catalog)
            return catalog.text("link-joined", names=identities_text(await application.linking.redeem(actor, code)))

        await tell(interaction, application, find)

    describe_options(link, phrases, "command-link")
    app_commands.autocomplete(remove=identities_suggested(application))(link)
    return app_commands.Command(name="link", description=phrases("command-link"), callback=link)


async def _part(application: Application, actor: Actor, key: str, catalog: Catalog) -> str:
    """Part one of the actor's own identities, named by its key such as `telegram:42`, or as it is shown."""
    for one in await application.linking.identities(actor):
        if key.strip() in {f"{one.platform.value}:{one.external_id}", identities_text([one])}:
            await application.linking.unlink(actor, one.platform, one.external_id)
            return catalog.text("link-parted", name=identities_text([one]))
    raise Rejected(Rejection.PERSON_UNKNOWN)
