"""No link makes the bot ask a machine of its own network, and no stranger speaks for Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import pytest
from aiohttp import web

from adapters.discord.cdn import AttachmentUnreachable, Cdn, PostedPicture
from adapters.discord.settings import DiscordSettings
from tests.e2e.telegram.test_webhook import SECRET, bring, hooked, update_of, waiting_in
from tests.e2e.telegram.world import World
from tests.support.pictures import png

__all__ = ["hooked"]

HOSTILE_LINKS: Final = (
    *("http://127.0.0.1:{port}/secret", "http://localhost:{port}/secret", "http://[::1]:{port}/secret"),
    *("http://0.0.0.0:{port}/secret", "http://2130706433:{port}/secret", "http://0x7f000001:{port}/secret"),
    *("http://017700000001:{port}/secret", "http://127.1:{port}/secret", "http://[::ffff:127.0.0.1]:{port}/secret"),
    *("http://cdn.discordapp.com@127.0.0.1:{port}/secret", "https://cdn.discordapp.com:x@127.0.0.1:{port}/secret"),
    *("http://127.0.0.1:{port}#@cdn.discordapp.com/x", "http://127.0.0.1:{port}/?https://cdn.discordapp.com/"),
    *("http://127.0.0.1:{port}\\@cdn.discordapp.com/", "https://cdn.discordapp.com\\@127.0.0.1:{port}/"),
    *("http://cdn.discordapp.com:{port}/attachments/1/2/a.png", "https://cdn.discordapp.com:{port}/attachments/1/2/a"),
    *("https://cdn.discordapp.com.127.0.0.1.nip.example:{port}/", "https://cdn.discordapp.com%00.evil.example/"),
    *(
        "https://cdn.discordapp.com%2eevil.example/",
        "https://evil.example/cdn.discordapp.com",
        "https://cdn.discordapp",
    ),
    *(
        "https://cdn。discordapp。com.evil.example/",
        "https://ⓒdn.discordapp.com.evil.example/",
        "HTTP://LOCALHOST:{port}",
    ),
    *("http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "file:///etc/passwd"),
    *("ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_x", "unix:/var/run/docker.sock", "data:image/png,x"),
    *("javascript:alert(1)", "//127.0.0.1:{port}/secret", "127.0.0.1:{port}", "http:/127.0.0.1:{port}", "http://", ""),
    *(
        " http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/\r\nHost: cdn.discordapp.com",
        "\0",
        "https://[::1",
        "https://[",
        "x" * 9000,
    ),
)
"""All but Discord's own files, with `{port}` for a server that must not be asked."""

OWN_SERVER_LINKS: Final = (
    *("/secret", "/attachments/../secret", "/attachments/%2e%2e/secret", "/attachments/..%2fsecret", "/attachments"),
    *("//attachments/x", "/attachments\\..\\secret", "/api/v10/users/@me", "/redirected/attachments/x"),
)
"""On the address of a proxy for Discord, where only files may be asked for."""

NO_SECRETS: Final = (
    None,
    "",
    " ",
    "null",
    "wrong",
    SECRET[:-1],
    SECRET + "x",
    SECRET.upper(),
    SECRET + "\x80",
    "ü" * 64,
)
STRANGE_BODIES: Final = (
    *(b"", b"{", b"[]", b"7", b"null", b'"x"', b'{"update_id": "x"}', b'{"update_id": true}', b'{"message": {}}'),
    *(b'{"update_id": -1}', b'{"update_id": 1.5}', b'{"update_id": ' + b"9" * 5000 + b"}", b"\xff\xfe{}", b"\0" * 100),
    *(b"[" * 100_000, b'{"update_id":1,"x":' + b"[" * 100_000, b'{"update_id":1,"x":' + b'{"a":' * 100_000),
)


@dataclass
class Inside:
    """A machine of the operator's own network."""

    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Note that somebody asked."""
        self.asked.append(request.path)
        if request.path.startswith("/attachments/redirect"):
            raise web.HTTPFound("/secret")
        return web.Response(body=png())


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    inside = Inside()
    app = web.Application()
    app.router.add_get("/{path:.*}", inside.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    inside.port = runner.addresses[0][1]
    yield inside
    await runner.cleanup()


async def fetched(cdn: Cdn, url: str) -> bool:
    try:
        await cdn.fetch(PostedPicture(url, "a.png"), most_bytes=10_000)
    except AttachmentUnreachable:
        return False
    finally:
        await cdn.close()
    return True


@pytest.mark.parametrize("link", HOSTILE_LINKS)
async def test_nothing_but_discords_files_is_asked_for(inside: Inside, link: str) -> None:
    cdn = Cdn(DiscordSettings(token="t"))
    url = link.format(port=inside.port)
    assert not cdn.serves(url)
    assert not await fetched(cdn, url)
    assert inside.asked == []


@pytest.mark.parametrize("path", OWN_SERVER_LINKS)
async def test_of_a_proxy_nothing_but_files_is_asked_for(inside: Inside, path: str) -> None:
    base = f"http://127.0.0.1:{inside.port}"
    assert not await fetched(Cdn(DiscordSettings(token="t", api_base_url=f"{base}/api/v10")), base + path)
    assert inside.asked == []


async def test_redirects_are_not_followed(inside: Inside) -> None:
    base = f"http://127.0.0.1:{inside.port}"
    settings = DiscordSettings(token="t", api_base_url=f"{base}/api/v10")
    assert await fetched(Cdn(settings), f"{base}/attachments/1/2/a.png")
    assert not await fetched(Cdn(settings), f"{base}/attachments/redirect")
    assert inside.asked == ["/attachments/1/2/a.png", "/attachments/redirect"]


async def test_the_webhook_believes_nobody_without_the_secret(hooked: World) -> None:
    ada = hooked.person()
    async with hooked.running():
        for number, secret in enumerate(NO_SECRETS, start=1):
            assert await bring(hooked, update_of(ada, number, "a fox"), secret) in {400, 403}, secret
            for body in STRANGE_BODIES:
                assert await bring(hooked, body, secret) in {400, 403}
        await hooked.settled()
        assert await hooked.jobs(ada) == ()
    assert ada.seen() == []
    assert waiting_in(hooked.state_folder) == []


async def test_the_webhook_refuses_what_is_no_update_even_with_the_secret(hooked: World) -> None:
    async with hooked.running():
        for body in STRANGE_BODIES:
            assert await bring(hooked, body, SECRET) == 400, body[:40]
    assert waiting_in(hooked.state_folder) == []
