"""The bot's webhook: updates are brought by HTTP POST, one at a time for each chat, until they are taken."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from tests.servers.telegram.chats import Json, Memory, bad_request
from tests.servers.telegram.media import Upload
from tests.servers.telegram.updates import Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MOST_CONNECTIONS = 100
_USUAL_CONNECTIONS = 40
_ANSWER_S = 60.0
_AGAIN_S = 0.05


class Webhook:
    """Where updates go instead of a poll; `answers` are the statuses that the bot gave."""

    def __init__(self, memory: Memory, updates: Updates) -> None:
        self._memory = memory
        self._updates = updates
        self._facts: Json = {}
        self._secret: str | None = None
        self._trouble: Json = {}
        self._bringing: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.answers: list[int] = []

    @property
    def is_set(self) -> bool:
        """Whether polling is refused."""
        return bool(self._facts.get("url"))

    def set_webhook(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """setWebhook: HTTPS, or plain HTTP on this machine as a self-hosted Bot API server allows it"""
        if values.get("drop_pending_updates"):
            raise bad_request("test server: pending updates must not be dropped")
        if not values["url"]:
            return self.delete_webhook(values, {})
        address = urlsplit(values["url"])
        if address.scheme != "https" and not _is_loopback(address.hostname):
            raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
        if (secret := values.get("secret_token")) is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = values.get("max_connections", _USUAL_CONNECTIONS)
        if not 1 <= connections <= _MOST_CONNECTIONS:
            raise bad_request("bad max_connections")
        self._updates.allow(values.get("allowed_updates"))
        self._facts = {"url": values["url"], "max_connections": connections}
        self._secret = secret
        self._trouble = {}
        self._changed.set()
        if self._bringing is None:
            self._bringing = asyncio.create_task(self._bring_all())
        return True

    def delete_webhook(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """deleteWebhook: what waits goes on waiting"""
        if values.get("drop_pending_updates"):
            raise bad_request("test server: pending updates must not be dropped")
        self._facts, self._secret, self._trouble = {}, None, {}
        self._changed.set()
        return True

    def get_webhook_info(self, _values: Json, _uploads: Mapping[str, Upload]) -> Json:
        """getWebhookInfo"""
        count = len(self._updates.waiting)
        facts = {"url": "", "has_custom_certificate": False, "pending_update_count": count}
        return facts | self._facts | self._trouble

    async def close(self) -> None:
        """Bring nothing any more."""
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.gather(self._bringing, return_exceptions=True)

    async def _bring_all(self) -> None:
        """Bring the oldest waiting update of every chat, many chats at a time."""
        timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
        under_way: dict[int, asyncio.Task[None]] = {}
        async with aiohttp.ClientSession(timeout=timeout) as client:
            try:
                while True:
                    under_way = {queue: task for queue, task in under_way.items() if not task.done()}
                    for update in self._updates.waiting if self.is_set else ():
                        has_room = len(under_way) < self._facts["max_connections"]
                        if has_room and (queue := _queue_of(update)) not in under_way:
                            under_way[queue] = asyncio.create_task(self._bring(client, update))
                    await self._something(under_way)
            finally:
                for task in under_way.values():
                    task.cancel()
                await asyncio.gather(*under_way.values(), return_exceptions=True)

    async def _something(self, under_way: Mapping[int, asyncio.Task[None]]) -> None:
        self._updates.arrived.clear()
        self._changed.clear()
        events = [asyncio.create_task(event.wait()) for event in (self._updates.arrived, self._changed)]
        try:
            await asyncio.wait([*events, *under_way.values()], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()

    async def _bring(self, client: aiohttp.ClientSession, update: Json) -> None:
        headers = {SECRET_HEADER: self._secret} if self._secret is not None else {}
        try:
            async with client.post(self._facts["url"], json=update, headers=headers) as answer:
                self.answers.append(answer.status)
                if answer.ok:
                    self._updates.note_given(update)
                    self._updates.confirm(update)
                    return
                message = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            message = f"{type(error).__name__}"
        self._trouble = {"last_error_date": self._memory.date(), "last_error_message": message}
        self._updates.changed.set()
        await asyncio.sleep(_AGAIN_S)


def _queue_of(update: Json) -> int:
    """Updates of one chat, or presses and queries of one person, come one after the other."""
    for content in update.values():
        if isinstance(content, dict) and "message_id" in content:
            return int(content["chat"]["id"])
        if isinstance(content, dict):
            return int(content["from"]["id"])
    return 0


def _is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
