"""Deleting everything of a person, whatever their jobs are doing."""

from __future__ import annotations

import asyncio

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.requests import Draft
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import running_spine

ANN = Actor(Platform.DISCORD, "1", name="Ann")
BOB = Actor(Platform.DISCORD, "2", name="Bob")


def origin(actor: Actor, event: str) -> Origin:
    return Origin(actor, event, ReplyAddress(Platform.DISCORD, {}))


async def test_waiting_and_running_jobs_vanish_and_the_next_person_is_served() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as kit:
        assert isinstance(kit.images, MemoryImageStore)
        application = kit.application
        running = (await application.submit(origin(ANN, "a"), Draft("x", subject=png(64, 64)))).job
        await engine.held.wait()
        waiting = (await application.submit(origin(ANN, "b"), Draft("y"))).job
        bobs = (await application.submit(origin(BOB, "c"), Draft("z"))).job
        await application.erase(ANN)
        engine.release()
        await kit.until(bobs.id, Phase.DONE)
        for job in (running, waiting):
            assert await application.board.card(job.id) is None
        assert (await application.history.page(ANN)).jobs == ()
        names = {picture.picture for picture in (await kit.job(bobs.id)).pictures}
        assert len(kit.images) == len(names), "no file of Ann is left"
        async with kit.open_unit() as unit:
            assert await unit.users.find(ANN) is None
            assert await unit.jobs.unfinished() == ()


async def test_a_picture_that_comes_too_late_is_kept_by_nobody() -> None:
    engine = FakeEngine(Play(hold_at_step=2))
    async with running_spine(engine) as kit:
        assert isinstance(kit.images, MemoryImageStore)
        await kit.application.submit(origin(ANN, "a"), Draft("x", steps=2))
        await engine.held.wait()
        async with kit.open_unit() as unit:  # another process has the person deleted: nobody stops the engine
            owner = await unit.users.find(ANN)
            assert owner is not None
            await unit.erasure.erase(owner)
            await unit.commit()
        engine.release()
        bobs = (await kit.application.submit(origin(BOB, "b"), Draft("z"))).job
        await kit.until(bobs.id, Phase.DONE)
        assert len(kit.images) == 1


async def test_doing_it_again_changes_nothing_and_a_new_beginning_is_possible() -> None:
    async with running_spine(FakeEngine()) as kit:
        await kit.application.erase(ANN)
        job = (await kit.application.submit(origin(ANN, "a"), Draft("x", styles=(png(32, 32),)))).job
        await kit.until(job.id, Phase.DONE)
        assert kit.style_tokens.prompts_forgotten == 0
        await kit.application.erase(ANN)
        await kit.application.erase(ANN)
        assert kit.style_tokens.forgotten
        assert kit.style_tokens.prompts_forgotten == 1
        with pytest.raises(Rejected, match="job-unknown"):
            await kit.application.history.job(ANN, job.id)
        again = (await kit.application.submit(origin(ANN, "a"), Draft("x"))).job
        assert again.id != job.id


async def test_a_block_outlives_the_deletion() -> None:
    async with running_spine(FakeEngine()) as kit:
        await kit.application.accounts.block(ANN, reason="spam", by="command line")
        await kit.application.erase(ANN)
        with pytest.raises(Rejected, match="blocked"):
            await kit.application.submit(origin(ANN, "a"), Draft("x"))
        view = await kit.application.accounts.view(ANN)
        assert [one.name for one in view.identities] == [""]
        assert "spam" not in view.user.block_reason


async def test_a_request_that_is_being_accepted_at_that_moment_leaves_nothing_half() -> None:
    async with running_spine(FakeEngine(is_manual=True)) as kit:
        for number in range(20):
            asked = asyncio.create_task(kit.application.submit(origin(ANN, f"{number}"), Draft("x", subject=png())))
            for _ in range(number):
                await asyncio.sleep(0)
            await kit.application.erase(ANN)
            await asyncio.wait([asked])
            async with kit.open_unit() as unit:
                rows = {job.id for job in await unit.jobs.unfinished()}
            assert rows == {job.id for job in kit.application.board.unfinished()}
            await kit.application.erase(ANN)
        assert isinstance(kit.images, MemoryImageStore)
        assert len(kit.images) == 0
