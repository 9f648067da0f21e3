"""Who gets to the page *Operate* where a login is demanded, and what a token of the scope `operate` does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.access import Scope
from bot.domain.actors import Actor, Platform
from bot.domain.operations import RunMode
from tests.e2e.web.doors import Doors, opened

PAGE = Actor(Platform.WEB, "local")
ADA = Actor(Platform.DISCORD, "42", name="Ada")


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    async with opened() as doors:
        yield doors


async def test_only_who_signed_in_sees_the_page_and_its_stream(doors: Doors) -> None:
    async with doors.browser() as stranger, doors.browser() as owner:
        for path in ("/operate", "/operate/live", "/operate/reports/1.png"):
            status, text, headers = await stranger.get(path)
            assert (status, headers["Location"].startswith("/login?next=")) == (303, True), path
            assert "facts" not in text
        assert await owner.sign_in() == 303
        status, text, _ = await owner.get("/operate")
        assert status == 200
        assert 'href="/operate" aria-current="page"' in text


async def turn(doors: Doors, headers: dict[str, str]) -> tuple[int, str]:
    """Try to pause the bot; status, and the code of a refusal."""
    url = f"{doors.url}/api/operate/mode"
    async with (
        aiohttp.ClientSession() as program,
        program.post(url, json={"mode": "paused"}, headers=headers) as answer,
    ):
        return answer.status, (await answer.json()).get("code", "")


async def test_a_token_operates_only_with_its_scope_and_an_operators_account(doors: Doors) -> None:
    tokens = doors.spine.application.api_tokens

    def mode() -> RunMode:
        return doors.spine.application.operations.mode

    async def header(holder: Actor, scope: Scope) -> dict[str, str]:
        issued = await tokens.create(holder, f"{scope.value} of {holder.key}", scope, by="web:local")
        return {"Authorization": f"Bearer {issued.secret}"}

    assert await turn(doors, {}) == (401, "sign-in-needed")
    assert await turn(doors, await header(PAGE, Scope.DRAW)) == (403, "scope-too-small")
    assert await turn(doors, await header(PAGE, Scope.METRICS)) == (403, "scope-too-small")
    assert await turn(doors, await header(ADA, Scope.OPERATE)) == (403, "operators-only")
    assert mode() is RunMode.RUNNING
    assert await turn(doors, await header(PAGE, Scope.OPERATE)) == (200, "")
    assert mode() is RunMode.PAUSED
