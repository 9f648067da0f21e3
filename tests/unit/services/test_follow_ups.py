"""Remix and repeat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.jobs import Job, Lineage, LineageKind
from bot.domain.requests import Draft
from bot.services.follow_up import RemixChanges, Strength
from bot.services.submit import Origin
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

ANN = Actor(Platform.DISCORD, "1")
BOB = Actor(Platform.TELEGRAM, "2")


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine()) as made:
        yield made


async def ended(kit: SpineKit, job: Job) -> Job:
    await kit.until(job.id, Phase.DONE)
    return await kit.job(job.id)


async def asked(kit: SpineKit, draft: Draft, event: str = "first") -> Job:
    return await ended(kit, (await kit.application.submit(Origin(ANN, event), draft)).job)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"prompt": "an owl"}, {"prompt": "an owl"}),
        ({"seed": 9}, {"seed": 9}),
        ({"aspect": "16:9"}, {"width": 1360, "height": 768}),
        ({"width": 640}, {"width": 640, "height": 768}),
        ({"guidance": 2.5}, {"guidance": 2.5}),
        ({"steps": 10}, {"steps": 10}),
        ({"count": 1}, {"count": 1}),
    ],
)
async def test_a_remix_changes_what_it_names(kit: SpineKit, changes: dict[str, Any], expected: dict[str, Any]) -> None:
    draft = Draft("a fox", subject=png(), styles=(png(32, 32),), width=512, height=768, seed=7, count=2, steps=3)
    first = await asked(kit, draft)
    remix = (await kit.application.remix(Origin(BOB, "b"), first.id, RemixChanges(**changes))).job
    assert remix.lineage == Lineage(LineageKind.REMIX, first.id, 0)
    before = {name: getattr(first.request, name) for name in first.request.__dataclass_fields__}
    after = {name: getattr(remix.request, name) for name in first.request.__dataclass_fields__}
    assert after == before | expected


async def test_a_remix_starts_from_the_picture_and_keeps_its_variation_with_its_seed(kit: SpineKit) -> None:
    first = await asked(kit, Draft("a fox", seed=7, count=2))
    varied = await ended(kit, (await kit.application.vary(Origin(ANN, "v"), first.id, 1, Strength.STRONG.value)).job)
    assert varied.request.variation is not None
    same = (await kit.application.remix(Origin(ANN, "r"), varied.id, RemixChanges(prompt="an owl"))).job
    assert (same.request.seed, same.request.variation) == (8, varied.request.seeds_of(0)[1])
    other = (await kit.application.remix(Origin(ANN, "s"), varied.id, RemixChanges(seed=1))).job
    assert (other.request.seed, other.request.variation) == (1, None)
    second = (await kit.application.remix(Origin(ANN, "t"), first.id, RemixChanges(), picture_index=1)).job
    assert second.request.seed == 8


async def test_a_remix_is_checked_like_a_fresh_request(kit: SpineKit) -> None:
    first = await asked(kit, Draft(subject=png(200, 100), keep_size=True))
    kept = (await kit.application.remix(Origin(ANN, "a"), first.id, RemixChanges(seed=1))).job
    assert (kept.request.width, kept.request.height, kept.request.keep_size) == (1024, 512, True)
    free = (await kit.application.remix(Origin(ANN, "b"), first.id, RemixChanges(aspect="1:1"))).job
    assert (free.request.width, free.request.height, free.request.keep_size) == (1024, 1024, False)
    for changes, words in (
        (RemixChanges(steps=0), "steps-out-of-range"),
        (RemixChanges(guidance=float("nan")), "guidance-out-of-range"),
        (RemixChanges(prompt="x" * 3000), "prompt-too-long"),
        (RemixChanges(aspect="2:1"), "unknown-choice"),
    ):
        with pytest.raises(Rejected, match=words):
            await kit.application.remix(Origin(ANN, "c"), first.id, changes)
    with pytest.raises(Rejected, match="picture-unknown"):
        await kit.application.remix(Origin(ANN, "d"), first.id, RemixChanges(), picture_index=4)


async def test_a_repetition_is_the_same_request(kit: SpineKit) -> None:
    first = await asked(kit, Draft("a fox", subject=png(), seed=7, count=3))
    whole = (await kit.application.repeat(Origin(BOB, "a"), first.id)).job
    assert whole.request == first.request
    assert whole.lineage == Lineage(LineageKind.REPEAT, first.id, 0)
    one = (await kit.application.repeat(Origin(BOB, "b"), f" {first.id.upper()}-3 ")).job
    assert (one.request.seed, one.request.count) == (9, 1)
    assert one.lineage == Lineage(LineageKind.REPEAT, first.id, 2)
    varied = await ended(kit, (await kit.application.vary(Origin(ANN, "v"), first.id, 0, 0.15)).job)
    again = (await kit.application.repeat(Origin(ANN, "c"), f"{varied.id}-2")).job
    assert (again.request.seed, again.request.variation) == varied.request.seeds_of(1)


@pytest.mark.parametrize("recipe_id", ["", "no", "7k3m9qx2vt0a-1", "-1", "x-0", "../../etc", "%", "a" * 5000])
async def test_unknown_recipes_are_refused(kit: SpineKit, recipe_id: str) -> None:
    with pytest.raises(Rejected, match="recipe-unknown"):
        await kit.application.repeat(Origin(ANN, "a"), recipe_id)


async def test_recipes_of_private_jobs_and_of_pictures_that_are_not_there(kit: SpineKit) -> None:
    private = await asked(kit, Draft("secret", private=True))
    with pytest.raises(Rejected, match="job-not-yours"):
        await kit.application.repeat(Origin(BOB, "a"), f"{private.id}-1")
    with pytest.raises(Rejected, match="recipe-unknown"):
        await kit.application.repeat(Origin(ANN, "b"), f"{private.id}-2")
