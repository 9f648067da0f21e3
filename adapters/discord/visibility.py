"""Who may see an answer, decided before the first answer because Discord can not change it later."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final

from discord import Interaction

from adapters.discord.actors import actor_of
from adapters.discord.addresses import address_of
from adapters.discord.surroundings import is_age_restricted_place, is_seen_by_one
from bot.application import Application
from bot.domain.jobs import Job, JobId
from bot.ports.storage import StorageUnavailable

log = logging.getLogger(__name__)

_LONGEST_READ_S: Final = 1.0
"""Of the 3 s that Discord waits for a first answer."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whether only the sender sees the card, and whether what it shows came from an age-restricted channel."""

    is_private: bool
    is_age_restricted: bool = False


async def of_request(interaction: Interaction[Any], application: Application, wish: bool | None) -> Visibility:
    """For a fresh request: as it says, or as its sender's settings have it; private if those can not be read in time.

    One cheap read, and none if the request says it.
    """
    if wish is not None:
        return Visibility(wish)
    try:
        async with asyncio.timeout(_LONGEST_READ_S):
            return Visibility((await application.preferences.of_user(actor_of(interaction))).private)
    except (TimeoutError, StorageUnavailable) as error:
        log.warning("interaction %d: settings could not be read in time: %s", interaction.id, error)
        return Visibility(is_private=True)


async def of_job(
    interaction: Interaction[Any], application: Application, job_id: JobId, *, is_private: bool | None = None
) -> Visibility:
    """For something made from a job, or the job itself: never shown to more people than the job was.

    `is_private` says whether only the sender sees what they chose it from, if that is not the message pressed.
    Raises `Rejected` for a job that the sender may not see.
    """
    if is_private is None:
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
    try:
        async with asyncio.timeout(_LONGEST_READ_S):
            job = await application.history.job(actor_of(interaction), job_id)
    except (TimeoutError, StorageUnavailable) as error:
        log.warning("interaction %d: the job could not be read in time: %s", interaction.id, error)
        return Visibility(is_private=True)
    is_restricted = is_age_restricted(job)
    is_hidden = is_restricted and not (is_age_restricted_place(interaction) or is_seen_by_one(interaction))
    return Visibility(is_private or job.request.private or is_hidden, is_restricted)


def is_age_restricted(job: Job) -> bool:
    """Whether the job was asked for in an age-restricted channel, or made from one that was."""
    address = address_of(job)
    return address is not None and address.is_age_restricted
