"""Taking a request in: promise a card, submit, follow the card. Commands and buttons all go this way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
from discord import Attachment, DiscordException

from adapters.discord.actors import actor_of
from adapters.discord.answers import promise_card
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import AttachmentUnreachable
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.services.submit import Origin, Submitted


async def take_in(
    interaction: DeskInteraction,
    *,
    private: bool,
    submit: Callable[[Origin], Awaitable[Submitted]],
    event_key: str | None = None,
) -> None:
    """Acknowledge first; then `submit` does the work. Raises what it raises, for the funnel."""
    desk = interaction.client.desk
    address = await promise_card(interaction, private=private)
    origin = Origin(
        actor=actor_of(interaction),
        event_key=event_key or f"discord:{interaction.id}",
        reply_to=address.as_reply(),
    )
    submitted = await submit(origin)
    job = submitted.job
    if not submitted.is_new and job.reply_to != origin.reply_to:
        await interaction.delete_original_response()  # a double press: the first one's card is enough
        return
    catalog = desk.application.catalogs.for_locale(job.locale)
    notes = [catalog.text("note-rounded", name=one.name, asked=one.asked, used=one.used) for one in submitted.rounded]
    desk.followers.follow(job, notes)


async def download(attachment: Attachment | None, limits: Limits) -> bytes | None:
    """Fetch an attachment's bytes, at once because its link expires.

    Raises `Rejected` when it says it is too large, before a byte is fetched, and `AttachmentUnreachable`.
    """
    if attachment is None:
        return None
    if attachment.size > limits.max_file_bytes:
        raise Rejected(Rejection.FILE_TOO_LARGE, limit_mb=limits.max_file_bytes // 2**20)
    try:
        return await attachment.read()
    except (DiscordException, aiohttp.ClientError, TimeoutError) as error:
        raise AttachmentUnreachable(attachment.filename) from error


async def download_all(attachments: tuple[Attachment | None, ...], limits: Limits) -> list[bytes | None]:
    """Fetch several at the same time; raises what the first failing one raises."""
    return list(await asyncio.gather(*(download(one, limits) for one in attachments)))
