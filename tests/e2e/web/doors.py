"""A page that demands a login, and browsers and programs in front of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from adapters.engine.fake import FakeEngine
from adapters.web.server import WebServer, WebSettings
from tests.support.spine import SpineKit, running_spine

PASSWORD = "correct horse battery"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Doors:
    """The page and what is behind it."""

    spine: SpineKit
    server: WebServer

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.port}"

    @asynccontextmanager
    async def browser(self, headers: Mapping[str, str] | None = None) -> AsyncIterator[Browser]:
        """A fresh browser profile; the headers are what a proxy adds."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers=headers) as session:
            yield Browser(self.url, session)


@dataclass
class Browser:
    """Follows no redirects; sends forms with what their page put into them."""

    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str, Mapping[str, str]]:
        """Status, text and headers of an answer."""
        request = self.session.get(self.url + path, headers=headers, allow_redirects=False)
        async with request as response:
            return response.status, await response.text(), response.headers.copy()

    async def send(
        self, page: str, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Open `page` and send a form from it to `path`."""
        found = _TOKEN.search((await self.get(page))[1])
        assert found is not None, f"no form on {page}"
        return await self.post(path, {**fields, "form_token": found[1]}, headers)

    async def post(
        self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Send a form as it is."""
        sent = {"Origin": self.url, **(headers or {})}
        request = self.session.post(self.url + path, data=dict(fields), headers=sent, allow_redirects=False)
        async with request as response:
            return response.status, await response.text(), response.headers.copy()

    async def sign_in(self, password: str = PASSWORD) -> int:
        """Type the password; the status of the answer."""
        return (await self.send("/login", "/login", {"password": password}))[0]


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[Doors]:
    """A page that demands a login; `settings` are those of the page."""
    async with running_spine(FakeEngine()) as spine:
        await spine.application.sign_in.set_password(PASSWORD)
        server = WebServer(spine.application, WebSettings(**{"port": 0, "login": True, **settings}))
        await server.start()
        try:
            yield Doors(spine, server)
        finally:
            await server.close()
