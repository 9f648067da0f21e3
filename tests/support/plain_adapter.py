"""The bot's side of the plain platform: takes events, answers them, and delivers results."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import Any

import aiohttp

from bot.application import Application
from bot.domain.actors import Actor, Platform, ReplyAddress, Server
from bot.domain.errors import Rejected
from bot.domain.jobs import Job, JobState
from bot.domain.requests import Draft
from bot.ports.platforms import DeliveryDelayed, DeliveryImpossible
from bot.services.submit import Origin

log = logging.getLogger(__name__)

Json = dict[str, Any]

_PAUSE_S = 0.1


class PlainAdapter:
    """A frontend and a deliverer, as adapters of real platforms are; `life` tells the platform which process asks."""

    platform = Platform.DISCORD

    def __init__(self, application: Application, url: str, *, life: int = 1) -> None:
        self._application = application
        self._base = f"{url}/lives/{life}/events"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def run(self) -> None:
        """Take events for ever; what could not be answered comes again."""
        while True:
            try:
                async with self._session.get(self._base) as response:
                    events: list[Json] = await response.json()
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("no events: %s", error)
                await asyncio.sleep(_PAUSE_S)
                continue
            await asyncio.gather(*(self._handle(event) for event in events))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def _handle(self, event: Json) -> None:
        answer: Json = {"job": None, "rejection": None}
        try:
            answer["job"] = await self._carry_out(event)
        except Rejected as refused:
            answer["rejection"] = refused.rejection.value
        except Exception:
            log.exception("event %s failed; it comes again", event["id"])
            await asyncio.sleep(_PAUSE_S)
            return
        try:
            async with self._session.post(f"{self._base}/{event['id']}/answer", json=answer) as response:
                response.raise_for_status()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("event %s was not answered: %s", event["id"], error)

    async def _carry_out(self, event: Json) -> str | None:
        server = Server(self.platform, event["server"]) if event["server"] else None
        actor = Actor(self.platform, event["person"], name=event["person"], server=server)
        if event["ask"] is not None:
            origin = Origin(actor, f"plain:{event['id']}", ReplyAddress(self.platform, {"event": event["id"]}))
            return (await self._application.submit(origin, _draft(event["ask"]))).job.id
        await self._application.cancel(actor, event["stop"])
        return None

    async def deliver(self, job: Job) -> None:
        """Edit the message of the request into its result. Raises `DeliveryDelayed` or `DeliveryImpossible`."""
        if job.reply_to is None:
            raise DeliveryImpossible("the job has no address")
        pictures = job.pictures if job.state is JobState.DONE else ()
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("job", job.id)
        form.add_field("state", job.state.value)
        form.add_field("failure", job.failure.value if job.failure else "")
        form.add_field("refunded", str(job.refunded))
        form.add_field("count", str(len(pictures)))
        for place, picture in enumerate(pictures):
            data = await self._application.images.get(picture.picture)
            form.add_field(f"picture {place}", data, filename=f"{place}.png", content_type="image/png")
        try:
            async with self._session.put(f"{self._base}/{job.reply_to.data['event']}/result", data=form) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryDelayed(f"{type(error).__name__}: {error}") from error
        if status != 200:
            raise DeliveryDelayed(f"HTTP {status}", 0.2 if status == 429 else None)


def _draft(fields: Json) -> Draft:
    """The draft that a person wrote; pictures come in base64."""
    known = dict(fields)
    subject = known.pop("subject", None)
    return Draft(subject=None if subject is None else base64.b64decode(subject), **known)
