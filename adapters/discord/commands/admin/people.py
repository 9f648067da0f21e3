"""/admin block and unblock: in this server, or for operators everywhere."""

from __future__ import annotations

from typing import Any

from discord import Interaction, Member, User, app_commands
from discord.app_commands import Range

from adapters.discord.commands.admin.asking import actor_of_person, admin_of, settings_told
from adapters.discord.commands.options import describe_options
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.messages.catalogs import Catalog

_LONGEST_REASON_CHARS = 200


def block_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Shut somebody out, also who never asked for anything yet."""

    async def block(
        interaction: Interaction,
        person: Member | User,
        everywhere: bool = False,
        reason: Range[str, 1, _LONGEST_REASON_CHARS] | None = None,
    ) -> None:
        async def find(catalog: Catalog) -> str:
            actor, blocked = admin_of(interaction), actor_of_person(person)
            if everywhere:
                await application.operations.block(actor, blocked, reason or "")
                return catalog.text("admin-blocked-everywhere", name=blocked.name)
            settings = await application.preferences.block_member(actor, blocked)
            said = catalog.text("admin-blocked", name=blocked.name)
            return f"{said}\n{settings_told(settings, catalog)}"

        await tell(interaction, application, find)

    describe_options(block, phrases, "command-admin-block")
    return app_commands.Command(name="block", description=phrases("command-admin-block"), callback=block)


def unblock_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Let somebody in again."""

    async def unblock(interaction: Interaction, person: Member | User, everywhere: bool = False) -> None:
        async def find(catalog: Catalog) -> str:
            actor, blocked = admin_of(interaction), actor_of_person(person)
            if everywhere:
                await application.operations.unblock(actor, blocked)
                return catalog.text("admin-unblocked-everywhere", name=blocked.name)
            settings = await application.preferences.unblock_member(actor, blocked)
            said = catalog.text("admin-unblocked", name=blocked.name)
            return f"{said}\n{settings_told(settings, catalog)}"

        await tell(interaction, application, find)

    describe_options(unblock, phrases, "command-admin-unblock")
    return app_commands.Command(name="unblock", description=phrases("command-admin-unblock"), callback=unblock)
