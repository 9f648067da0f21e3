"""Beyond loopback the page demands a login, and nothing of it is open that should not be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from adapters.engine.fake import FakeEngine, Play
from adapters.web.passes import PAGE_ACTOR
from adapters.web.routes import METRICS_ROUTE, PUBLIC_ROUTES
from adapters.web.server import WebSettings
from bot.domain.access import Scope
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.e2e.web.conftest import PageKit, cards_of
from tests.e2e.web.doors import PASSWORD, Browser, Doors, opened


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    async with opened() as doors:
        yield doors


@pytest.fixture
async def browser(doors: Doors) -> AsyncIterator[Browser]:
    async with doors.browser() as browser:
        yield browser


def routes_of(doors: Doors) -> list[tuple[str, str, str]]:
    """Method, a path, and name of every route."""
    found = []
    for route in doors.server.app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical.replace("{job_id}", "0").replace("{index}", "0")
        if isinstance(route.resource, web.StaticResource):
            path += "/page.js"
        found.append((route.method, path.replace("{", "").replace("}", ""), route.resource.name or ""))
    return found


async def test_everything_is_closed_but_what_is_listed(doors: Doors, browser: Browser) -> None:
    open_to_all = set()
    for method, path, name in routes_of(doors):
        request = browser.session.request(method, doors.url + path, allow_redirects=False)
        async with request as response:
            is_led_to_login = response.status == 303 and response.headers["Location"].startswith("/login")
            if response.status != 401 and not is_led_to_login:
                open_to_all.add((path, name))
    public = {name for _, name in open_to_all}
    why = (
        "these answer without a login; if all the world may see them, list their names in adapters.web.routes: "
        f"{sorted(path for path, name in open_to_all if name not in PUBLIC_ROUTES)}"
    )
    # The test comes from this machine, which may measure without a token.
    assert public - {METRICS_ROUTE} <= PUBLIC_ROUTES, why
    assert {"login", "static", "healthz"} <= public


async def test_what_is_not_there_is_closed_too(browser: Browser) -> None:
    assert (await browser.get("/api/nothing"))[0] == 401
    status, _, headers = await browser.get("/nothing")
    assert (status, headers["Location"]) == (303, "/login?next=/nothing")


async def test_programs_are_told_in_one_sentence(browser: Browser) -> None:
    async with browser.session.get(browser.url + "/api/jobs") as response:
        problem = await response.json()
        assert response.content_type == "application/problem+json"
        assert response.headers["WWW-Authenticate"] == "Bearer"
    assert (problem["status"], problem["code"]) == (401, "sign-in-needed")
    assert problem["detail"] == "Please sign in first, or send a token of this bot."


async def test_the_way_in_and_out(doors: Doors, browser: Browser) -> None:
    status, _, headers = await browser.get("/settings?a=1&b=2")
    assert (status, headers["Location"]) == (303, "/login?next=/settings?a%3D1%26b%3D2")
    text = (await browser.get(headers["Location"]))[1]
    assert 'name="next" value="/settings?a=1&amp;b=2"' in text
    fields = {"password": PASSWORD, "next": "/settings?a=1&b=2"}
    status, _, headers = await browser.send("/login", "/login", fields)
    assert (status, headers["Location"]) == (303, "/settings?a=1&b=2")
    assert (await browser.get("/"))[0] == 200
    assert (await browser.get("/api/jobs"))[0] == 200
    assert (await browser.get("/login"))[0] == 303, "who is in needs no login"

    status, _, headers = await browser.send("/settings", "/logout", {})
    assert (status, headers["Location"]) == (303, "/login")
    assert (await browser.get("/"))[0] == 303
    assert await doors.spine.application.sign_in.sessions() == []


async def test_a_wrong_password_is_said_and_a_few_of_them_have_to_wait(browser: Browser) -> None:
    status, text, _ = await browser.send("/login", "/login", {"password": "wrong"})
    assert status == 403
    assert "That password is not right." in text
    assert "wrong" not in text.replace("That password is not right", "")
    for _ in range(4):
        assert await browser.sign_in("wrong") == 403
    status, text, headers = await browser.send("/login", "/login", {"password": PASSWORD})
    assert status == 429
    assert "try again in 15 min." in text
    assert headers["Retry-After"] == "900"
    assert (await browser.get("/"))[0] == 303


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\tx", "evil", "/login", "/a\r\nX: y", ""]
)
async def test_the_login_leads_to_no_other_site(browser: Browser, onward: str) -> None:
    status, _, headers = await browser.send("/login", "/login", {"password": PASSWORD, "next": onward})
    assert (status, headers["Location"]) == (303, "/")


async def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(browser: Browser) -> None:
    _, _, headers = await browser.send("/login", "/login", {"password": PASSWORD})
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("uso-session=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"):
        assert part in cookie
    assert "Secure" not in cookie, "it would not come back without encryption"


async def test_a_forged_session_is_none(doors: Doors) -> None:
    async with doors.browser() as browser:
        for value in ("", "x", "a" * 43, "a" * 4000, '"', "uso_x"):
            assert (await browser.get("/api/jobs", {"Cookie": f"uso-session={value}"}))[0] == 401


async def test_sessions_outlive_a_restart_of_the_page(doors: Doors, browser: Browser) -> None:
    assert await browser.sign_in() == 303
    await doors.server.close()
    second = type(doors.server)(doors.spine.application, WebSettings(port=doors.server.port, login=True))
    await second.start()
    assert (await browser.get("/"))[0] == 200
    await second.close()


async def test_forms_of_other_sites_are_refused(doors: Doors, browser: Browser) -> None:
    assert await browser.sign_in() == 303
    fields = {"name": "stolen", "scope": "operate", "days": "30"}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await browser.send("/settings", "/settings/tokens", fields, headers))[0] == 403
    for form_token in ("", "x", "ü"):
        status, text, _ = await browser.post("/settings/tokens", {**fields, "form_token": form_token})
        assert status == 403
        assert "This page was open for too long" in text
    assert await doors.spine.application.api_tokens.all() == ()


async def test_a_form_of_one_browser_is_of_no_use_in_another(doors: Doors, browser: Browser) -> None:
    assert await browser.sign_in() == 303
    async with doors.browser() as other:
        assert await other.sign_in() == 303
        page = (await other.get("/settings"))[1]
    theirs = page.split('name="form_token" value="')[1].split('"')[0]
    fields = {"name": "stolen", "scope": "draw", "days": "30", "form_token": theirs}
    assert (await browser.post("/settings/tokens", fields))[0] == 403


async def test_what_a_page_fetches_has_to_say_where_it_comes_from(browser: Browser) -> None:
    assert await browser.sign_in() == 303
    async with browser.session.post(browser.url + "/api/jobs/none/cancel") as response:
        assert (response.status, (await response.json())["code"]) == (403, "cross-site")
    headers = {"Origin": browser.url}
    async with browser.session.post(browser.url + "/api/jobs/none/cancel", headers=headers) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded; charset=none-such"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded"),
    ],
)
async def test_a_broken_form_is_refused(browser: Browser, body: bytes, kind: str) -> None:
    headers = {"Content-Type": kind, "Origin": browser.url}
    async with browser.session.post(browser.url + "/login", data=body, headers=headers) as response:
        assert 400 <= response.status < 500


async def test_the_login_speaks_german(browser: Browser) -> None:
    status, text, _ = await browser.get("/login", {"Accept-Language": "de"})
    assert status == 200
    assert "Anmelden" in text


@pytest.mark.parametrize(
    ("settings", "is_demanded"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
        ({"host": "127.8.0.1"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "::"}, True),
        ({"host": "192.168.1.5"}, True),
        ({"host": "studio.lan"}, True),
        ({"login": True}, True),
        ({"trusted_proxies": ("127.0.0.1",)}, True),
        ({"allowed_hosts": ("studio.lan",)}, True),
        ({"allowed_hosts": ("localhost",)}, False),
    ],
)
def test_where_a_login_is_demanded(settings: dict[str, object], is_demanded: bool) -> None:
    assert WebSettings(**settings).demands_login is is_demanded  # type: ignore[arg-type]


def test_what_others_can_read_on_the_way_is_known() -> None:
    assert WebSettings(host="0.0.0.0").is_readable_on_the_way
    assert not WebSettings(host="0.0.0.0", trusted_proxies=("10.0.0.1",)).is_readable_on_the_way
    assert not WebSettings(login=True).is_readable_on_the_way


async def test_this_machine_alone_needs_none(page: PageKit) -> None:
    for path in ("/", "/settings", "/api/openapi.json"):
        async with page.session.get(page.url + path) as response:
            assert response.status == 200, path
    async with page.session.get(page.url + "/login", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/")


async def test_a_numeric_address_is_a_name_of_the_page_beyond_loopback_only(doors: Doors, page: PageKit) -> None:
    async with doors.browser() as browser:
        assert (await browser.get("/healthz", {"Host": "192.168.1.5:8080"}))[0] == 200
        assert (await browser.get("/healthz", {"Host": "evil.example"}))[0] == 403
    async with page.session.get(page.url + "/healthz", headers={"Host": "192.168.1.5:8080"}) as response:
        assert response.status == 403


async def test_streams_end_with_their_session_or_token() -> None:
    async with opened(recheck_s=0.05) as doors, doors.browser() as browser, aiohttp.ClientSession() as program:
        engine, application = doors.spine.engine, doors.spine.application
        assert isinstance(engine, FakeEngine)
        engine.script(Play(hold_at_step=0))
        assert await browser.sign_in() == 303
        issued = await application.api_tokens.create(PAGE_ACTOR, "nightly", Scope.DRAW, by="web:local")
        submitted = await application.submit(Origin(PAGE_ACTOR, "web:one"), Draft(prompt="a lamp"))
        address = f"{doors.url}/api/jobs/{submitted.job.id}/events"
        bearer = {"Authorization": f"Bearer {issued.secret}"}
        async with browser.session.get(address) as followed, program.get(address, headers=bearer) as listened:
            assert [await anext(cards_of(stream)) for stream in (followed, listened)]
            await application.sign_in.set_password("another horse battery")
            await _until_it_ends(followed)
            await application.api_tokens.revoke("nightly", by="web:local")
            await _until_it_ends(listened)
        engine.release()


async def _until_it_ends(stream: aiohttp.ClientResponse) -> None:
    async with asyncio.timeout(30):
        with pytest.raises(aiohttp.ClientPayloadError):
            await stream.read()
