"""Programs with a token: what it opens, as whom, and how it is made and ended on the page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from adapters.web.interface.document import described_routes
from bot.domain.access import Scope
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from tests.e2e.web.conftest import PageKit
from tests.e2e.web.doors import Browser, Doors, opened

PAGE = Actor(Platform.WEB, "local")
ADA = Actor(Platform.DISCORD, "42", name="Ada")
_SECRET = re.compile(r'value="(uso_[\w-]{43})"')


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    async with opened() as doors:
        yield doors


@pytest.fixture
async def browser(doors: Doors) -> AsyncIterator[Browser]:
    async with doors.browser() as browser:
        assert await browser.sign_in() == 303
        yield browser


@pytest.fixture
async def program(doors: Doors) -> AsyncIterator[aiohttp.ClientSession]:
    """A script: no cookies, no origin."""
    async with aiohttp.ClientSession(doors.url) as session:
        yield session


async def issue(doors: Doors, holder: Actor = PAGE, scope: Scope = Scope.DRAW, **options: Any) -> Mapping[str, str]:
    """The header of a new token."""
    name = f"{scope.value} of {holder.key}"
    issued = await doors.spine.application.api_tokens.create(holder, name, scope, by="web:local", **options)
    return {"Authorization": f"Bearer {issued.secret}"}


async def ask(program: aiohttp.ClientSession, headers: Mapping[str, str], key: str = "") -> tuple[int, Any]:
    """Ask for a picture."""
    form = aiohttp.FormData({"prompt": "a lamp", "steps": "1"}, default_to_multipart=True)
    headers = {**headers, **({"Idempotency-Key": key} if key else {})}
    async with program.post("/api/jobs", data=form, headers=headers) as response:
        return response.status, await response.json()


async def status_of(program: aiohttp.ClientSession, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    """Status, and the code of a refusal."""
    async with program.get(path, headers=headers, allow_redirects=False) as response:
        is_json = response.content_type == "application/problem+json"
        return response.status, (await response.json())["code"] if is_json else ""


async def test_a_script_draws_with_a_token_alone(doors: Doors, program: aiohttp.ClientSession) -> None:
    headers = await issue(doors)
    status, card = await ask(program, headers)
    assert status == 201
    await doors.spine.until(card["id"], Phase.DONE)
    async with program.get(f"/api/jobs/{card['id']}/pictures/0.png", headers=headers) as response:
        assert (response.status, response.content_type) == (200, "image/png")
    async with program.get(f"/api/jobs/{card['id']}/events", headers=headers) as response:
        assert b"event: card" in await response.read()
    async with program.post(f"/api/jobs/{card['id']}/reroll", headers=headers) as response:
        assert response.status == 201


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer uso_wrong", "bearer nothing", "Bearer uso_" + "a" * 43, "Basic dXNvOnVzbw=="],
)
async def test_anything_else_is_no_token(doors: Doors, program: aiohttp.ClientSession, header: str) -> None:
    status, code = await status_of(program, "/api/jobs", {"Authorization": header})
    assert (status, code) in {(401, "token-wrong"), (401, "sign-in-needed")}


async def test_a_wrong_token_is_refused_even_where_none_is_needed(page: PageKit) -> None:
    async with page.session.get(f"{page.url}/api/jobs", headers={"Authorization": "Bearer uso_wrong"}) as response:
        assert (response.status, (await response.json())["code"]) == (401, "token-wrong")


async def test_a_token_is_for_the_interface_and_never_for_pages(doors: Doors, program: aiohttp.ClientSession) -> None:
    headers = await issue(doors, scope=Scope.OPERATE)
    for path in ("/", "/settings", "/api"):
        status, _ = await status_of(program, path, headers)
        assert status in {403, 404}, path
    async with program.post("/settings/tokens", headers=headers, data={"name": "x"}) as response:
        assert response.status == 403
    assert await status_of(program, "/api/nothing", headers) == (404, "not-found")


async def test_each_route_wants_its_scope(doors: Doors, program: aiohttp.ClientSession) -> None:
    tokens = {scope: await issue(doors, scope=scope) for scope in Scope}
    routes = list(described_routes(doors.server.app.router))
    assert routes
    for route in routes:
        fitting = {name: str((schema.get("enum") or ["0"])[0]) for name, schema in route.parameters.items()}
        path = route.path.format(**fitting)
        for scope, headers in tokens.items():
            async with program.request(route.method, path, headers=headers) as response:
                is_refused = response.status == 403 and (await response.json())["code"] == "scope-too-small"
            assert is_refused is not scope.allows(route.operation.scope), (route.method, path, scope)


async def test_a_token_acts_as_its_account_and_sees_no_other(
    doors: Doors, program: aiohttp.ClientSession, browser: Browser
) -> None:
    adas, pages = await issue(doors, ADA), await issue(doors)
    key = "the-same-key"
    status, card = await ask(program, adas, key)
    assert status == 201
    assert (await ask(program, adas, key))[1]["id"] == card["id"], "a repetition is one job"
    other_status, other = await ask(program, pages, key)
    assert (other_status, other["id"] == card["id"]) == (201, False), "another account's key is its own"
    async with program.get("/api/jobs", headers=adas) as response:
        assert [one["id"] for one in (await response.json())["jobs"]] == [card["id"]]
    job = await doors.spine.job(card["id"])
    async with doors.spine.open_unit() as unit:
        assert job.owner == await unit.users.find(ADA)


async def test_a_token_that_is_over_or_revoked_opens_nothing(doors: Doors, program: aiohttp.ClientSession) -> None:
    headers = await issue(doors, days=1)
    assert (await status_of(program, "/api/jobs", headers))[0] == 200
    doors.spine.clock.advance(86_400)
    assert await status_of(program, "/api/jobs", headers) == (401, "token-wrong")


async def test_a_token_is_slowed_down(doors: Doors, program: aiohttp.ClientSession) -> None:
    headers = await issue(doors)
    for _ in range(300):
        assert (await status_of(program, "/api/nothing", headers))[0] == 404
    async with program.get("/api/jobs", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (429, "token-used-too-often")
        assert int(response.headers["Retry-After"]) == 60


async def test_measurements_are_for_this_machine_and_for_tokens(doors: Doors, program: aiohttp.ClientSession) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    assert (await status_of(program, "/metrics", {}))[0] == 200
    assert await status_of(program, "/metrics", elsewhere) == (401, "sign-in-needed")
    for scope in Scope:
        headers = {**elsewhere, **await issue(doors, scope=scope)}
        expected = (403, "scope-too-small") if scope is Scope.DRAW else (200, "")
        assert await status_of(program, "/metrics", headers) == expected


async def test_making_and_revoking_a_token_on_the_page(
    doors: Doors, program: aiohttp.ClientSession, browser: Browser
) -> None:
    fields = {"name": "nightly <b>", "scope": "draw", "days": "90"}
    status, text, headers = await browser.send("/settings", "/settings/tokens", fields)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    found = _SECRET.search(text)
    assert found is not None
    bearer = {"Authorization": f"Bearer {found[1]}"}
    assert (await status_of(program, "/api/jobs", bearer))[0] == 200

    _, text, _ = await browser.get("/settings")
    assert found[1] not in text, "it is shown once"
    assert "nightly &lt;b&gt;" in text
    assert "last used 2026-01-01" in text
    assert "until 2026-04-01" in text
    (token,) = await doors.spine.application.api_tokens.all()
    status, text, _ = await browser.send("/settings", "/settings/tokens/revoke", {"token": token.id})
    assert status == 200
    assert "is revoked; programs that use it are shut out." in text
    assert await status_of(program, "/api/jobs", bearer) == (401, "token-wrong")
    status, text, _ = await browser.send("/settings", "/settings/tokens/revoke", {"token": token.id})
    assert status == 404
    assert (await browser.get("/settings/tokens"))[0] == 303, "a reload leads back"


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"name": " "}, 422, "Please give the token a name of 1 to 40 characters."),
        ({"scope": "all"}, 422, "“all” is not one of draw, operate, metrics."),
        ({"days": "7"}, 422, "“7” is not one of 30, 90, 365."),
        ({"name": "taken"}, 409, "There is a token named “taken” already"),
    ],
)
async def test_what_the_form_does_not_take(
    doors: Doors, browser: Browser, changes: dict[str, str], status: int, sentence: str
) -> None:
    await doors.spine.application.api_tokens.create(PAGE, "taken", Scope.DRAW, by="web:local")
    fields = {"name": "nightly", "scope": "draw", "days": "", **changes}
    answered, text, _ = await browser.send("/settings", "/settings/tokens", fields)
    assert answered == status
    assert sentence in text
    assert len(await doors.spine.application.api_tokens.all()) == 1


async def test_signing_out_everywhere_else(doors: Doors, browser: Browser) -> None:
    async with doors.browser({"User-Agent": "Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0"}) as other:
        assert await other.sign_in() == 303
        _, text, _ = await other.get("/settings")
        assert "Firefox, from 127.0.0.1" in text
        assert "unknown browser, from 127.0.0.1" in text
        assert "this browser" in text
        _, text, _ = await other.send("/settings", "/settings/sessions/end", {})
        assert "One other browser is signed out." in text
        assert (await other.get("/"))[0] == 200
        assert (await browser.get("/"))[0] == 303


async def test_without_a_login_there_are_tokens_but_no_sessions(page: PageKit) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        browser = Browser(page.url, session)
        assert "asks for no password" in (await browser.get("/settings"))[1]
        fields = {"name": "nightly", "scope": "metrics", "days": ""}
        status, text, _ = await browser.send("/settings", "/settings/tokens", fields)
        assert status == 200
        assert _SECRET.search(text)
        assert (await browser.post("/settings/tokens", fields))[0] == 403
