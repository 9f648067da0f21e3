"""Subject, styles and result side by side."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PIL import Image

from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.jobs import Job
from bot.domain.requests import Draft
from bot.services.submit import Origin
from bot.services.triptych import compose
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

ADA = Actor(Platform.DISCORD, "1")
OTHER = Actor(Platform.TELEGRAM, "2")
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def plain(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(encoded, "PNG")
    return encoded.getvalue()


def read(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert (picture.format, picture.info) == ("PNG", {})
    return picture


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine() as made:
        yield made


async def drawn(kit: SpineKit, draft: Draft) -> Job:
    job = (await kit.application.submit(Origin(ADA, f"{draft}"), replace(draft, steps=1))).job
    await kit.until(job.id, Phase.DONE)
    return await kit.job(job.id)


def test_panels_are_equally_high_with_white_between() -> None:
    made = read(compose([plain(50, 100, RED), plain(300, 200, GREEN), plain(100, 100, BLUE)]))
    assert made.size == (50 + 16 + 150 + 16 + 100, 100)
    for x, colour in ((25, RED), (58, (255, 255, 255)), (140, GREEN), (224, (255, 255, 255)), (300, BLUE)):
        for y in (0, 50, 99):
            assert made.getpixel((x, y)) == colour


def test_wide_pictures_are_made_smaller_and_the_widest_cropped() -> None:
    made = read(compose([plain(3000, 1500, RED), plain(3000, 1500, GREEN), plain(2000, 1500, BLUE)]))
    assert 4090 <= made.width <= 4096
    strip = read(compose([plain(4000, 20, RED), plain(100, 100, BLUE)]))
    assert strip.size == (200 + 16 + 100, 100)
    assert read(compose([plain(1, 4000, RED), plain(100, 100, BLUE)])).size == (1 + 16 + 100, 100)


async def test_a_finished_picture_stands_beside_what_it_was_made_from(kit: SpineKit) -> None:
    everything = await drawn(kit, Draft("x", subject=png(64, 64), styles=(png(80, 64), png(96, 64))))
    result = everything.pictures[0]
    made = read(await kit.application.triptych(OTHER, everything.id, 0))
    widths = [result.height, result.height * 80 // 64, result.height * 96 // 64, result.width]
    assert abs(made.width - sum(widths) - 48) <= 3 or made.width >= 4090
    styled = await drawn(kit, Draft("x", styles=(png(64, 64),)))
    assert read(await kit.application.triptych(ADA, styled.id, 0)).height == styled.pictures[0].height


async def test_what_can_not_be_shown_is_refused(kit: SpineKit) -> None:
    triptych = kit.application.triptych
    words = await drawn(kit, Draft("words"))
    private = await drawn(kit, Draft("private", subject=png(64, 64), private=True))
    subject_gone = await drawn(kit, Draft("x", subject=png(65, 64)))
    assert subject_gone.request.subject is not None
    await kit.images.delete(subject_gone.request.subject)
    result_gone = await drawn(kit, Draft("y", subject=png(66, 64)))
    await kit.images.delete(result_gone.pictures[0].picture)
    assert read(await triptych(ADA, private.id, 0))
    for refused, reason in (
        (triptych(ADA, words.id, 0), "triptych-without-references"),
        (triptych(OTHER, private.id, 0), "job-not-yours"),
        (triptych(ADA, subject_gone.id, 0), "picture-gone"),
        (triptych(ADA, result_gone.id, 0), "result-gone"),
        (triptych(ADA, private.id, 1), "picture-unknown"),
        (triptych(ADA, "7k3m9qx2vt0a", 0), "job-unknown"),
    ):
        with pytest.raises(Rejected, match=reason):
            await refused
