"""The slash commands; adding one is adding a file and its line here."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from adapters.discord.commands.account import link_command, me_command
from adapters.discord.commands.admin import admin_group
from adapters.discord.commands.grid import grid_command
from adapters.discord.commands.help import help_command
from adapters.discord.commands.history import cancel_command, history_command, queue_command
from adapters.discord.commands.imagine import imagine_command
from adapters.discord.commands.privacy import privacy_group
from adapters.discord.commands.repeat import repeat_command
from adapters.discord.commands.restyle import restyle_command
from adapters.discord.commands.settings import settings_command
from adapters.discord.commands.show import show_command
from adapters.discord.commands.style import style_group
from adapters.discord.commands.sweep import sweep_command
from adapters.discord.commands.tray import tray_group
from adapters.discord.translation import Phrases
from bot.application import Application


def all_commands(application: Application) -> list[app_commands.Command[Any, ..., Any] | app_commands.Group]:
    """Every command, ready to be added to a tree."""
    phrases = Phrases(application.catalogs)
    return [
        imagine_command(application, phrases),
        restyle_command(application, phrases),
        sweep_command(application, phrases),
        grid_command(application, phrases),
        style_group(application, phrases),
        tray_group(application, phrases),
        show_command(application, phrases),
        repeat_command(application, phrases),
        me_command(application, phrases),
        link_command(application, phrases),
        history_command(application, phrases),
        queue_command(application, phrases),
        cancel_command(application, phrases),
        help_command(application, phrases),
        settings_command(application, phrases),
        privacy_group(application, phrases),
        admin_group(application, phrases),
    ]
