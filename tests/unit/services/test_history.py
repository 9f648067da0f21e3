"""Looking back: pages, words, favourites, relatives, deleting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform, Server
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.jobs import Job
from bot.domain.requests import Draft
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

GUILD = Server(Platform.DISCORD, "7")
ANN = Actor(Platform.DISCORD, "1")
BOB = Actor(Platform.TELEGRAM, "2")
MODERATOR = Actor(Platform.DISCORD, "3", server=GUILD, is_moderator=True)


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine()) as made:
        yield made


async def done(kit: SpineKit, event: str, draft: Draft, actor: Actor = ANN) -> Job:
    job = (await kit.application.submit(Origin(actor, event), draft)).job
    await kit.until(job.id, Phase.DONE)
    return await kit.job(job.id)


async def test_pages_follow_one_another_newest_first(kit: SpineKit) -> None:
    for number in range(5):
        await done(kit, f"{number}", Draft(f"fish {number}"))
    await done(kit, "b", Draft("fish of Bob"), BOB)
    history = kit.application.history
    seen, older = [], None
    while True:
        page = await history.page(ANN, before=older, limit=2)
        seen += [job.request.prompt for job in page.jobs]
        older = page.older
        if older is None:
            break
    assert seen == [f"fish {number}" for number in (4, 3, 2, 1, 0)]
    assert (await history.page(Actor(Platform.WEB, "nobody"))).jobs == ()


async def test_words_are_found_in_any_case_and_alphabet(kit: SpineKit) -> None:
    for number, prompt in enumerate(("Ein ÄRGERLICHER Fuchs", "лиса в Снегу", "100%_sure", "a fox")):
        await done(kit, f"{number}", Draft(prompt))

    async def find(words: str) -> list[str]:
        return [job.request.prompt for job in (await kit.application.history.page(ANN, words=words)).jobs]

    assert await find("ärgerlich fuchs") == ["Ein ÄRGERLICHER Fuchs"]
    assert await find("СНЕГУ лис") == ["лиса в Снегу"]
    assert await find("0%_s") == ["100%_sure"]
    assert await find("%") == ["100%_sure"]
    assert await find("fox owl") == []


async def test_favourites_are_ones_own_or_public_ones(kit: SpineKit) -> None:
    history = kit.application.history
    own = await done(kit, "a", Draft("own", count=2, private=True))
    public = await done(kit, "b", Draft("public"), BOB)
    private = await done(kit, "c", Draft("private", private=True), BOB)
    await history.favourite(ANN, own.id, 1, is_on=True)
    await history.favourite(ANN, public.id, 0, is_on=True)
    with pytest.raises(Rejected, match="job-not-yours"):
        await history.favourite(ANN, private.id, 0, is_on=True)
    with pytest.raises(Rejected, match="picture-unknown"):
        await history.favourite(ANN, public.id, 1, is_on=True)
    page = await history.page(ANN, only_favourites=True)
    assert [job.id for job in page.jobs] == [public.id, own.id]
    assert page.favourites == {(own.id, 1), (public.id, 0)}
    await history.favourite(ANN, own.id, 1, is_on=False)
    assert [job.id for job in (await history.page(ANN, only_favourites=True)).jobs] == [public.id]


async def test_relatives_are_those_one_may_see(kit: SpineKit) -> None:
    application = kit.application
    parent = await done(kit, "a", Draft("parent"))
    child = (await application.reroll(Origin(BOB, "b"), parent.id)).job
    secret = await done(kit, "c", Draft("secret", private=True))
    family = await application.history.lineage(ANN, parent.id)
    assert (family.parent, [one.id for one in family.children]) == (None, [child.id])
    upward = (await application.history.lineage(BOB, child.id)).parent
    assert upward is not None
    assert upward.id == parent.id
    with pytest.raises(Rejected, match="job-not-yours"):
        await application.history.lineage(BOB, secret.id)


async def test_a_deleted_job_is_gone_for_everybody_and_so_are_its_files(kit: SpineKit) -> None:
    assert isinstance(kit.images, MemoryImageStore)
    application = kit.application
    job = await done(kit, "a", Draft("x", subject=png(64, 64), styles=(png(32, 32),)))
    card = await application.styles.save(ANN, "kept", (png(32, 32),))
    await application.history.delete(ANN, job.id)
    for look in (
        application.history.job(ANN, job.id),
        application.history.picture(ANN, job.id, 0),
        application.history.delete(ANN, job.id),
        application.reroll(Origin(ANN, "b"), job.id),
        application.vary(Origin(ANN, "c"), job.id, 0, 0.5),
    ):
        with pytest.raises(Rejected, match="job-unknown"):
            await look
    with pytest.raises(Rejected, match="recipe-unknown"):
        await application.repeat(Origin(ANN, "d"), f"{job.id}-1")
    assert (await application.history.page(ANN)).jobs == ()
    assert len(kit.images) == 1, "only what the style card names is left"
    assert await kit.images.exists(card.pictures[0])
    assert (await kit.job(job.id)).request.prompt == "x", "the recipe stays"


async def test_who_may_delete(kit: SpineKit) -> None:
    history = kit.application.history
    there = await done(kit, "a", Draft("x"), replace(ANN, server=GUILD))
    in_private = await done(kit, "b", Draft("x"))
    for actor in (
        BOB,
        replace(MODERATOR, is_moderator=False),
        replace(MODERATOR, server=Server(Platform.DISCORD, "8")),
    ):
        with pytest.raises(Rejected, match="job-not-yours"):
            await history.delete(actor, there.id)
    with pytest.raises(Rejected, match="job-not-yours"):
        await history.delete(MODERATOR, in_private.id)
    await history.delete(MODERATOR, there.id)
    await history.delete(ANN, in_private.id)
    assert (await history.page(ANN)).jobs == ()


async def test_what_is_not_over_can_not_be_deleted() -> None:
    async with running_spine(FakeEngine(is_manual=True)) as kit:
        job = (await kit.application.submit(Origin(ANN, "a"), Draft("x"))).job
        with pytest.raises(Rejected, match="job-not-done"):
            await kit.application.history.delete(ANN, job.id)
