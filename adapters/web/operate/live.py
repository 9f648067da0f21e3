"""The stream that keeps the page live, as server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final

import msgspec
from aiohttp import web

from adapters.web.operate.sections import Sections
from adapters.web.visitors import Visitor
from bot.domain.errors import Rejected
from bot.ports.storage import StorageUnavailable

log = logging.getLogger(__name__)

_HEARTBEAT: Final = b": still here\n\n"
_RECONNECT_AFTER_MS: Final = 2000


class _SectionEvent(msgspec.Struct, frozen=True):
    name: str
    html: str


class LiveSections:
    """Looks every `every_s` and sends what changed since; `close` ends all streams."""

    def __init__(self, sections: Sections, every_s: float, heartbeat_s: float) -> None:
        self._sections = sections
        self._every_s = every_s
        self._heartbeat_s = heartbeat_s
        self._closed = asyncio.Event()

    def close(self) -> None:
        """End every stream; browsers come back when the server does."""
        self._closed.set()

    async def send(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Send sections as they change, all of them at first, until the browser leaves or the server ends."""
        shown = await self._sections.draw(visitor)  # refuses who may not look, before anything is sent
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        try:
            await response.prepare(request)
            await response.write(f"retry: {_RECONNECT_AFTER_MS}\n\n".encode())
            await self._write(response, shown)
            await self._follow(response, visitor, shown)
            await response.write_eof()
        except ConnectionResetError:
            log.debug("a browser left the page Operate")
        return response

    async def _follow(self, response: web.StreamResponse, visitor: Visitor, shown: dict[str, str]) -> None:
        clock = asyncio.get_running_loop().time
        sent_at = clock()
        while not await self._is_closed_within(self._every_s):
            try:
                drawn = await self._sections.draw(visitor)
            except StorageUnavailable:
                drawn = shown  # the sections stay as they are until the database is back
            except Rejected:
                return  # no operator any more
            changed = {name: html for name, html in drawn.items() if shown[name] != html}
            if changed:
                await self._write(response, changed)
            elif clock() - sent_at >= self._heartbeat_s:
                await response.write(_HEARTBEAT)
            else:
                continue
            shown, sent_at = drawn, clock()

    async def _is_closed_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        return self._closed.is_set()

    async def _write(self, response: web.StreamResponse, sections: dict[str, str]) -> None:
        for name, html in sections.items():
            data = msgspec.json.encode(_SectionEvent(name, html))
            await response.write(b"event: section\ndata: " + data + b"\n\n")
