"""Taking a request in: promise a card, submit, follow the card. Commands and buttons all go this way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from discord import Attachment, DiscordException

from adapters.discord.actors import actor_of
from adapters.discord.addresses import CardAddress
from adapters.discord.answers import promise_card
from adapters.discord.cdn import AttachmentUnreachable
from adapters.discord.desk import Desk, DeskInteraction
from adapters.discord.surroundings import require_permissions
from adapters.discord.visibility import Visibility
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.services.submit import Origin, Submitted


async def take_in(
    interaction: DeskInteraction,
    *,
    visibility: Visibility,
    submit: Callable[[Origin], Awaitable[Submitted]],
    event_key: str | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Acknowledge first; then `submit` does the work, and the card carries `notes`.

    Raises what `submit` raises, for the funnel, and `PermissionsMissing` before anything is promised or queued.
    """
    address = await acknowledge(interaction, visibility)
    submitted = await submit(origin_of(interaction, address, event_key))
    if not submitted.is_new and submitted.job.reply_to != address.as_reply():
        await interaction.delete_original_response()  # a double press: the first one's card is enough
        return
    follow(interaction.client.desk, submitted, notes)


async def acknowledge(interaction: DeskInteraction, visibility: Visibility) -> CardAddress:
    """Promise a card. Raises `PermissionsMissing` where it could not be delivered later."""
    if not visibility.is_private:
        require_permissions(interaction)
    return await promise_card(
        interaction, private=visibility.is_private, is_age_restricted=visibility.is_age_restricted
    )


def origin_of(interaction: DeskInteraction, address: CardAddress, event_key: str | None = None) -> Origin:
    """Who asks, and where the answer goes."""
    return Origin(
        actor=actor_of(interaction),
        event_key=event_key or f"discord:{interaction.id}",
        reply_to=address.as_reply(),
    )


def follow(desk: Desk, submitted: Submitted, notes: Sequence[str] = ()) -> None:
    """Keep the card of what was submitted moving; it carries what was rounded, and `notes`."""
    catalog = desk.application.catalogs.for_locale(submitted.job.locale)
    rounded = [catalog.text("note-rounded", name=one.name, asked=one.asked, used=one.used) for one in submitted.rounded]
    desk.followers.follow(submitted.job, [*notes, *rounded])


def press_key(interaction: DeskInteraction, custom_id: str) -> str:
    """The key of a button's press; a double press has the first one's."""
    message = interaction.message
    return interaction.client.desk.presses.event_key(
        interaction_id=interaction.id,
        user_id=interaction.user.id,
        message_id=message.id if message is not None else 0,
        custom_id=custom_id,
        at=interaction.created_at,
    )


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
