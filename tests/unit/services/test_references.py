"""References that are stored already: from the tray, from a card, from an earlier request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Draft, Stored
from bot.domain.styles import Tray
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine
from uso.errors import InvalidRequest
from uso.preprocess import content_reference_size, kept_size

ANN = Actor(Platform.DISCORD, "1")


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine(is_manual=True)) as made:
        yield made


def origin(event: str) -> Origin:
    return Origin(ANN, event)


async def tray_of(kit: SpineKit) -> Tray:
    return await kit.application.tray.show(ANN)


async def test_the_tray_serves_the_next_request_and_is_empty_then(kit: SpineKit) -> None:
    application = kit.application
    await application.tray.put(ANN, png(64, 48), TrayPlace.SUBJECT)
    tray = await application.tray.put(ANN, png(32, 32), TrayPlace.STYLE)
    submitted = await application.submit(origin("a"), Draft(prompt="in snow", use_tray=True))
    request = submitted.job.request
    assert (request.subject, request.styles) == (tray.subject, tray.styles)
    assert await tray_of(kit) == Tray()
    plain = await application.submit(origin("b"), Draft(prompt="in snow", use_tray=True))
    assert plain.job.request.references == frozenset()


async def test_only_what_a_request_took_leaves_the_tray(kit: SpineKit) -> None:
    application = kit.application
    await application.tray.put(ANN, png(64, 48), TrayPlace.SUBJECT)
    tray = await application.tray.put(ANN, png(32, 32), TrayPlace.STYLE)
    submitted = await application.submit(origin("a"), Draft(prompt="x", subject=png(80, 80), use_tray=True))
    assert submitted.job.request.styles == tray.styles
    assert submitted.job.request.subject != tray.subject
    assert await tray_of(kit) == Tray(subject=tray.subject)
    await application.submit(origin("b"), Draft(prompt="x"))
    assert await tray_of(kit) == Tray(subject=tray.subject), "the page does not touch it"


async def test_a_refused_request_leaves_the_tray_as_it_was(kit: SpineKit) -> None:
    tray = await kit.application.tray.put(ANN, png(64, 48), TrayPlace.SUBJECT)
    with pytest.raises(Rejected, match="steps-out-of-range"):
        await kit.application.submit(origin("a"), Draft(prompt="x", steps=0, use_tray=True))
    assert await tray_of(kit) == tray


async def test_a_kept_tray_stays(kit: SpineKit) -> None:
    await kit.application.preferences.change_user(ANN, lambda chosen: replace(chosen, keep_tray=True))
    tray = await kit.application.tray.put(ANN, png(64, 48), TrayPlace.SUBJECT)
    await kit.application.submit(origin("a"), Draft(use_tray=True))
    assert await tray_of(kit) == tray


async def test_a_stored_picture_is_taken_as_it_is_and_refused_when_it_is_gone(kit: SpineKit) -> None:
    assert isinstance(kit.images, MemoryImageStore)
    first = (await kit.application.submit(origin("a"), Draft(prompt="x", subject=png(64, 48)))).job
    assert first.request.subject is not None
    before = len(kit.images)
    again = await kit.application.submit(origin("b"), Draft(prompt="y", styles=(Stored(first.request.subject),)))
    assert again.job.request.styles == (first.request.subject,)
    assert len(kit.images) == before
    with pytest.raises(Rejected, match="picture-gone"):
        await kit.application.submit(origin("c"), Draft(prompt="x", subject=Stored("0" * 64)))
    await kit.images.delete(first.request.subject)
    with pytest.raises(Rejected, match="picture-gone"):
        await kit.application.reroll(origin("d"), first.id)
    async with kit.open_unit() as unit:
        assert len(await unit.jobs.unfinished()) == 2


async def test_a_kept_size_is_settled_when_the_request_is_taken(kit: SpineKit) -> None:
    draft = Draft(subject=png(200, 100), styles=(png(32, 32),), keep_size=True, width=512, height=512)
    request = (await kit.application.submit(origin("a"), draft)).job.request
    assert (request.width, request.height, request.keep_size) == (1024, 512, True)
    with pytest.raises(Rejected, match="picture-too-narrow"):
        await kit.application.submit(origin("b"), Draft(subject=png(1600, 60), keep_size=True))


@given(
    width=st.integers(1, 3000),
    height=st.integers(1, 3000),
    subject_size=st.integers(1, 64).map(lambda steps: 16 * steps),
)
def test_a_kept_size_is_the_models_own(width: int, height: int, subject_size: int) -> None:
    picture = AdmittedPicture(b"", "", width, height)
    try:
        encoded = content_reference_size(width, height, subject_size)
    except InvalidRequest:
        assert not picture.fits_as_subject(subject_size)
        return
    assert picture.fits_as_subject(subject_size)
    try:
        expected = kept_size(*encoded, subject_size)
    except InvalidRequest:
        expected = None
    assert picture.kept_size(subject_size) == expected
