"""Signed links: the one thing that the page serves to the outside."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from adapters.engine.fake import FakeEngine
from adapters.web.server import WebServer, WebSettings
from bot.services.links import LinkSettings
from storage.image_store import FolderImageStore
from tests.e2e.web.conftest import PageKit
from tests.support.spine import running_spine

PUBLIC = {"Host": "pictures.example.org"}
KEY = b"k" * 32


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[PageKit]:
    """A page with a public address."""
    engine, folder = FakeEngine(), tmp_path / "pictures"
    links = LinkSettings("https://pictures.example.org", KEY)
    async with (
        running_spine(engine, images=FolderImageStore(folder), links=links) as spine,
        aiohttp.ClientSession() as session,
    ):
        server = WebServer(spine.application, WebSettings(port=0, public_name="pictures.example.org"))
        await server.start()
        try:
            yield PageKit(spine, engine, server, session, folder)
        finally:
            await server.close()


async def signed_path(page: PageKit) -> str:
    """Path and query of a link to a picture that was just drawn."""
    card = await page.done({"prompt": "a fish", "steps": "1"})
    assert page.spine.application.sign_link is not None
    parts = urlsplit(page.spine.application.sign_link(card["id"], 0))
    assert parts.netloc == "pictures.example.org"
    return f"{parts.path}?{parts.query}"


async def test_a_link_from_outside_saves_the_original(page: PageKit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = await signed_path(page)
    job_id = path.split("/")[2]
    original = await page.spine.images.get((await page.spine.job(job_id)).pictures[0].picture)
    for headers in (PUBLIC, {"Host": "Pictures.Example.org:443", "Sec-Fetch-Site": "cross-site"}, {}):
        async with page.session.get(page.url + path, headers=headers) as response:
            assert response.status == 200
            assert await response.read() == original
            assert response.content_type == "image/png"
            assert response.headers["Content-Disposition"] == f'attachment; filename="uso-{job_id}-1.png"'
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cache-Control"] == "no-store"
    async with page.session.head(page.url + path, headers=PUBLIC) as response:
        assert response.status == 200
    signature = path.rpartition("s=")[2]
    assert signature not in caplog.text
    assert "kkkk" not in caplog.text


async def test_nothing_else_is_served_to_the_outside(page: PageKit) -> None:
    path = await signed_path(page)
    job_id = path.split("/")[2]
    inside = f"/api/jobs/{job_id}/pictures/0.png"
    for other in (
        "/",
        "/healthz",
        "/static/create.js",
        "/api/jobs",
        inside,
        "/o",
        "/o/",
        f"/o/{job_id}",
        "/o/../healthz",
    ):
        async with page.session.get(page.url + other, headers=PUBLIC) as response:
            assert response.status == 403, other
    async with page.session.post(page.url + path, headers=PUBLIC) as response:
        assert response.status in {403, 405}
    for host in ("evil.example", "a.pictures.example.org", "pictures.example.org.evil.example"):
        async with page.session.get(page.url + path, headers={"Host": host}) as response:
            assert response.status == 403


async def test_a_link_that_is_wrong_expired_or_of_a_deleted_picture_is_dead(page: PageKit) -> None:
    path = await signed_path(page)
    for wrong in (path[:-1], path + "x", path.replace("/0?", "/1?"), path.split("?")[0], path.replace("e=1", "e=2")):
        async with page.session.get(page.url + wrong, headers={**PUBLIC, "Accept-Language": "de"}) as response:
            assert (response.status, response.content_type) == (404, "text/plain")
            assert await response.text() == "Dieser Link gilt nicht mehr. Lass dir vom Bot einen neuen geben."
    page.spine.clock.advance(7 * 24 * 3600)
    async with page.session.get(page.url + path, headers=PUBLIC) as response:
        assert response.status == 404
        assert response.headers["Cache-Control"] == "no-store"


async def test_without_a_public_address_there_is_no_such_route(tmp_path: Path) -> None:
    async with running_spine(FakeEngine()) as spine, aiohttp.ClientSession() as session:
        server = WebServer(spine.application, WebSettings(port=0))
        await server.start()
        async with session.get(f"http://127.0.0.1:{server.port}/o/7k3m9qx2vt0a/0?e=1&s=x") as response:
            assert response.status == 404
        for host in ("", "pictures.example.org"):
            async with session.get(f"http://127.0.0.1:{server.port}/o/a/0", headers={"Host": host}) as response:
                assert response.status in {400, 403}
        await server.close()
