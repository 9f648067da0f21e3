"""Putting a drawn card where it belongs: by its token, by its channel, or as a direct message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import discord
from discord import AllowedMentions, Client, Forbidden, HTTPException, NotFound, Object, PartialMessageable, ui

from adapters.discord.addresses import DEFAULT_FILE_LIMIT_BYTES, CardAddress
from adapters.discord.cards import Drawing
from bot.domain.jobs import JobId

_INVALID_TOKEN: Final = 50027
_UNKNOWN_MESSAGE: Final = 10008
_SEARCHED_MESSAGES: Final = 100


class RoadClosed(Exception):  # noqa: N818 -- there may be another one
    """Discord says that the card can not go this way; `args[0]` says why."""


class CardPosts:
    """The ways to a card's readers. Each raises `RoadClosed` when it leads nowhere, else discord.py's errors."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def edit(self, address: CardAddress, drawing: Drawing) -> None:
        """Change the card's own message, by whatever still reaches it."""
        try:
            await self.edit_by_token(address, drawing)
        except RoadClosed:
            await self.edit_by_channel(address, drawing)

    async def edit_by_token(self, address: CardAddress, drawing: Drawing) -> None:
        """Change the message through its interaction."""
        if not address.token_lives(datetime.now(UTC)):
            raise RoadClosed("the interaction's token has expired")
        webhook = discord.Webhook.partial(address.application_id, address.token, client=self._client)
        try:
            await webhook.edit_message(
                address.message_id,
                view=drawing.view,
                attachments=drawing.files(),
                allowed_mentions=AllowedMentions.none(),
            )
        except HTTPException as error:
            raise _closed_or(error) from error

    async def edit_by_channel(self, address: CardAddress, drawing: Drawing) -> None:
        """Change the message as a member of its channel; nobody can see a private one there."""
        message = self._channel(address).get_partial_message(address.message_id)
        try:
            await message.edit(view=drawing.view, attachments=drawing.files(), allowed_mentions=AllowedMentions.none())
        except HTTPException as error:
            raise _closed_or(error) from error

    async def send_to_channel(self, address: CardAddress, job_id: JobId, drawing: Drawing) -> None:
        """Post the card anew and call its requester; a card that was already posted so is changed instead."""
        await self._send(self._channel(address), address, job_id, drawing)

    async def send_to_person(self, address: CardAddress, job_id: JobId, drawing: Drawing) -> None:
        """Send the card as a direct message, once."""
        try:
            direct = await self._client.create_dm(Object(address.user_id))
        except HTTPException as error:
            raise _closed_or(error) from error
        await self._send(self._client.get_partial_messageable(direct.id), address, job_id, drawing)

    async def remove(self, address: CardAddress | None, *, channel_id: int, message_id: int) -> bool:
        """Take a card's message away; False if Discord does not let us, as in a server that the bot is not in.

        `address` is where the card was promised, and the message may be another one: the card posted anew.
        """
        if address is not None and address.message_id == message_id and address.token_lives(datetime.now(UTC)):
            webhook = discord.Webhook.partial(address.application_id, address.token, client=self._client)
            try:
                await webhook.delete_message(message_id)
            except HTTPException as error:
                if not isinstance(_closed_or(error), RoadClosed):
                    raise
            else:
                return True
        if address is not None and address.is_ephemeral:
            return False
        try:
            await self._client.get_partial_messageable(channel_id).get_partial_message(message_id).delete()
        except HTTPException as error:
            if not isinstance(_closed_or(error), RoadClosed):
                raise
            return error.code == _UNKNOWN_MESSAGE  # somebody was faster
        return True

    def channel_limit_bytes(self, address: CardAddress) -> int:
        """The largest file that the bot itself may post in the card's channel."""
        guild = self._client.get_guild(address.guild_id) if address.guild_id is not None else None
        return guild.filesize_limit if guild is not None else DEFAULT_FILE_LIMIT_BYTES

    def _channel(self, address: CardAddress) -> PartialMessageable:
        if address.is_ephemeral:
            raise RoadClosed("the card is private")
        if address.channel_id is None:
            raise RoadClosed("the channel is not known")
        return self._client.get_partial_messageable(address.channel_id, guild_id=address.guild_id)

    async def _send(self, place: PartialMessageable, address: CardAddress, job_id: JobId, drawing: Drawing) -> None:
        requester = AllowedMentions(everyone=False, roles=False, users=[Object(address.user_id)], replied_user=False)
        try:
            posted = await self._posted_before(place, address, job_id)
            if posted is not None:
                await posted.edit(
                    view=drawing.view, attachments=drawing.files(), allowed_mentions=AllowedMentions.none()
                )
                return
            # Discord itself refuses a second message of the same nonce within the next minutes.
            await place.send(
                view=drawing.view, files=drawing.files(), nonce=f"uso-{job_id}", allowed_mentions=requester
            )
        except HTTPException as error:
            raise _closed_or(error) from error

    async def _posted_before(
        self, place: PartialMessageable, address: CardAddress, job_id: JobId
    ) -> discord.Message | None:
        """The message of an earlier try whose success was never noted, because the bot died just then."""
        assert self._client.user is not None, "the client is logged in"
        try:
            async for message in place.history(limit=_SEARCHED_MESSAGES, after=Object(address.message_id)):
                if message.author.id == self._client.user.id and _shows(message, job_id):
                    return message
        except Forbidden:
            return None
        return None


def _shows(message: discord.Message, job_id: JobId) -> bool:
    view = ui.LayoutView.from_message(message, timeout=None)
    ids = [item.custom_id or "" for item in view.walk_children() if isinstance(item, ui.Button)]
    return any(job_id in custom_id.split(":") for custom_id in ids)


def _closed_or(error: HTTPException) -> Exception:
    """`RoadClosed` if Discord says that this can never work, else the error itself."""
    if isinstance(error, NotFound | Forbidden) or error.status == 401 or error.code == _INVALID_TOKEN:
        return RoadClosed(f"{error.status} {error.code}: {error.text}")
    return error
