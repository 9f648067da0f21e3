"""What the page refuses: one sentence, and nothing left behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.limits import Limits
from tests.e2e.web.conftest import Json, PageKit
from tests.support.pictures import BAD_PICTURES, png

BAD_NUMBERS = {
    "empty prompt": ({"prompt": "  "}, "prompt-empty"),
    "long prompt": ({"prompt": "x" * 2001}, "prompt-too-long"),
    "size 0": ({"prompt": "a", "width": "0", "height": "0"}, "size-out-of-range"),
    "too wide": ({"prompt": "a", "width": "1600", "height": "512"}, "size-out-of-range"),
    "unknown aspect": ({"prompt": "a", "aspect": "5:7"}, "unknown-choice"),
    "nan guidance": ({"prompt": "a", "guidance": "NaN"}, "guidance-out-of-range"),
    "infinite guidance": ({"prompt": "a", "guidance": "inf"}, "guidance-out-of-range"),
    "words for a number": ({"prompt": "a", "steps": "many"}, "not-a-number"),
    "no steps": ({"prompt": "a", "steps": "0"}, "steps-out-of-range"),
    "seed too large": ({"prompt": "a", "seed": "4294967296"}, "seed-out-of-range"),
    "five pictures": ({"prompt": "a", "count": "5"}, "count-out-of-range"),
    "keep size of nothing": ({"prompt": "a", "keep_size": "on"}, "keep-size-without-subject"),
}


def assert_one_sentence(answer: Json, code: str) -> None:
    """The answer is an error of that kind, in one line without technical words."""
    assert answer["code"] == code
    message = answer["detail"]
    assert message.endswith(".")
    assert "\n" not in message
    assert "Traceback" not in message


@pytest.mark.parametrize("name", BAD_NUMBERS)
async def test_bad_numbers(page: PageKit, name: str) -> None:
    fields, code = BAD_NUMBERS[name]
    status, answer = await page.post(fields=fields)
    assert 400 <= status < 500
    assert_one_sentence(answer, code)
    await page.assert_nothing_stored()


@pytest.mark.parametrize("place", ["subject", "style"])
@pytest.mark.parametrize("name", BAD_PICTURES)
async def test_bad_pictures(page: PageKit, name: str, place: str) -> None:
    data, code = BAD_PICTURES[name]
    good = "style" if place == "subject" else "subject"
    status, answer = await page.post(fields={"prompt": "a"}, files=[(good, png()), (place, data)])
    assert 400 <= status < 500
    assert_one_sentence(answer, code)
    await page.assert_nothing_stored()


async def test_three_styles(page: PageKit) -> None:
    status, answer = await page.post(fields={"prompt": "a"}, files=[("style", png())] * 3)
    assert status == 422
    assert answer["detail"] == "Please send at most 2 style pictures, not 3."
    await page.assert_nothing_stored()


async def test_a_file_that_is_too_large_is_not_read_to_its_end(page: PageKit) -> None:
    sent = 0
    boundary = "edge"

    async def endless() -> AsyncIterator[bytes]:  # an upload that would never end by itself
        nonlocal sent
        yield (f'--{boundary}\r\nContent-Disposition: form-data; name="subject"; filename="a.png"\r\n\r\n'.encode())
        while True:
            sent += 2**18
            yield b"\0" * 2**18

    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    async with page.session.post(page.url + "/api/jobs", data=endless(), headers=headers) as response:
        assert response.status == 413
        assert_one_sentence(await response.json(), "file-too-large")
    assert sent < 4 * Limits().max_file_bytes
    await page.assert_nothing_stored()


MALFORMED = {
    "no form": (b"hello", "text/plain"),
    "no boundary": (b"hello", "multipart/form-data"),
    "empty": (b"", "multipart/form-data; boundary=edge"),
    "wrong boundary": (b"--other\r\n\r\n", "multipart/form-data; boundary=edge"),
    "cut off": (
        b'--edge\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nhel',
        "multipart/form-data; boundary=edge",
    ),
    "not utf-8": (
        b'--edge\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\xfe\r\n--edge--\r\n',
        "multipart/form-data; boundary=edge",
    ),
    "nameless": (
        b"--edge\r\nContent-Type: text/plain\r\n\r\nhello\r\n--edge--\r\n",
        "multipart/form-data; boundary=edge",
    ),
    "form in a form": (
        b"--edge\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n--inner--\r\n--edge--\r\n",
        "multipart/form-data; boundary=edge",
    ),
    "countless parts": (
        b'--edge\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 100 + b"--edge--\r\n",
        "multipart/form-data; boundary=edge",
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_malformed_bodies(page: PageKit, name: str) -> None:
    body, content_type = MALFORMED[name]
    headers = {"Content-Type": content_type}
    async with page.session.post(page.url + "/api/jobs", data=body, headers=headers) as response:
        assert 400 <= response.status < 500
        answer = await response.json()
    assert_one_sentence(answer, "bad-request")
    await page.assert_nothing_stored()


async def test_a_text_field_without_end(page: PageKit) -> None:
    status, answer = await page.post(fields={"prompt": "x" * 70_000})
    assert status == 413
    assert_one_sentence(answer, "too-large")


async def test_words_are_in_the_language_of_the_browser(page: PageKit) -> None:
    _, answer = await page.post(fields={"prompt": "a", "guidance": "viel"}, headers={"Accept-Language": "de"})
    assert answer["detail"] == "„viel“ ist keine Zahl für Führung."


async def test_too_many_waiting(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=0))
    for number in range(Limits().max_waiting_jobs + 1):
        status, _ = await page.post(fields={"prompt": str(number)})
        assert status == 201
        if number == 0:
            await engine.held.wait()
    status, answer = await page.post(fields={"prompt": "one too many"})
    assert status == 429
    assert_one_sentence(answer, "too-many-waiting")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/jobs/nothing", 404, "job-unknown"),
        ("GET", "/api/jobs/nothing/events", 404, "job-unknown"),
        ("GET", "/api/jobs/nothing/preview", 404, "job-unknown"),
        ("GET", "/api/jobs/nothing/pictures/0.png", 404, "job-unknown"),
        ("GET", "/api/events", 400, "bad-request"),
        ("GET", "/api/events?job=nothing", 404, "job-unknown"),
        ("GET", "/api/jobs?limit=0", 400, "bad-request"),
        ("GET", "/api/jobs?limit=x", 400, "bad-request"),
        ("GET", "/api/nowhere", 404, "not-found"),
        ("DELETE", "/api/jobs", 405, "method-not-allowed"),
        ("POST", "/api/jobs/nothing/reroll", 404, "job-unknown"),
        ("POST", "/api/jobs/nothing/cancel", 404, "job-unknown"),
        ("POST", "/api/jobs/nothing/vary", 400, "bad-request"),
    ],
)
async def test_unknown_things(page: PageKit, method: str, path: str, status: int, code: str) -> None:
    async with page.session.request(method, page.url + path) as response:
        assert response.status == status
        assert_one_sentence(await response.json(), code)


@pytest.mark.parametrize(
    ("body", "status"),
    [({"strength": "wild"}, 400), ({"strength": "subtle", "picture": 7}, 404), ({"strength": "subtle", "x": 1}, 400)],
)
async def test_bad_variations(page: PageKit, body: object, status: int) -> None:
    card = await page.done({"prompt": "a", "steps": "1"})
    answered, answer = await page.call(f"/api/jobs/{card['id']}/vary", body)
    assert answered == status
    assert answer["detail"].endswith(".")


async def test_an_unknown_page_is_a_page_with_one_sentence(page: PageKit) -> None:
    async with page.session.get(page.url + "/nowhere") as response:
        assert (response.status, response.content_type) == (404, "text/html")
        assert "There is nothing at this address." in await response.text()
    async with page.session.get(page.url + "/static/../server.py") as response:
        assert response.status == 404


async def test_a_fault_is_logged_and_told_in_one_sentence(page: PageKit, caplog: pytest.LogCaptureFixture) -> None:
    card = await page.done({"prompt": "a", "steps": "1"})
    (stored,) = [file for file in page.pictures_folder.rglob("*") if file.is_file()]
    stored.unlink()
    stored.mkdir()  # a disk that is not as it should be
    with caplog.at_level(logging.ERROR):
        async with page.session.get(page.url + card["pictures"][0]["url"]) as response:
            assert response.status == 500
            assert_one_sentence(await response.json(), "internal")
    assert any(record.exc_info for record in caplog.records)


async def test_a_picture_whose_file_is_gone(page: PageKit) -> None:
    card = await page.done({"prompt": "a", "steps": "1"})
    (stored,) = [file for file in page.pictures_folder.rglob("*") if file.is_file()]
    stored.unlink()
    status, answer = await page.get(card["pictures"][0]["url"])
    assert status == 404
    assert_one_sentence(answer, "picture-unknown")


async def test_a_browser_that_leaves_in_the_middle_of_an_upload(
    page: PageKit, caplog: pytest.LogCaptureFixture
) -> None:
    head = (
        b"POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=edge\r\n"
        b"Content-Length: 100000\r\n\r\n"
        b'--edge\r\nContent-Disposition: form-data; name="subject"; filename="a.png"\r\n\r\nhalf of'
    )
    _, writer = await asyncio.open_connection("127.0.0.1", page.server.port)
    writer.write(head)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    status, _ = await page.get("/healthz")
    assert status == 200
    await page.server.close()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    await page.assert_nothing_stored()


async def test_without_a_key_nothing_is_a_repetition(page: PageKit) -> None:
    ids = {(await page.post(fields={"prompt": "a", "steps": "1"}))[1]["id"] for _ in range(2)}
    assert len(ids) == 2
    status, answer = await page.post(fields={"prompt": "a"}, headers={"Idempotency-Key": "short"})
    assert status == 400
    assert_one_sentence(answer, "bad-request")


async def test_fields_that_nobody_chose_are_as_if_absent(page: PageKit, engine: FakeEngine) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    for name in ("seed", "steps", "guidance", "aspect", "count"):
        form.add_field(name, "")
    form.add_field("prompt", "one\r\ntwo")
    form.add_field("subject", b"", filename="", content_type="application/octet-stream")
    async with page.session.post(page.url + "/api/jobs", data=form) as response:
        card = await response.json()
        assert response.status == 201, card
    assert card["mode"] == "Text only"
    assert card["prompt"] == "one\ntwo"
