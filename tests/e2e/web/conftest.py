"""A listening page over a real spine, and a client that speaks to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.engine.fake import FakeEngine
from adapters.web.server import WebServer, WebSettings
from bot.domain.actors import Actor, Platform
from bot.domain.credits import Tiers
from storage.image_store import FolderImageStore
from tests.support.spine import UNLIMITED, SpineKit, running_spine

Json = dict[str, Any]
LOCAL = Actor(Platform.WEB, "local")


@dataclass
class PageKit:
    """The page, what is behind it, and the questions tests ask."""

    spine: SpineKit
    engine: FakeEngine
    server: WebServer
    session: aiohttp.ClientSession
    pictures_folder: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.port}"

    async def post(
        self,
        path: str = "/api/jobs",
        fields: Mapping[str, str] | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Json]:
        """Send a form as the page does."""
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in (fields or {}).items():
            form.add_field(name, value)
        for name, data in files:
            form.add_field(name, data, filename="a.png", content_type="image/png")
        async with self.session.post(self.url + path, data=form, headers=headers) as response:
            return response.status, await response.json()

    async def call(self, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> tuple[int, Json]:
        """Press a button."""
        async with self.session.post(self.url + path, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Json]:
        """Read JSON."""
        async with self.session.get(self.url + path, headers=headers) as response:
            return response.status, await response.json()

    async def events(self, path: str) -> AsyncIterator[Json]:
        """The cards of a stream until it ends."""
        async with self.session.get(self.url + path) as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            async for card in cards_of(response):
                yield card

    async def done(self, fields: Mapping[str, str], files: Sequence[tuple[str, bytes]] = ()) -> Json:
        """Ask for a picture and wait for it; the final card."""
        status, card = await self.post(fields=fields, files=files)
        assert status == 201, card
        return [card async for card in self.events(f"/api/jobs/{card['id']}/events")][-1]

    async def assert_nothing_stored(self) -> None:
        """No user, no row, no file."""
        async with self.spine.open_unit() as unit:
            assert await unit.users.find(LOCAL) is None
            assert not await unit.jobs.unfinished()
        assert [file for file in self.pictures_folder.rglob("*") if file.is_file()] == []


async def cards_of(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """Read server-sent events named `card`."""
    name = ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            assert name == "card"
            yield json.loads(line.removeprefix("data: "))


@pytest.fixture
def engine() -> FakeEngine:
    """Tests script it."""
    return FakeEngine()


@pytest.fixture
def tiers() -> Tiers:
    """What people may use; a module may have its own."""
    return UNLIMITED


@pytest.fixture
async def page(engine: FakeEngine, tiers: Tiers, tmp_path: Path) -> AsyncIterator[PageKit]:
    """A page that listens on a free port until the test ends."""
    folder = tmp_path / "pictures"
    store = FolderImageStore(folder)
    async with (
        running_spine(engine, images=store, tiers=tiers) as spine,
        aiohttp.ClientSession() as session,
    ):
        server = WebServer(spine.application, WebSettings(port=0, heartbeat_s=0.05))
        await server.start()
        try:
            yield PageKit(spine, engine, server, session, folder)
        finally:
            await server.close()
