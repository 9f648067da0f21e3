"""Paths lead to nothing but the page, headers to nothing but their meaning, forms to nothing but a refusal."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

import pytest

from tests.e2e.web.conftest import PageKit
from tests.security.hostile_addresses import ENCODED_FORMS, HOSTILE_FORMS, HOSTILE_HEADERS, HOSTILE_PATHS, ODD_HEADERS

# The server's library warns of what it is sent, in words that hold half characters: no report could carry them.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire; status 0 for a connection that was closed without one."""

    status: int
    head: str
    body: bytes


async def ask(page: PageKit, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> Answer:
    """Write a request byte by byte: libraries mend what is asked of them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", page.server.port)
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    writer.write("\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body)
    try:
        async with asyncio.timeout(20):
            raw = await reader.read(2**20)
    except ConnectionResetError:
        raw = b""
    writer.close()
    head, _, content = raw.partition(b"\r\n\r\n")
    first, _, fields = head.decode("latin-1").partition("\r\n")
    return Answer(int(first.split()[1]) if first else 0, fields.lower(), content)


def assert_harmless(answer: Answer) -> None:
    assert "x-owned" not in answer.head
    for secret in (b"root:", b"from __future__", b"Traceback", b"[core]", b"/site-packages/"):
        assert secret not in answer.body


@pytest.mark.parametrize("target", HOSTILE_PATHS)
async def test_paths(page: PageKit, target: str) -> None:
    answer = await ask(page, target)
    assert answer.status == 0 or 400 <= answer.status < 500 or answer.status == 200
    assert_harmless(answer)
    if answer.status == 200:
        assert "text/html" in answer.head
        assert b"<form" in answer.body, "the page itself, whatever its query says"


@pytest.mark.parametrize("headers", HOSTILE_HEADERS.values(), ids=HOSTILE_HEADERS.keys())
async def test_headers_that_split_requests(page: PageKit, headers: tuple[str, ...]) -> None:
    smuggled = b"0\r\n\r\nGET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = await ask(page, "/api/jobs", *headers, method="POST", body=smuggled)
    assert answer.status in {0, 400}
    assert b'"jobs"' not in answer.body, "the second request is not answered"
    assert_harmless(answer)


@pytest.mark.parametrize("headers", ODD_HEADERS.values(), ids=ODD_HEADERS.keys())
async def test_headers_that_mean_nothing(page: PageKit, headers: tuple[str, ...]) -> None:
    answer = await ask(page, "/", *headers)
    assert answer.status == 200
    assert "evil.example" not in answer.head
    assert b"evil.example" not in answer.body
    assert_harmless(answer)


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "a b c d e f", "../../../etc", "%0d%0aX-Owned", "ääääääää"])
async def test_keys_that_are_none(page: PageKit, key: str) -> None:
    form = b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na fox\r\n--B--\r\n'
    headers = ("Content-Type: multipart/form-data; boundary=B", f"Content-Length: {len(form)}")
    answer = await ask(page, "/api/jobs", *headers, f"Idempotency-Key: {key}", method="POST", body=form)
    assert answer.status == 400
    await page.assert_nothing_stored()


@pytest.mark.parametrize("form", HOSTILE_FORMS.values(), ids=HOSTILE_FORMS.keys())
async def test_forms(page: PageKit, form: bytes) -> None:
    headers = ("Content-Type: multipart/form-data; boundary=B", f"Content-Length: {len(form)}")
    answer = await ask(page, "/api/jobs", *headers, method="POST", body=form)
    assert answer.status in {400, 413, 422}
    assert "application/problem+json" in answer.head
    assert_harmless(answer)
    await page.assert_nothing_stored()


@pytest.mark.parametrize("form", ENCODED_FORMS.values(), ids=ENCODED_FORMS.keys())
async def test_parts_are_not_unpacked(page: PageKit, form: bytes) -> None:
    headers = ("Content-Type: multipart/form-data; boundary=B", f"Content-Length: {len(form)}")
    answer = await ask(page, "/api/jobs", *headers, method="POST", body=form)
    assert answer.status == 201
    written = form.split(b"\r\n\r\n")[1].split(b"\r\n")[0]
    assert json.loads(answer.body)["prompt"].encode() == written
