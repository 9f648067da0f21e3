"""Signing in, tokens and the page of the interface, in a real browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from adapters.web.server import WebServer, WebSettings
from tests.browser.conftest import Desk, ask_and_wait
from tests.browser.test_looks import PHONE, violations

_TOKEN = re.compile(r"uso_[\w-]{43}")
PASSWORD = "correct horse battery"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
async def closed_desk(desk: Desk) -> AsyncIterator[Desk]:
    """The browser in front of a page that demands a login."""
    await desk.spine.application.sign_in.set_password(PASSWORD)
    open_server = desk.server
    desk.server = WebServer(desk.spine.application, WebSettings(port=0, login=True))
    await desk.server.start()
    yield desk
    await desk.server.close()
    desk.server = open_server


async def sign_in(page: Page, password: str = PASSWORD) -> None:
    """Type and send, without a mouse."""
    await page.keyboard.type(password)
    await page.keyboard.press("Enter")


async def open_settings(page: Page, desk: Desk) -> None:
    """Sign in and go to *Settings*."""
    await sign_in(page)
    await expect(page.locator("#prompt")).to_be_visible()
    await page.goto(f"{desk.url}/settings")


async def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@DEVICES
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_signing_in_drawing_and_signing_out(closed_desk: Desk, device: dict[str, Any], scheme: str) -> None:
    page = await closed_desk.open(color_scheme=scheme, **device)
    await expect(page).to_have_url(f"{closed_desk.url}/login")
    await expect(page.get_by_label("Password", exact=True)).to_be_focused()
    assert await fits(page)
    assert await violations(page) == []

    await sign_in(page, "not the one")
    await expect(page.get_by_role("alert")).to_contain_text("That password is not right.")
    await expect(page.get_by_label("Password", exact=True)).to_have_value("")
    assert await violations(page) == []

    await sign_in(page)
    await expect(page.locator("#prompt")).to_be_visible()
    await ask_and_wait(page, "a lamp")
    assert await fits(page)
    assert await violations(page) == []
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(f"{closed_desk.url}/login")
    await page.goto(closed_desk.url)
    await expect(page).to_have_url(f"{closed_desk.url}/login")


async def test_the_way_back_to_where_one_wanted_to_go(closed_desk: Desk) -> None:
    page = await closed_desk.open()
    await page.goto(f"{closed_desk.url}/api?from=mail&x=1")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(page)
    await expect(page).to_have_url(f"{closed_desk.url}/api?from=mail&x=1")


async def test_what_is_typed_can_be_shown(closed_desk: Desk) -> None:
    page = await closed_desk.open(**PHONE)
    field = page.get_by_label("Password", exact=True)
    await field.fill(PASSWORD)
    await expect(field).to_have_attribute("type", "password")
    await page.get_by_label("Show the password").check()
    await expect(field).to_have_attribute("type", "text")


async def test_it_works_without_scripts_and_in_german(closed_desk: Desk) -> None:
    page = await closed_desk.open(java_script_enabled=False, locale="de", **PHONE)
    await expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    await page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Anmelden").click()
    await expect(page.locator("#prompt")).to_be_visible()
    await page.goto(f"{closed_desk.url}/settings")
    await page.get_by_label("Name").fill("Skript für die Nacht")
    await page.get_by_role("button", name="Token anlegen").click()
    await expect(page.get_by_label("Das Token „Skript für die Nacht“ ist fertig.")).to_have_value(_TOKEN)


@DEVICES
@pytest.mark.parametrize("locale", ["en", "de"])
async def test_tokens_and_sessions(closed_desk: Desk, device: dict[str, Any], locale: str) -> None:
    page = await closed_desk.open(locale=locale, **device)
    await open_settings(page, closed_desk)
    assert await violations(page) == []
    await page.locator("#token-name").fill("nightly")
    await page.locator("#token-scope").select_option("metrics")
    await page.locator(".new-token button").click()
    token = page.locator("#fresh-token")
    assert (await token.input_value()).startswith("uso_")
    await expect(page.locator(".lines li").first).to_contain_text("nightly")
    assert await fits(page)
    assert await violations(page) == []
    for name in (".new-token button", ".lines button", "#token-scope"):
        box = await page.locator(name).first.bounding_box()
        assert box is not None
        assert box["height"] >= 36
        assert box["x"] + box["width"] <= device["viewport"]["width"]
    await page.locator(".lines button").first.click()
    await expect(page.locator(".done")).to_contain_text("nightly")
    await expect(page.locator("#fresh-token")).to_have_count(0)
    await expect(page.locator(".lines li")).to_have_count(1)


async def test_a_token_can_be_copied(closed_desk: Desk) -> None:
    page = await closed_desk.open(permissions=["clipboard-read", "clipboard-write"])
    await open_settings(page, closed_desk)
    await page.get_by_label("Name").fill("nightly")
    await page.get_by_role("button", name="Make a token").click()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == await page.locator("#fresh-token").input_value()


@DEVICES
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_of_the_interface(desk: Desk, device: dict[str, Any], scheme: str) -> None:
    page = await desk.open(color_scheme=scheme, **device)
    await page.goto(f"{desk.url}/api")
    await expect(page.get_by_role("heading", name="For your own programs")).to_be_visible()
    assert await fits(page)
    assert await violations(page) == []
