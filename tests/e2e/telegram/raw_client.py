"""A client of the Bot API test server without any library."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from tests.servers.telegram.hand_timer import HandTimer
from tests.servers.telegram.server import TOKEN, BotApiServer

Json = dict[str, Any]


class RawClient:
    """Calls the server without any library."""

    def __init__(self) -> None:
        self.timer = HandTimer()
        self.pause_s = 4
        self.server = BotApiServer(self.timer.monotonic)

    async def call(self, method: str, uploads: dict[str, bytes] | None = None, /, **values: Any) -> Json:
        """One call, a moment after the last one."""
        self.timer.advance(self.pause_s)
        form = aiohttp.FormData()
        for name, value in values.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, data in (uploads or {}).items():
            form.add_field(name, data, filename="picture.png")
        url = f"{self.server.url}/bot{TOKEN}/{method}"
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
            return dict(await answer.json())

    async def refusal(self, method: str, uploads: dict[str, bytes] | None = None, /, **values: Any) -> str:
        """What a call is refused with; empty if it is carried out."""
        answer = await self.call(method, uploads, **values)
        return "" if answer["ok"] else str(answer["description"])

    async def result(self, method: str, uploads: dict[str, bytes] | None = None, /, **values: Any) -> Any:
        """What a call that is carried out returns."""
        answer = await self.call(method, uploads, **values)
        assert answer["ok"], answer
        return answer["result"]
