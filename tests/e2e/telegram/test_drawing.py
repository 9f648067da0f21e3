"""/restyle, /sweep and /grid: requests that a command fills in."""

from __future__ import annotations

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.limits import Limits
from bot.services.tray import TrayPlace
from tests.e2e.telegram.test_styles import saved
from tests.e2e.telegram.test_tray import put
from tests.e2e.telegram.world import World, shown
from tests.support.pictures import png


async def test_a_sweep_is_four_pictures_with_four_seeds(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(png(), "/sweep in a cafe --seed 7")
        await world.until(lambda: bool(world.server.calls_of("sendMediaGroup")))
        [job] = await world.jobs(ada)
    assert (job.request.count, job.request.seed, job.request.prompt) == (4, 7, "in a cafe")
    assert job.request.subject is not None


async def test_restyle_takes_subject_and_style_from_an_album(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.send(*ada.album(png(), png(colour=(0, 0, 0)), caption="/restyle"))
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
    assert (job.request.prompt, job.request.keep_size, len(job.request.styles)) == ("", True, 1)


async def test_restyle_takes_a_saved_style_or_the_tray(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "old ink")
        ada.show(png(colour=(0, 90, 0)), "/restyle Old Ink")
        await world.until(lambda: "photo" in ada.last())
        await put(world, ada, TrayPlace.STYLE)
        ada.show(png(colour=(0, 90, 0)), "/restyle with snow")
        await world.until(lambda: len(world.engine.tasks) == 2)
        second, first = await world.jobs(ada)
    assert (first.request.prompt, len(first.request.styles)) == ("", 1)
    assert (second.request.prompt, len(second.request.styles)) == ("with snow", 1)


async def test_restyle_says_what_is_missing(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/restyle")
        await world.said(ada, "Which picture should get another style?")
        ada.show(png(), "/restyle")
        await world.said(ada, "In which style?")
        ada.show(png(), "/restyle --ar")
        await world.said(ada, "“--ar” needs a value")
    assert await world.jobs(ada) == ()
    assert world.stored_pictures == 0


async def test_a_grid_is_a_card_for_each_style_with_one_seed(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(hold_at_step=1))):
        await saved(world, ada, "old ink", "wash", "chalk")
        ada.show(png(colour=(0, 90, 0)), "/grid old ink, wash, chalk: a fox --ar 16:9")
        await world.until(lambda: any("Style: old ink" in shown(message) for message in ada.seen()))
        world.engine.release()
        await world.until(lambda: sum("photo" in message for message in ada.seen()) == 3)
        jobs = await world.jobs(ada)
    assert len({job.request.seed for job in jobs}) == 1
    assert len({job.request.styles for job in jobs}) == 3
    assert {job.request.prompt for job in jobs} == {"a fox"}
    assert {job.request.width for job in jobs} == {1360}
    assert len({job.request.subject for job in jobs}) == 1
    assert sorted(job.event_key.rpartition("/")[2] for job in jobs) == ["0", "1", "2"]


async def test_a_grid_without_commas_takes_words_and_the_subject_of_the_tray(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "ink", "old wash")
        await put(world, ada, TrayPlace.SUBJECT)
        ada.write('/grid ink "old wash" --seed 7')
        await world.until(lambda: sum("photo" in message for message in ada.seen()) == 2)
        jobs = await world.jobs(ada)
    assert {job.request.seed for job in jobs} == {7}
    assert None not in {job.request.subject for job in jobs}


@pytest.mark.parametrize("words", ["/grid", "/grid ink", "/grid : a fox", "/grid a b c d e f", "/grid --seed 7"])
async def test_a_grid_wants_two_to_five_names(world: World, words: str) -> None:
    ada = world.person()
    async with world.running():
        ada.write(words)
        await world.said(ada, "Please name 2 to 5 saved styles")


async def test_an_unknown_style_refuses_the_whole_grid(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "ink")
        ada.write("/grid ink, wash: a fox")
        await world.said(ada, "We do not know that style")
    assert await world.jobs(ada) == ()


async def test_what_does_not_fit_into_the_queue_is_told_by_name(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(is_manual=True), limits=Limits(max_waiting_jobs=1)):
        await saved(world, ada, "ink", "wash", "chalk")
        ada.write("/grid ink, wash, chalk: a fox")
        await world.said(ada, "Not made: wash, chalk.")
        assert "You already have 1 requests waiting" in shown(ada.last())
        assert len(await world.jobs(ada)) == 1


async def test_an_answered_result_is_taken_as_it_was_made(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "ink", "wash")
        await world.drawn(ada)
        result = ada.last()
        files_fetched = len(world.server.calls_of("getFile"))
        ada.write("/restyle ink", reply_to=result)
        await world.until(lambda: len(world.engine.tasks) == 2)
        ada.write("/grid ink, wash: on a beach", reply_to=result)
        await world.until(lambda: len(world.engine.tasks) == 4)
        ada.write("/sweep in a cafe", reply_to=result)
        await world.until(lambda: len(world.engine.tasks) >= 5)
        jobs = await world.jobs(ada)
        assert len(world.server.calls_of("getFile")) == files_fetched
    assert len({job.request.subject for job in jobs[:-1]}) == 1
    assert jobs[0].request.subject is not None


async def test_the_same_style_twice_is_no_grid(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "ink")
        ada.write("/grid ink, INK: a fox")
        await world.said(ada, "Please name 2 to 5 saved styles")
    assert await world.jobs(ada) == ()
