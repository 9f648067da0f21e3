"""Requests to the page, messages of the engine and files of the operator end in a value or a documented error."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import msgspec
import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from adapters.engine import wire
from adapters.web.answers import read_json
from adapters.web.clients import Proxies
from adapters.web.forms import event_key_of, read_draft, read_numbers
from adapters.web.guard import host_name
from adapters.web.jobs import VaryBody
from adapters.web.library.style_actions import read_upload
from adapters.web.library.wishes import gallery_address, read_number, read_wish
from adapters.web.refusals import Refused
from adapters.web.visitors import preferred_locale
from bot.config import ConfigError, parse_config
from bot.config.env_file import read_env_file
from bot.domain.errors import Rejected
from bot.domain.limits import Limits
from bot.services.links import LinkSettings, OpenLink
from tests.fuzz.examples import ANY_TEXT, bent, bent_text, fuzzed
from tests.security.hostile_addresses import HOSTILE_FORMS
from tests.support.spine import SteadyClock, make_spine

# The library warns of forms in words that hold half characters: no report could carry them.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
_LOCALES = ("de", "en")
_KEY = b"k" * 32
_DEFAULTS = Path("bot/config/default.toml")
CATALOG = make_spine().application.catalogs.for_locale("en")


async def _read_form(body: bytes) -> bool:
    reader = StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=2**22)
    reader.feed_data(body)
    reader.feed_eof()
    headers = CIMultiDict({"Content-Type": "multipart/form-data; boundary=B"})
    request = make_mocked_request("POST", "/api/jobs", headers=headers, payload=reader)
    try:
        await read_draft(request, Limits(max_file_bytes=100), CATALOG)
    except (Refused, Rejected):
        return False
    return True


_FORM = b"".join(
    f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n'.encode()
    for name, file, value in (("prompt", "", "a fox"), ("steps", "", "25"), ("style", '; filename="a.png"', "x" * 50))
) + b"--B--\r\n"  # fmt: skip


def test_the_sound_form_is_sound() -> None:
    assert asyncio.run(_read_form(_FORM))


@fuzzed
@given(body=bent(_FORM, *HOSTILE_FORMS.values()))
def test_forms(body: bytes) -> None:
    asyncio.run(_read_form(body))


async def _read_upload(body: bytes) -> bool:
    reader = StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=2**22)
    reader.feed_data(body)
    reader.feed_eof()
    headers = CIMultiDict({"Content-Type": "multipart/form-data; boundary=B"})
    request = make_mocked_request("POST", "/api/styles", headers=headers, payload=reader)
    try:
        await read_upload(request, Limits(max_file_bytes=100))
    except (Refused, Rejected):
        return False
    return True


_UPLOAD = _FORM.replace(b'"prompt"', b'"name"').replace(b'"style"', b'"picture"')


def test_the_sound_upload_is_sound() -> None:
    assert asyncio.run(_read_upload(_UPLOAD))


@fuzzed
@given(body=bent(_UPLOAD, *HOSTILE_FORMS.values()))
def test_uploads_of_style_cards(body: bytes) -> None:
    asyncio.run(_read_upload(body))


@fuzzed
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "style", "kind", "state", "favourites", "before"]),
        ANY_TEXT | st.sampled_from(["drawn", "done", "on", "17", "9" * 30, "\u0663", "-1"]),
    )
)
def test_what_the_gallery_is_asked_for(query: dict[str, str]) -> None:
    with contextlib.suppress(Refused):
        wish, before = read_wish(query), read_number(query, "before")
        assert before is None or before < 10**18
        assert gallery_address(wish, before=before).startswith("/gallery")


@fuzzed
@given(body=bent(b'{"strength": "subtle", "picture": 0}', b'{"strength": "\xff"}', b"[" * 300, b'"\\ud800"'))
def test_bodies(body: bytes) -> None:
    async def read() -> None:
        reader = StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=2**22)
        reader.feed_data(body)
        reader.feed_eof()
        await read_json(make_mocked_request("POST", "/api/jobs/x/vary", payload=reader), VaryBody)

    with contextlib.suppress(Refused):
        asyncio.run(read())


@fuzzed
@given(query=st.dictionaries(st.sampled_from(["steps", "count", "width", "guidance", "aspect", "seed"]), ANY_TEXT))
def test_queries(query: dict[str, str]) -> None:
    try:
        read_numbers(query, CATALOG)
    except Rejected:
        return


@fuzzed
@given(key=bent_text("a" * 20, "-", "_", "\n"))
def test_keys(key: str) -> None:
    request = make_mocked_request("POST", "/api/jobs", headers=CIMultiDict({"Idempotency-Key": key}))
    try:
        assert event_key_of(request) == f"web:{key}"
    except Refused:
        return
    assert key.isascii()
    assert 8 <= len(key) <= 64


@fuzzed
@given(header=bent_text("de", "en-GB", "*", ";q=0.5", ";q=nan", ", ", ";q=1e999"))
def test_languages(header: str) -> None:
    assert preferred_locale(header, _LOCALES) in _LOCALES


@fuzzed
@given(host=bent_text("localhost", "127.0.0.1", "[::1]", ":8080", "@", "evil.example"))
def test_hosts(host: str) -> None:
    assert host_name(host) == host_name(host).lower()


@fuzzed
@given(
    chain=bent_text("127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1", ", ", "%1"),
    scheme=bent_text("https", "http", ","),
    name=bent_text("localhost", "pictures.example.org", ",", ":443"),
)
def test_what_proxies_forward(chain: str, scheme: str, name: str) -> None:
    headers = CIMultiDict({"X-Forwarded-For": chain, "X-Forwarded-Proto": scheme, "X-Forwarded-Host": name})
    client = Proxies(["0.0.0.0/0"]).client(make_mocked_request("GET", "/", headers=headers))
    assert not client.is_local, "whatever is forwarded, nobody is at this machine"


@fuzzed
@given(job=ANY_TEXT, index=bent_text("0", "1", "٣", "-"), expires=bent_text("99999999999", "1e9"), signature=ANY_TEXT)
def test_links_that_nobody_signed(job: str, index: str, expires: str, signature: str) -> None:
    kit = make_spine()
    settings = LinkSettings("https://pictures.example.org", _KEY)
    open_link = OpenLink(settings=settings, open_unit=kit.open_unit, images=kit.images, clock=SteadyClock())
    assert asyncio.run(open_link(job, index, expires, signature)) is None


@fuzzed
@given(body=bent(wire.pack(wire.WarmingUp("model", 0.5, None)), wire.pack(wire.Stopped(3))))
def test_messages_of_the_engine(body: bytes) -> None:
    async def read() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(body)
        reader.feed_eof()
        await wire.read_from_engine(reader)

    try:
        asyncio.run(read())
    except (wire.FrameTooLong, msgspec.DecodeError):
        return


@fuzzed
@given(text=bent_text(*(line + "\n" for line in _DEFAULTS.read_text().splitlines() if line and line[0] != "#")))
def test_configurations(text: str) -> None:
    _, mistakes = parse_config(text)
    assert all("\n" not in str(mistake) for mistake in mistakes)


@fuzzed
@given(data=bent(b"DISCORD_TOKEN=secret-word\nexport A='b c'\n# note\n", b"A=\nB='"))
def test_files_of_tokens(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.env"
    path.write_bytes(data)
    told = ""
    try:
        read_env_file(path)
    except ConfigError as error:
        told = str(error)
    assert "secret-word" not in told
