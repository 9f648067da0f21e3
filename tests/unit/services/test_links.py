"""Signed links open one original until they expire, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.requests import Draft
from bot.services.links import LinkSettings
from bot.services.submit import Origin
from tests.support.spine import SpineKit, make_spine, running_spine

ADA = Actor(Platform.DISCORD, "1")
SETTINGS = LinkSettings("https://pictures.example.org", b"k" * 32)
WEEK_S = 7 * 24 * 3600


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(links=SETTINGS) as made:
        yield made


async def drawn(kit: SpineKit) -> str:
    job = (await kit.application.submit(Origin(ADA, "a"), Draft("a fish", steps=1, private=True))).job
    await kit.until(job.id, Phase.DONE)
    return job.id


async def opened(kit: SpineKit, address: str, **changes: str) -> bytes | None:
    parts = urlsplit(address)
    _, place, job_id, index = parts.path.split("/")
    query = parse_qs(parts.query)
    asked = {"job_id": job_id, "index": index, "expires": query["e"][0], "signature": query["s"][0], **changes}
    assert place == "o"
    assert kit.application.open_link is not None
    return await kit.application.open_link(**asked)


def link(kit: SpineKit, job_id: str, index: int = 0) -> str:
    assert kit.application.sign_link is not None
    return kit.application.sign_link(job_id, index)


async def test_a_link_opens_the_original_for_a_week(kit: SpineKit) -> None:
    job_id = await drawn(kit)
    address = link(kit, job_id)
    assert address.startswith(f"https://pictures.example.org/o/{job_id}/0?e=")
    original = await kit.images.get((await kit.job(job_id)).pictures[0].picture)
    kit.clock.advance(WEEK_S - 1)
    assert await opened(kit, address) == original
    kit.clock.advance(1)
    assert await opened(kit, address) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"index": "1"},
        {"index": "00"},
        {"index": "-1"},
        {"index": "²"},
        {"index": "9" * 5000},
        {"expires": "99999999999"},
        {"expires": "+1768000000"},
        {"expires": ""},
        {"expires": "9" * 5000},
        {"signature": ""},
        {"signature": "ä" * 43},
        {"signature": "\ud800"},
        {"job_id": "7k3m9qx2vt0a"},
        {"job_id": "\ud800"},
    ],
)
async def test_a_changed_link_opens_nothing(kit: SpineKit, changes: dict[str, str]) -> None:
    address = link(kit, await drawn(kit))
    assert await opened(kit, address) is not None
    assert await opened(kit, address, **changes) is None


async def test_another_key_signs_other_links(kit: SpineKit) -> None:
    job_id = await drawn(kit)
    other = make_spine(links=replace(SETTINGS, key=b"l" * 32))
    assert await opened(kit, link(other, job_id)) is None
    assert "kkk" not in repr(SETTINGS)


async def test_a_link_ends_with_its_picture(kit: SpineKit) -> None:
    job_id = await drawn(kit)
    address = link(kit, job_id)
    assert await opened(kit, link(kit, job_id, index=1)) is None
    await kit.application.history.delete(ADA, job_id)
    assert await opened(kit, address) is None


async def test_a_link_to_a_picture_that_was_let_go_opens_nothing(kit: SpineKit) -> None:
    job_id = await drawn(kit)
    address = link(kit, job_id)
    await kit.images.delete((await kit.job(job_id)).pictures[0].picture)
    assert await opened(kit, address) is None


def test_without_a_public_address_there_are_no_links() -> None:
    application = make_spine().application
    assert (application.sign_link, application.open_link) == (None, None)
