"""The final news of a job: tried by token, by channel, then by direct message, until it has arrived once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import aiohttp
from discord import DiscordServerError, HTTPException, RateLimited

from adapters.discord.addresses import DEFAULT_FILE_LIMIT_BYTES, CardAddress, read_address
from adapters.discord.cards import Attached, Drawing, draw_card
from adapters.discord.followers import CardFollowers
from adapters.discord.posts import CardPosts, RoadClosed
from adapters.discord.uploads import (
    REQUEST_BYTES,
    SMALLEST_LIMIT_BYTES,
    attach_pictures,
    is_too_large,
    originals_told,
    smaller_limit,
)
from bot.application import Application
from bot.domain.cards import Card
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobState
from bot.messages.cards import rejection_text
from bot.ports.images import PictureMissing
from bot.ports.platforms import DeliveryDelayed, DeliveryImpossible

log = logging.getLogger(__name__)


Road = Callable[[Drawing], Awaitable[None]]


class ResultDelivery:
    """Shows how a job ended. Doing it again changes the same message again."""

    def __init__(self, application: Application, posts: CardPosts, followers: CardFollowers) -> None:
        self._application = application
        self._posts = posts
        self._followers = followers

    async def __call__(self, job: Job) -> None:
        """Deliver; raises `DeliveryDelayed` or `DeliveryImpossible`."""
        if job.reply_to is None:
            raise DeliveryImpossible("the job has no card")
        try:
            address = read_address(job.reply_to)
        except ValueError as error:
            raise DeliveryImpossible(str(error)) from error
        notes = await self._followers.settle(job.id)
        card = await self._application.board.card(job.id)
        if card is None:
            raise DeliveryImpossible("the job was deleted")
        try:
            await self._by_any_road(card, address, notes)
        except (DiscordServerError, aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryDelayed(f"{type(error).__name__}: {error}") from error
        except RateLimited as error:
            raise DeliveryDelayed(str(error), error.retry_after) from error
        except HTTPException as error:
            if error.status != 429:
                raise
            raise DeliveryDelayed("too many requests", _retry_after_s(error)) from error

    async def _by_any_road(self, card: Card, address: CardAddress, notes: tuple[str, ...]) -> None:
        reasons: list[str] = []
        for road, limit_bytes in self._roads(card.job, address):
            try:
                await self._take(road, card, address, limit_bytes, notes)
            except RoadClosed as closed:
                reasons.append(str(closed))
            else:
                return
        raise DeliveryImpossible("; ".join(reasons))

    def _roads(self, job: Job, address: CardAddress) -> list[tuple[Road, int]]:
        posts, channel_limit = self._posts, self._posts.channel_limit_bytes(address)
        roads: list[tuple[Road, int]] = [
            (lambda drawing: posts.edit_by_token(address, drawing), address.file_limit_bytes),
            (lambda drawing: posts.edit_by_channel(address, drawing), channel_limit),
        ]
        if job.state is JobState.CANCELLED:
            return roads  # who cancelled knows; nobody needs a new message for it
        return [
            *roads,
            (lambda drawing: posts.send_to_channel(address, job.id, drawing), channel_limit),
            (lambda drawing: posts.send_to_person(address, job.id, drawing), DEFAULT_FILE_LIMIT_BYTES),
        ]

    async def _take(
        self, road: Road, card: Card, address: CardAddress, limit_bytes: int, notes: tuple[str, ...]
    ) -> None:
        """Go one road, with smaller files as long as Discord finds them too large."""
        count = max(1, len(card.job.pictures))
        limit_bytes = min(limit_bytes, REQUEST_BYTES // count)
        while True:
            drawing = await self._draw(card, address, limit_bytes, notes)
            try:
                await road(drawing)
            except HTTPException as error:
                if not is_too_large(error) or limit_bytes < SMALLEST_LIMIT_BYTES:
                    raise
                limit_bytes = smaller_limit(limit_bytes, drawing.attached)
                log.info("job %s: files too large, trying %d bytes", card.job_id, limit_bytes)
            else:
                return

    async def _draw(self, card: Card, address: CardAddress, limit_bytes: int, notes: tuple[str, ...]) -> Drawing:
        catalog = self._application.catalogs.for_locale(card.job.locale)
        attached: tuple[Attached, ...] = ()
        if card.job.state is JobState.DONE:
            try:
                attached = await attach_pictures(self._application.images, card.job.id, card.job.pictures, limit_bytes)
            except PictureMissing:
                notes = (*notes, rejection_text(Rejected(Rejection.PICTURE_UNKNOWN), catalog))
        names = [one.filename for one in attached]
        view = draw_card(
            card,
            catalog,
            requester_id=address.user_id,
            pictures=names,
            notes=(*notes, *originals_told(self._application.sign_link, card.job, names, catalog)),
        )
        return Drawing(view, attached)


def _retry_after_s(error: HTTPException) -> float | None:
    header = error.response.headers.get("Retry-After")
    try:
        return float(header) if header is not None else None
    except ValueError:
        return None  # an HTTP date: the outbox has a back-off of its own
