"""Behind a proxy: whose word is taken, and what is different over HTTPS."""

from __future__ import annotations

import pytest

from tests.e2e.web.doors import PASSWORD, opened

HTTPS = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "uso.example.org"}
PUBLIC = {"allowed_hosts": ("uso.example.org",)}


async def test_a_trusted_proxy_tells_who_came_and_how() -> None:
    async with opened(trusted_proxies=("127.0.0.0/8",), **PUBLIC) as doors, doors.browser(HTTPS) as browser:
        # The client is one that sends Secure cookies over plain HTTP, as the line to the proxy is.
        origin = {"Origin": "https://uso.example.org"}
        async with browser.session.get(f"{doors.url}/login") as response:
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
            form_cookie = response.cookies["__Host-uso-form"]
            form_token = (await response.text()).split('name="form_token" value="')[1].split('"')[0]
        assert form_cookie["secure"]
        assert form_cookie["samesite"] == "Strict"
        cookie = {"Cookie": f"__Host-uso-form={form_cookie.value}"}
        fields = {"password": PASSWORD, "form_token": form_token}
        status, _, headers = await browser.post("/login", fields, {**origin, **cookie})
        assert status == 303
        session = headers["Set-Cookie"]
        assert session.startswith("__Host-uso-session=")
        assert "Secure" in session
        (found,) = await doors.spine.application.sign_in.sessions()
        assert found.visit.address == "203.0.113.9"
        status, _, _ = await browser.get("/", {"Cookie": session.split(";")[0]})
        assert status == 200


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9, 127.0.0.2", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("nonsense", "127.0.0.1"),
        ("1.2.3.4, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_the_address_is_the_last_one_that_no_trusted_proxy_has(chain: str, address: str) -> None:
    async with opened(trusted_proxies=("127.0.0.0/8",)) as doors, doors.browser({"X-Forwarded-For": chain}) as browser:
        assert await browser.sign_in() == 303
        (found,) = await doors.spine.application.sign_in.sessions()
        assert found.visit.address == address


async def test_nobody_elses_word_is_taken() -> None:
    async with opened(trusted_proxies=("10.0.0.0/8",), **PUBLIC) as doors, doors.browser(HTTPS) as browser:
        _, _, headers = await browser.get("/login")
        assert "Strict-Transport-Security" not in headers
        assert await browser.sign_in() == 303
        (found,) = await doors.spine.application.sign_in.sessions()
        assert found.visit.address == "127.0.0.1"


async def test_who_guesses_through_a_proxy_holds_up_nobody_else() -> None:
    async with opened(trusted_proxies=("127.0.0.1",)) as doors:
        async with doors.browser({"X-Forwarded-For": "203.0.113.9"}) as guesser:
            assert [await guesser.sign_in("wrong") for _ in range(6)] == [403] * 5 + [429]
        async with doors.browser({"X-Forwarded-For": "203.0.113.10"}) as owner:
            assert await owner.sign_in() == 303


async def test_a_made_up_chain_is_no_way_around_the_limit() -> None:
    async with opened(trusted_proxies=("127.0.0.1",)) as doors:
        statuses = []
        for number in range(6):
            async with doors.browser({"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}) as guesser:
                statuses.append(await guesser.sign_in("wrong"))
        assert statuses == [403] * 5 + [429]
