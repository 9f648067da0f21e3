"""A real browser on a real page over a real spine; only the engine is a fake."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, async_playwright, expect

from adapters.engine.fake import FakeEngine
from adapters.web.server import WebServer, WebSettings
from bot.domain.credits import Tiers
from tests.browser.chromium import FLAGS, chromium_path
from tests.support.pictures import png
from tests.support.spine import UNLIMITED, SpineKit, SteadyClock, running_spine


class TickingClock(SteadyClock):
    """A clock that moves whenever it is read, so that jobs have an order."""

    def now(self) -> datetime:
        """A moment later than the last one."""
        self.present += timedelta(milliseconds=1)
        return self.present


@dataclass
class Desk:
    """A person at a browser; `open` may be called with the settings of another device."""

    browser: Browser
    engine: FakeEngine
    spine: SpineKit
    server: WebServer
    folder: Path
    faults: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.server.port}"

    async def open(self, **device: Any) -> Page:
        """Open the page in a fresh browser profile."""
        context: BrowserContext = await self.browser.new_context(**device)
        page = await context.new_page()
        page.set_default_timeout(6_000)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._note)
        page.on("request", lambda request: self._check_address(request.url))
        await page.goto(self.url)
        return page

    def picture(self, name: str, colour: tuple[int, int, int] = (200, 40, 40)) -> Path:
        """A picture file to choose."""
        path = self.folder / name
        path.write_bytes(png(120, 90, colour))
        return path

    def _note(self, message: ConsoleMessage) -> None:
        # Chromium itself reports refused and interrupted requests; those are part of what is tested.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _check_address(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "blob:", "data:")):
            self.faults.append(f"asked for {url}")


def first_card(page: Page, phase: str | None = None) -> Locator:
    """The newest card, in that phase if one is given."""
    return page.locator(".card:first-child" + (f'[data-phase="{phase}"]' if phase else ""))


async def ask(page: Page, prompt: str) -> None:
    """Type a prompt and press Generate."""
    await page.locator("#prompt").fill(prompt)
    await page.locator("#generate").click()


async def ask_and_wait(page: Page, prompt: str) -> Locator:
    """Ask, and wait until the newest card is done."""
    before = await page.locator(".card").count()
    await ask(page, prompt)
    await expect(page.locator(".card")).to_have_count(before + 1)
    await expect(first_card(page, "done")).to_be_visible()
    return first_card(page)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> FakeEngine:
    """Tests script it; a parameter holds the arguments it is made with."""
    return FakeEngine(**getattr(request, "param", {}))


@pytest.fixture
def tiers() -> Tiers:
    """What people may use; a module may have its own."""
    return UNLIMITED


@pytest.fixture
async def desk(engine: FakeEngine, tiers: Tiers, tmp_path: Path) -> AsyncIterator[Desk]:
    """A browser in front of a page; at the end, nothing must have gone wrong in the browser."""
    path = chromium_path()
    if path is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=10_000)
    async with AsyncExitStack() as stack:
        spine = await stack.enter_async_context(running_spine(engine, clock=TickingClock(), tiers=tiers))
        server = WebServer(spine.application, WebSettings(port=0, look_every_s=0.2))
        await server.start()
        stack.push_async_callback(server.close)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        stack.push_async_callback(browser.close)
        desk = Desk(browser, engine, spine, server, tmp_path)
        yield desk
        assert desk.faults == []
