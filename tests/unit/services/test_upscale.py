"""Enlarging finished pictures and given ones, and what can be done with an enlarged picture."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.credits import CREDIT, Tier, Tiers, cost_of
from bot.domain.errors import Rejected
from bot.domain.jobs import FailureKind, Job, JobState, Lineage, LineageKind, ResultPicture
from bot.domain.recipes import PARAMETERS_CHUNK
from bot.domain.requests import Draft, GenerationRequest, Mode, Stored, upscale_request
from bot.messages.cards import card_text
from bot.ports.engine import EngineLost, EngineRefused
from bot.services.admission import admit_picture
from bot.services.estimates import Estimates
from bot.services.follow_up import RemixChanges
from bot.services.png import read_recipe
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.pictures import BAD_PICTURES, png
from tests.support.spine import SpineKit, running_spine, words

ANN = Actor(Platform.DISCORD, "1")
BOB = Actor(Platform.TELEGRAM, "2")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
async def kit(engine: FakeEngine) -> AsyncIterator[SpineKit]:
    async with running_spine(engine) as made:
        yield made


async def ended(kit: SpineKit, job: Job) -> Job:
    await kit.until(job.id, Phase.DONE)
    return await kit.job(job.id)


async def drawn(kit: SpineKit, draft: Draft = Draft("a fox", seed=7)) -> Job:  # noqa: B008 -- frozen
    return await ended(kit, (await kit.application.submit(Origin(ANN, f"drawn {draft}"), draft)).job)


async def enlarged(kit: SpineKit, job: Job, index: int = 0, *, actor: Actor = ANN, event: str = "up") -> Job:
    return await ended(kit, (await kit.application.upscale(Origin(actor, event), job.id, index)).job)


async def of_picture(kit: SpineKit, picture: bytes, event: str = "given") -> Job:
    return await ended(kit, (await kit.application.upscale.of_picture(Origin(ANN, event), picture)).job)


async def test_a_finished_picture_is_enlarged_to_twice_its_sides(kit: SpineKit) -> None:
    source = await drawn(kit, Draft("a fox", seed=7, count=2, aspect="4:3", spoiler=True))
    job = await enlarged(kit, source, 1, actor=BOB)
    before, (after,) = source.pictures[1], job.pictures
    assert (after.width, after.height) == (2 * before.width, 2 * before.height)
    assert (job.request.width, job.request.height) == (after.width, after.height)
    assert job.request.mode is Mode.UPSCALE
    assert (job.request.prompt, job.request.spoiler, job.request.private) == ("a fox", True, False)
    assert job.lineage == Lineage(LineageKind.UPSCALE, source.id, 1)
    assert (after.model_label, after.model_revision, after.is_toy) == ("fake upscaler", "fake-upscaler-1", False)


async def test_the_picture_tells_that_it_is_enlarged_of_what_and_by_whom(kit: SpineKit) -> None:
    source = await drawn(kit)
    data = await kit.images.get(source.pictures[0].picture)
    job = await enlarged(kit, source)
    assert job.request.upscale_of is not None
    of = await kit.images.get(job.request.upscale_of)
    assert read_recipe(of) is None, "the request may outlive the one whose words are in the file"
    with Image.open(io.BytesIO(data)) as one, Image.open(io.BytesIO(of)) as other:
        assert one.convert("RGB").tobytes() == other.tobytes()
    file = await kit.images.get(job.pictures[0].picture)
    recipe = read_recipe(file)
    assert recipe is not None
    assert recipe.upscale_of == job.request.upscale_of
    assert (recipe.model_label, recipe.model_revision) == ("fake upscaler", "fake-upscaler-1")
    assert recipe.recipe_id == f"{job.id}-1"
    with Image.open(io.BytesIO(file)) as picture:
        parameters = str(picture.info[PARAMETERS_CHUNK])
    assert parameters.startswith("a fox\n")
    assert "Postprocess upscaler: fake upscaler" in parameters
    assert "Steps" not in parameters


async def test_any_picture_is_enlarged_as_its_owner_likes_it(kit: SpineKit) -> None:
    await drawn(kit)
    await kit.application.preferences.change_user(ANN, lambda one: replace(one, private=True, spoiler=True))
    job = await of_picture(kit, png(40, 30))
    assert (job.request.width, job.request.height, job.lineage) == (80, 60, None)
    assert job.request.upscale_of == admit_picture(png(40, 30), kit.limits).sha256
    assert (job.request.private, job.request.spoiler) == (True, True)
    again = await kit.application.upscale.of_picture(Origin(ANN, "open"), png(40, 30), private=False, spoiler=False)
    assert (again.job.request.private, again.job.request.spoiler) == (False, False)


@pytest.mark.parametrize("size", [(15, 200), (1600, 1536), (4100, 20)])
async def test_what_is_too_small_or_too_large_is_refused_and_leaves_nothing(
    kit: SpineKit, size: tuple[int, int]
) -> None:
    with pytest.raises(Rejected, match="upscale-size-out-of-range") as refused:
        await kit.application.upscale.of_picture(Origin(ANN, "a"), png(*size))
    assert (refused.value.details["width"], refused.value.details["height"]) == size
    assert isinstance(kit.images, MemoryImageStore)
    assert len(kit.images) == 0


@pytest.mark.parametrize("name", BAD_PICTURES)
async def test_bad_uploads_are_refused_like_others(kit: SpineKit, name: str) -> None:
    data, reason = BAD_PICTURES[name]
    with pytest.raises(Rejected, match=reason):
        await kit.application.upscale.of_picture(Origin(ANN, "a"), data)


@pytest.mark.parametrize("size", [(16, 16), (1536, 1536), (4096, 576)])
async def test_the_outermost_sizes_work(kit: SpineKit, size: tuple[int, int]) -> None:
    job = (await kit.application.upscale.of_picture(Origin(ANN, "a"), png(*size))).job
    assert (job.request.width, job.request.height) == (2 * size[0], 2 * size[1])


async def test_who_may_enlarge_what(kit: SpineKit) -> None:
    secret = await drawn(kit, Draft("secret", private=True))
    for actor, job_id, index, reason in (
        (BOB, secret.id, 0, "job-not-yours"),
        (ANN, secret.id, 1, "picture-unknown"),
        (ANN, "nothing", 0, "job-unknown"),
    ):
        with pytest.raises(Rejected, match=reason):
            await kit.application.upscale(Origin(actor, "x"), job_id, index)
    assert (await enlarged(kit, secret)).request.private


async def test_a_picture_that_is_not_ready_or_was_let_go_is_refused(kit: SpineKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    waiting = (await kit.application.submit(Origin(ANN, "w"), Draft("a fox"))).job
    with pytest.raises(Rejected, match="job-not-done"):
        await kit.application.upscale(Origin(ANN, "x"), waiting.id, 0)
    await engine.held.wait()
    engine.release()
    source = await ended(kit, waiting)
    async with kit.open_unit() as unit:
        await unit.pictures.let_go_results(finished_before=None, limit=10)
        await unit.commit()
    with pytest.raises(Rejected, match="result-gone"):
        await kit.application.upscale(Origin(ANN, "x"), source.id, 0)


async def test_pressing_twice_enlarges_once(kit: SpineKit) -> None:
    source = await drawn(kit)
    first = await kit.application.upscale(Origin(ANN, "press"), source.id, 0)
    second = await kit.application.upscale(Origin(ANN, "press"), source.id, 0)
    assert (second.job.id, first.is_new, second.is_new) == (first.job.id, True, False)


async def test_it_costs_what_its_pixels_at_three_steps_cost_and_failures_are_given_back(engine: FakeEngine) -> None:
    assert cost_of(upscale_request("0" * 64, (2048, 2048))) == 48
    tiers = Tiers((Tier("free", CREDIT),), default="free")
    async with running_spine(engine, tiers=tiers) as kit:
        engine.script(Play(failure=EngineRefused("no")))
        job = (await kit.application.upscale.of_picture(Origin(ANN, "a"), png(1024, 1024))).job
        assert job.cost == 48
        card = (await kit.until(job.id, Phase.FAILED))[-1]
        assert "0.48" in card_text(card, words().for_locale("en")).detail
        assert (await kit.application.accounts.balance(ANN)).account.left == CREDIT
        for event in ("b", "c"):
            await kit.application.upscale.of_picture(Origin(ANN, event), png(1024, 1024))
        with pytest.raises(Rejected, match="credits-used-up"):
            await kit.application.upscale.of_picture(Origin(ANN, "d"), png(1024, 1024))


async def test_the_card_counts_parts(kit: SpineKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=2))
    job = (await kit.application.upscale.of_picture(Origin(ANN, "a"), png())).job
    await engine.held.wait()
    seen = await _card_at_step(kit, job, 2)
    assert seen == ("Enlarging, part 2 of 4", "Upscale 2×", "fake upscaler")
    engine.release()
    await kit.until(job.id, Phase.DONE)


async def _card_at_step(kit: SpineKit, job: Job, step: int) -> tuple[str, str, str]:
    async for card in kit.application.board.watch(job.id):
        if card.progress is not None and card.progress.step == step:
            text = card_text(card, words().for_locale("en"))
            return text.title, text.mode, text.label
    raise AssertionError("the card ended first")


async def test_it_can_be_cancelled_between_parts(kit: SpineKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    job = (await kit.application.upscale.of_picture(Origin(ANN, "a"), png())).job
    await engine.held.wait()
    await kit.application.cancel(ANN, job.id)
    await kit.until(job.id, Phase.CANCELLED)
    assert (await kit.job(job.id)).state is JobState.CANCELLED


async def test_an_engine_that_dies_tries_again_and_then_gives_up(kit: SpineKit, engine: FakeEngine) -> None:
    engine.script(Play(failure=EngineLost("shot")))
    assert (await of_picture(kit, png())).attempt == 2
    engine.script(Play(failure=EngineLost("shot")), Play(failure=EngineLost("shot")))
    job = (await kit.application.upscale.of_picture(Origin(ANN, "b"), png())).job
    await kit.until(job.id, Phase.FAILED)
    assert (await kit.job(job.id)).failure is FailureKind.ENGINE_LOST


async def test_a_repetition_enlarges_again_to_the_same_pixels(kit: SpineKit) -> None:
    first = await enlarged(kit, await drawn(kit))
    again = await ended(kit, (await kit.application.repeat(Origin(BOB, "r"), f"{first.id}-1")).job)
    assert again.request == first.request
    assert again.lineage == Lineage(LineageKind.REPEAT, first.id, 0)
    files = [await kit.images.get(job.pictures[0].picture) for job in (first, again)]
    pixels = [Image.open(io.BytesIO(file)).tobytes() for file in files]
    assert pixels[0] == pixels[1]


async def test_an_enlarged_picture_is_enlarged_again(kit: SpineKit) -> None:
    first = await of_picture(kit, png(100, 60))
    second = await enlarged(kit, first)
    assert (second.pictures[0].width, second.pictures[0].height) == (400, 240)


async def test_reroll_vary_and_remix_act_on_the_picture_it_came_from(kit: SpineKit) -> None:
    source = await drawn(kit, Draft("a fox", seed=7, count=2))
    job = await enlarged(kit, source, 1)
    repeated = await ended(kit, (await kit.application.repeat(Origin(ANN, "r"), job.id)).job)
    twice = await enlarged(kit, repeated, event="twice")
    for number, one in enumerate((job, repeated, twice)):
        varied = (await kit.application.vary(Origin(ANN, f"v{number}"), one.id, 0, 0.5)).job
        assert (varied.request.prompt, varied.request.seed, varied.request.mode) == ("a fox", 8, Mode.TEXT)
        assert varied.lineage == Lineage(LineageKind.VARIATION, source.id, 1)
        changes = RemixChanges(prompt="an owl")
        remixed = (await kit.application.remix(Origin(ANN, f"m{number}"), one.id, changes)).job
        assert (remixed.request.prompt, remixed.request.seed) == ("an owl", 8)
        rerolled = (await kit.application.reroll(Origin(ANN, f"n{number}"), one.id)).job
        assert (rerolled.request.prompt, rerolled.request.count, rerolled.request.upscale_of) == ("a fox", 2, None)
        assert rerolled.lineage == Lineage(LineageKind.REROLL, source.id, 0)


async def test_without_a_request_behind_it_there_is_nothing_to_change(kit: SpineKit) -> None:
    given = await of_picture(kit, png())
    source = await drawn(kit)
    orphan = await enlarged(kit, source)
    await kit.application.history.delete(ANN, source.id)
    assert await kit.images.exists(orphan.request.upscale_of or "")
    for job in (given, orphan):
        for call in (
            kit.application.reroll(Origin(ANN, "r"), job.id),
            kit.application.vary(Origin(ANN, "v"), job.id, 0, 0.5),
            kit.application.remix(Origin(ANN, "m"), job.id, RemixChanges(prompt="an owl")),
        ):
            with pytest.raises(Rejected, match="upscale-without-request"):
                await call


async def test_the_picture_it_is_of_is_kept_and_goes_with_the_job(kit: SpineKit) -> None:
    job = await of_picture(kit, png())
    assert isinstance(kit.images, MemoryImageStore)
    assert len(kit.images) == 2
    await kit.application.history.delete(ANN, job.id)
    assert len(kit.images) == 0
    with pytest.raises(Rejected, match="recipe-unknown"):
        await kit.application.repeat(Origin(ANN, "r"), job.id)


async def test_a_repetition_whose_picture_was_let_go_is_refused(kit: SpineKit) -> None:
    job = await of_picture(kit, png())
    async with kit.open_unit() as unit:
        gone = await unit.pictures.let_go_references(finished_before=None, limit=10)
        await unit.commit()
    assert gone == {job.request.upscale_of}
    for picture in gone:
        await kit.images.delete(picture)
    with pytest.raises(Rejected, match="picture-gone"):
        await kit.application.repeat(Origin(ANN, "r"), job.id)
    with pytest.raises(Rejected, match="picture-gone"):
        await kit.application.upscale.of_picture(Origin(ANN, "s"), Stored(job.request.upscale_of or ""))


def test_estimates_of_drawing_and_enlarging_do_not_mix() -> None:
    estimates = Estimates()
    drawing = GenerationRequest("a fox", None, (), 1024, 1024, False, 25, 4.0, 512, 7)
    enlarging = upscale_request("0" * 64, (1024, 1024))
    estimates.record(drawing, picture_of("m1", 20.0))
    assert estimates.picture_s(enlarging) is None
    estimates.record(enlarging, picture_of("u1", 2.0))
    assert estimates.picture_s(drawing) == 20.0
    assert estimates.picture_s(upscale_request("1" * 64, (2048, 1024))) == 4.0
    assert estimates.changes == 2


def picture_of(revision: str, duration_s: float) -> ResultPicture:
    return ResultPicture(0, "d" * 64, 7, None, 1024, 1024, duration_s, "model", revision, is_toy=False)
