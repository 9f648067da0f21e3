"""The one funnel for everything that goes wrong while an interaction is answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from discord import DiscordException, HTTPException, InteractionType, app_commands

from adapters.discord.answers import whisper
from adapters.discord.cdn import AttachmentUnreachable
from adapters.discord.desk import DeskInteraction
from adapters.discord.languages import catalog_for
from adapters.discord.surroundings import PermissionsMissing
from bot.domain.errors import Rejected
from bot.domain.jobs import FailureKind
from bot.messages.cards import failure_text, rejection_text
from bot.messages.catalogs import Catalog

log = logging.getLogger(__name__)

_UNKNOWN_INTERACTION = 10062
_ALREADY_ACKNOWLEDGED = 40060
_LONGEST_READ_S = 1.0
"""Of the 3 s that Discord waits for a first answer."""


@asynccontextmanager
async def funnel(interaction: DeskInteraction) -> AsyncIterator[None]:
    """Answer inside: whatever is raised is explained, and a closing bot waits for the end."""
    with interaction.client.desk.answering():
        try:
            yield
        except Exception as error:
            await explain(interaction, error)


async def explain(interaction: DeskInteraction, error: Exception) -> None:
    """Tell the sender what was refused or broke; what broke is logged."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if _is_not_ours_to_answer(cause):
        log.warning("interaction %d was already answered or came too late: %s", interaction.id, cause)
        return
    if interaction.type is InteractionType.autocomplete:
        log.warning("nothing could be offered for a command being typed", exc_info=cause)
        return
    catalog = await _words(interaction)
    try:
        await whisper(interaction, _sentence(cause, catalog))
    except (DiscordException, aiohttp.ClientError, TimeoutError) as unheard:
        log.warning("interaction %d: the sender could not be told: %s", interaction.id, unheard)


async def _words(interaction: DeskInteraction) -> Catalog:
    """In the sender's own language as long as it can be read in time: it may be the storage that is in trouble."""
    application = interaction.client.desk.application
    try:
        async with asyncio.timeout(_LONGEST_READ_S):
            return await catalog_for(interaction, application)
    except (Rejected, TimeoutError):
        return application.catalogs.for_locale(interaction.locale.value)


def _is_not_ours_to_answer(cause: Exception) -> bool:
    return isinstance(cause, HTTPException) and cause.code in {_UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED}


def _sentence(cause: Exception, catalog: Catalog) -> str:
    match cause:
        case Rejected():
            return rejection_text(_as_mentions(cause), catalog)
        case PermissionsMissing():
            names = [catalog.text(f"discord-permission-{name.replace('_', '-')}") for name in cause.names]
            return catalog.text("discord-permissions-missing", names=", ".join(names))
        case AttachmentUnreachable():
            return catalog.text("discord-attachment-unreachable")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return catalog.text("discord-command-outdated")
        case _:
            log.error("an interaction failed", exc_info=cause)
            return failure_text(FailureKind.INTERNAL, catalog)


def _as_mentions(rejected: Rejected) -> Rejected:
    """Channels as Discord shows them, by name and to be clicked."""
    channels = rejected.details.get("channels")
    if channels is None:
        return rejected
    named = ", ".join(f"<#{one}>" for one in str(channels).split(", "))
    return Rejected(rejected.rejection, **{**rejected.details, "channels": named})
