"""The life of a request through the real services, on storage in memory, with an engine that the test holds."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from typing import Any, cast

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import FailureKind, JobState, LineageKind
from bot.domain.limits import Limits
from bot.domain.requests import Draft
from bot.ports.engine import EngineFailed, EngineLost, EngineOutOfMemory
from bot.services.png import read_recipe
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.pictures import BAD_PICTURES, png
from tests.support.spine import SpineKit, make_spine, running_spine

ANN = Actor(Platform.WEB, "ann")
BOB = Actor(Platform.DISCORD, "bob")


def origin(key: str, actor: Actor = ANN) -> Origin:
    return Origin(actor, key)


async def left_behind(kit: SpineKit) -> tuple[int, int]:
    """Rows and files in the storage."""
    async with kit.open_unit() as unit:
        known = [await unit.users.find(actor) for actor in (ANN, BOB)]
        rows = len(await unit.jobs.unfinished()) + sum(user is not None for user in known)
    return rows, len(cast(MemoryImageStore, kit.images))


async def test_a_request_becomes_pictures_that_carry_their_recipe() -> None:
    async with running_spine() as kit:
        draft = Draft(prompt="ein Fisch 🐟", subject=png(), styles=(png(50, 50),), steps=4, seed=7, count=2)
        submitted = await kit.application.submit(origin("e1"), draft)
        cards = await kit.until(submitted.job.id, Phase.DONE)
        job = await kit.job(submitted.job.id)
        recipes = [read_recipe(await kit.images.get(picture.picture)) for picture in job.pictures]
    assert [card.phase for card in cards][-1] is Phase.DONE
    assert [(picture.index, picture.seed) for picture in job.pictures] == [(0, 7), (1, 8)]
    assert all(recipe is not None for recipe in recipes)
    first = recipes[0]
    assert first is not None
    assert (first.prompt, first.seed, first.steps, first.subject) == ("ein Fisch 🐟", 7, 4, job.request.subject)
    assert (first.recipe_id, first.styles) == (f"{job.id}-1", job.request.styles)
    assert (job.state, job.attempt, job.lease_owner) == (JobState.DONE, 1, None)
    assert max(card.fraction for card in cards) == 1.0
    assert any(card.progress and card.progress.preview for card in cards)


async def test_the_card_tells_warming_up_and_the_place_in_the_queue() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine) as kit:
        first = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=2))
        second = await kit.application.submit(origin("e2", BOB), Draft(prompt="a boat", steps=2))
        engine.warm_up(0.5, 12.0)
        cards = kit.application.board.watch(second.job.id)
        card = await anext(cards)
        assert (card.phase, card.warm_up_fraction, card.seconds_left, card.queue_place) == (
            Phase.WARMING_UP,
            0.5,
            12.0,
            2,
        )
        engine.become_ready()
        phases = [card.phase async for card in cards]
        assert phases[0] in {Phase.QUEUED, Phase.RUNNING}
        assert phases[-1] is Phase.DONE
        assert (await kit.job(first.job.id)).state is JobState.DONE


async def test_a_broken_engine_keeps_the_job_and_the_card_says_so() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=2))
        engine.become_ready()
        engine.break_down("no weights")
        after = await kit.application.submit(origin("e2"), Draft(prompt="a fish", steps=2))
        card = await kit.application.board.card(after.job.id)
        assert card is not None
        assert (card.phase, card.is_engine_broken) == (Phase.WARMING_UP, True)
        engine.become_ready()
        for job in (submitted.job, after.job):
            await kit.until(job.id, Phase.DONE)


async def test_a_lost_engine_costs_an_attempt_and_the_card_says_retrying() -> None:
    engine = FakeEngine(Play(fail_at_step=2, failure=EngineLost("died")))
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=4))
        phases = [card.phase for card in await kit.until(submitted.job.id, Phase.DONE)]
        job = await kit.job(submitted.job.id)
    assert Phase.RETRYING in phases
    assert (job.state, job.attempt, len(job.pictures)) == (JobState.DONE, 2, 1)


async def test_pictures_already_made_are_not_made_again_after_a_loss() -> None:
    engine = FakeEngine(Play(), Play(fail_at_step=1, failure=EngineLost("died")))
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=2, count=3, seed=10))
        await kit.until(submitted.job.id, Phase.DONE)
        job = await kit.job(submitted.job.id)
    assert [task.seed for task in engine.tasks] == [10, 11, 11, 12]
    assert [picture.seed for picture in job.pictures] == [10, 11, 12]


@pytest.mark.parametrize(
    ("plays", "failure"),
    [
        ([EngineLost("died"), EngineLost("died again")], FailureKind.ENGINE_LOST),
        ([EngineOutOfMemory("full")], FailureKind.OUT_OF_MEMORY),
        ([EngineFailed("trace")], FailureKind.INTERNAL),
    ],
)
async def test_failures_end_the_job_with_their_kind(plays: list[Exception], failure: FailureKind) -> None:
    engine = FakeEngine(*(Play(fail_at_step=1, failure=one) for one in plays))
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=2))
        cards = await kit.until(submitted.job.id, Phase.FAILED)
        assert cards[-1].job.failure is failure
        after = await kit.application.submit(origin("e2"), Draft(prompt="another", steps=2))
        await kit.until(after.job.id, Phase.DONE)


async def test_a_missing_reference_fails_the_job_not_the_worker() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", subject=png(), steps=2))
        assert submitted.job.request.subject
        await kit.images.delete(submitted.job.request.subject)
        engine.become_ready()
        cards = await kit.until(submitted.job.id, Phase.FAILED)
    assert cards[-1].job.failure is FailureKind.PICTURE_MISSING


async def test_cancelling_a_waiting_job_leaves_the_others() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as kit:
        running = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=2))
        await engine.held.wait()
        waiting = await kit.application.submit(origin("e2"), Draft(prompt="a boat", steps=2))
        await kit.application.cancel(ANN, waiting.job.id)
        await kit.until(waiting.job.id, Phase.CANCELLED)
        engine.release()
        await kit.until(running.job.id, Phase.DONE)
        with pytest.raises(Rejected) as refusal:
            await kit.application.cancel(ANN, waiting.job.id)
    assert refusal.value.rejection is Rejection.JOB_ENDED
    assert len(engine.tasks) == 1


async def test_cancelling_a_running_job_stops_the_engine() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=20))
        await engine.held.wait()
        await kit.application.cancel(ANN, submitted.job.id)
        cards = await kit.until(submitted.job.id, Phase.CANCELLED)
    assert engine.stops == [submitted.job.id]
    assert cards[-1].job.pictures == ()


async def test_only_the_owner_cancels() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine) as kit:
        submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=2))
        for actor, job_id, rejection in (
            (BOB, submitted.job.id, Rejection.JOB_NOT_YOURS),
            (ANN, "nosuchjob000", Rejection.JOB_UNKNOWN),
        ):
            with pytest.raises(Rejected) as refusal:
                await kit.application.cancel(actor, job_id)
            assert refusal.value.rejection is rejection


async def test_rerolls_and_variations_know_where_they_come_from() -> None:
    async with running_spine() as kit:
        app = kit.application
        first = await app.submit(origin("e1"), Draft(prompt="a fish", steps=2, seed=5, count=2))
        await kit.until(first.job.id, Phase.DONE)
        rerolled = (await app.reroll(origin("e2", BOB), first.job.id)).job
        assert replace(rerolled.request, seed=5) == first.job.request
        assert rerolled.request.seed != 5
        assert rerolled.lineage is not None
        assert (rerolled.lineage.kind, rerolled.lineage.parent) == (LineageKind.REROLL, first.job.id)
        assert rerolled.owner != first.job.owner

        varied = (await app.vary(origin("e3"), first.job.id, 1, 0.15)).job
        assert varied.request.seed == 6
        assert varied.request.variation is not None
        assert varied.request.variation.strength == 0.15
        await kit.until(varied.id, Phase.DONE)
        again = (await app.reroll(origin("e4"), varied.id)).job
        assert again.request.variation is not None
        assert again.request.seed == 6
        assert again.request.variation.seed != varied.request.variation.seed
        with pytest.raises(Rejected) as refusal:
            await app.vary(origin("e5"), first.job.id, 2, 0.15)
        assert refusal.value.rejection is Rejection.PICTURE_UNKNOWN
        with pytest.raises(Rejected):
            await app.vary(origin("e6"), first.job.id, 0, math.nan)


async def test_private_jobs_are_their_owners_alone() -> None:
    async with running_spine() as kit:
        app = kit.application
        secret = await app.submit(origin("e1"), Draft(prompt="a fish", steps=2, private=True))
        await kit.until(secret.job.id, Phase.DONE)
        await app.submit(origin("e2", BOB), Draft(prompt="a boat", steps=2))
        for attempt in (app.reroll(origin("e3", BOB), secret.job.id), app.history.picture(BOB, secret.job.id, 0)):
            with pytest.raises(Rejected) as refusal:
                await attempt
            assert refusal.value.rejection is Rejection.JOB_NOT_YOURS
        assert (await app.history.picture(ANN, secret.job.id, 0)).index == 0


async def test_the_same_event_makes_one_job() -> None:
    async with running_spine() as kit:
        drafts = [kit.application.submit(origin("press"), Draft(prompt="a fish", steps=2)) for _ in range(5)]
        results = await asyncio.gather(*drafts)
        assert len({result.job.id for result in results}) == 1
        assert sum(result.is_new for result in results) == 1


BAD_DRAFTS: dict[str, dict[str, Any]] = {
    "empty prompt without subject": {"prompt": " "},
    "size 0": {"width": 0, "height": 0},
    "three styles": {"styles": (png(), png(), png())},
    "NaN guidance": {"guidance": math.nan},
    "a good subject, a bad style": {"subject": png(), "styles": (b"no picture",)},
    **{name: {"subject": data} for name, (data, _) in BAD_PICTURES.items()},
}


@pytest.mark.parametrize("wrong", BAD_DRAFTS.values(), ids=BAD_DRAFTS.keys())
async def test_bad_input_leaves_no_row_and_no_file(wrong: dict[str, Any]) -> None:
    async with running_spine() as kit:
        with pytest.raises(Rejected):
            await kit.application.submit(origin("e1"), Draft(**{"prompt": "a fish", **wrong}))
        assert await left_behind(kit) == (0, 0)


async def test_a_full_queue_refuses_and_keeps_only_what_others_need() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine, limits=Limits(max_waiting_jobs=1)) as kit:
        await kit.application.submit(origin("e1"), Draft(prompt="a fish", subject=png()))
        with pytest.raises(Rejected) as refusal:
            await kit.application.submit(origin("e2"), Draft(prompt="a fish", subject=png(), styles=(png(32, 32),)))
        assert refusal.value.rejection is Rejection.TOO_MANY_WAITING
        assert await left_behind(kit) == (2, 1)
        await kit.application.submit(origin("e3", BOB), Draft(prompt="others still can"))


async def test_an_orderly_restart_takes_up_the_job_without_counting_the_attempt() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as before:
        submitted = await before.application.submit(origin("e1"), Draft(prompt="a fish", steps=3))
        await engine.held.wait()
    handed_back = await before.job(submitted.job.id)
    assert (handed_back.state, handed_back.attempt) == (JobState.QUEUED, 0)
    async with running_spine(storage=before.storage, images=before.images) as after:
        await after.until(submitted.job.id, Phase.DONE)
        assert (await after.job(submitted.job.id)).attempt == 1


async def test_a_stop_asked_for_just_before_the_end_still_holds_after_the_restart() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as before:
        submitted = await before.application.submit(origin("e1"), Draft(prompt="a fish", steps=3))
        await engine.held.wait()
        async with before.open_unit() as unit:
            await unit.jobs.request_cancel(submitted.job.id)
            await unit.commit()
    async with running_spine(storage=before.storage, images=before.images) as after:
        assert (await after.job(submitted.job.id)).state is JobState.CANCELLED


async def _crashed_while_running(attempts: int) -> tuple[SpineKit, str]:
    """Storage as a killed process leaves it: the job is running and nobody works on it."""
    kit = make_spine(FakeEngine(is_manual=True))
    await kit.spine.start()
    submitted = await kit.application.submit(origin("e1"), Draft(prompt="a fish", steps=3))
    await kit.spine.close()
    async with kit.open_unit() as unit:
        for attempt in range(attempts):
            now = kit.clock.now()
            await unit.jobs.claim(submitted.job.id, lease_owner="dead", lease_until=now, now=now)
            if attempt + 1 < attempts:
                await unit.jobs.requeue(submitted.job.id, lease_owner="dead")
        await unit.commit()
    return kit, submitted.job.id


async def test_a_job_running_at_a_crash_is_taken_up_again_once() -> None:
    before, job_id = await _crashed_while_running(attempts=1)
    async with running_spine(storage=before.storage) as after:
        await after.until(job_id, Phase.DONE)
        assert (await after.job(job_id)).attempt == 2


async def test_a_job_that_crashed_the_bot_twice_is_failed() -> None:
    before, job_id = await _crashed_while_running(attempts=2)
    async with running_spine(storage=before.storage) as after:
        job = await after.job(job_id)
        assert (job.state, job.failure) == (JobState.FAILED, FailureKind.ENGINE_LOST)
