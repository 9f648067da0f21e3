"""Saying it again, differently: corrections, swapped roles, the tray laid out and swapped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected
from bot.domain.jobs import JobState
from bot.domain.requests import Draft
from bot.domain.styles import Tray
from bot.services.submit import Origin
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

ANN = Actor(Platform.TELEGRAM, "1")
BOB = Actor(Platform.TELEGRAM, "2")
FOX = Draft("a fox", steps=9, seed=7, aspect="16:9")


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine(is_manual=True)) as made:
        yield made


async def test_a_message_makes_one_job_at_a_time(kit: SpineKit) -> None:
    application = kit.application
    way = await application.corrections.make_way(ANN, "m", FOX)
    assert way is not None
    assert (way.event_key, way.replaced) == ("m", None)
    keys = [way.event_key]
    draft = FOX
    for words in ("a hen", "an owl"):
        await application.submit(Origin(ANN, keys[-1]), draft)
        draft = replace(FOX, prompt=words)
        way = await application.corrections.make_way(ANN, "m", draft)
        assert way is not None
        assert way.replaced is not None
        assert (await kit.job(way.replaced.id)).state is JobState.CANCELLED
        keys.append(way.event_key)
    assert keys == ["m", "m#2", "m#3"]


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({}, True),
        ({"seed": -1}, True),
        ({"aspect": None}, True),
        ({"aspect": None, "width": 1360}, True),
        ({"prompt": " a fox "}, True),
        ({"prompt": "a hen"}, False),
        ({"seed": 8}, False),
        ({"aspect": "1:1"}, False),
        ({"guidance": 3.0}, False),
        ({"private": True}, False),
    ],
)
async def test_saying_the_same_corrects_nothing(kit: SpineKit, change: dict[str, Any], is_same: bool) -> None:
    job = (await kit.application.submit(Origin(ANN, "m"), FOX)).job
    way = await kit.application.corrections.make_way(ANN, "m", replace(FOX, **change))
    assert (way is None) is is_same
    assert ((await kit.job(job.id)).state is JobState.QUEUED) is is_same


@pytest.mark.parametrize("change", [{"aspect": "17:3"}, {"steps": 51}, {"prompt": "x" * 2001}, {"prompt": ""}])
async def test_a_correction_that_can_not_be_taken_costs_nobody_their_place(
    kit: SpineKit, change: dict[str, Any]
) -> None:
    job = (await kit.application.submit(Origin(ANN, "m"), FOX)).job
    with pytest.raises(Rejected):
        await kit.application.corrections.make_way(ANN, "m", replace(FOX, **change))
    assert (await kit.job(job.id)).state is JobState.QUEUED


async def test_nobody_corrects_somebody_elses_request(kit: SpineKit) -> None:
    job = (await kit.application.submit(Origin(ANN, "m"), FOX)).job
    with pytest.raises(Rejected, match="job-not-yours"):
        await kit.application.corrections.make_way(BOB, "m", replace(FOX, prompt="a hen"))
    assert (await kit.job(job.id)).state is JobState.QUEUED


async def test_a_waiting_request_is_withdrawn_once(kit: SpineKit) -> None:
    job = (await kit.application.submit(Origin(ANN, "m"), FOX)).job
    assert await kit.application.cancel.withdraw(ANN, job.id)
    assert not await kit.application.cancel.withdraw(ANN, job.id)
    with pytest.raises(Rejected, match="job-begun"):
        await kit.application.corrections.make_way(ANN, "m", replace(FOX, prompt="a hen"))


async def test_swapping_somebody_elses_request_leaves_it_waiting(kit: SpineKit) -> None:
    draft = Draft("dancing", subject=png(), styles=(png(48, 48), png(64, 64)))
    job = (await kit.application.submit(Origin(ANN, "a"), draft)).job
    swapped = (await kit.application.swap_roles(Origin(BOB, "b"), job.id)).job
    assert (await kit.job(job.id)).state is JobState.QUEUED
    assert swapped.request.subject == job.request.styles[0]
    assert swapped.request.styles == (job.request.subject, job.request.styles[1])
    again = await kit.application.swap_roles(Origin(BOB, "b"), job.id)
    assert (again.job.id, again.is_new) == (swapped.id, False)


async def test_the_tray_is_laid_out_and_swapped(kit: SpineKit) -> None:
    tray = kit.application.tray
    with pytest.raises(Rejected, match="nothing-to-swap"):
        await tray.swap(ANN)
    with pytest.raises(Rejected, match="too-many-styles"):
        await tray.fill(ANN, png(), [png(48, 48)] * 3)
    first = await tray.fill(ANN, png(), [png(48, 48), png(64, 64)])
    swapped = await tray.swap(ANN)
    assert first.subject is not None
    assert swapped == Tray(first.styles[0], (first.subject, first.styles[1]))
    other = await tray.fill(ANN, png(80, 80), [])
    assert other.styles == ()
    for picture in first.pictures:
        assert not await kit.images.exists(picture), "what was pushed out is gone"
