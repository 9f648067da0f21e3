"""/admin: for those who manage the server, and for those who run the bot; only the sender sees the answers."""

from __future__ import annotations

from discord import Permissions, app_commands

from adapters.discord.commands.admin.channels import channel_group
from adapters.discord.commands.admin.limits import limits_command
from adapters.discord.commands.admin.people import block_command, unblock_command
from adapters.discord.commands.admin.quota import quota_command
from adapters.discord.commands.admin.running import running_commands
from adapters.discord.commands.admin.words import words_group
from adapters.discord.translation import Phrases
from bot.application import Application


def admin_group(application: Application, phrases: Phrases) -> app_commands.Group:
    """Discord offers it in servers only, and only to those who manage the server."""
    group = app_commands.Group(
        name="admin",
        description=phrases("command-admin"),
        default_permissions=Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for make in (quota_command, limits_command, block_command, unblock_command):
        group.add_command(make(application, phrases))
    group.add_command(channel_group(application, phrases))
    group.add_command(words_group(application, phrases))
    for command in running_commands(application, phrases):
        group.add_command(command)
    return group
