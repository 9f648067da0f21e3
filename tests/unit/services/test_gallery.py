"""One's own jobs: searched, looked at one by one, with their families."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.histories import Kind
from bot.domain.jobs import Job, JobId, JobState
from bot.domain.requests import Draft
from bot.services.families import Relative
from bot.services.follow_up import RemixChanges
from bot.services.gallery import Gallery, Wish
from bot.services.submit import Origin, Submitted
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

ANN = Actor(Platform.WEB, "local")
BOB = Actor(Platform.DISCORD, "2")
EVERYTHING = Wish()
INK, WASH = png(64, 64, (9, 9, 9)), png(64, 64, (9, 9, 200))
_events = itertools.count()


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine()) as made:
        yield made


@pytest.fixture
def gallery(kit: SpineKit) -> Gallery:
    return kit.application.gallery


async def ended(kit: SpineKit, submitted: Submitted) -> Job:
    await kit.until(submitted.job.id, Phase.DONE)
    return await kit.job(submitted.job.id)


def origin(actor: Actor = ANN) -> Origin:
    return Origin(actor, f"e{next(_events)}")


async def done(kit: SpineKit, prompt: str, actor: Actor = ANN, **draft: Any) -> Job:
    return await ended(kit, await kit.application.submit(origin(actor), Draft(prompt, **draft)))


async def prompts(gallery: Gallery, **wish: Any) -> list[str]:
    return [job.request.prompt for job in (await gallery.page(ANN, Wish(**wish))).jobs]


async def test_words_styles_and_seeds_are_found_by_one_text(kit: SpineKit, gallery: Gallery) -> None:
    await kit.application.styles.save(ANN, "My Ink", (INK,))
    await done(kit, "a fox", styles=(INK,))
    await done(kit, "inky water", styles=(WASH,))
    await done(kit, "an owl", seed=77, count=2)
    await done(kit, "Bob's ink", BOB)

    assert await prompts(gallery, text="INK") == ["inky water", "a fox"]
    assert await prompts(gallery, text="my ink") == ["a fox"]
    assert await prompts(gallery, text="fox ink") == ["a fox"]
    assert await prompts(gallery, text="78") == ["an owl"]
    assert await prompts(gallery, text="99999999999999999999") == []
    assert await prompts(gallery, text="²") == []
    assert await prompts(gallery, text="nowhere " * 5000) == []
    assert await prompts(gallery) == ["an owl", "inky water", "a fox"]


async def test_a_style_is_looked_for_by_its_card_which_is_ones_own(kit: SpineKit, gallery: Gallery) -> None:
    card = await kit.application.styles.save(ANN, "Ink", (INK,))
    theirs = await kit.application.styles.save(BOB, "Wash", (WASH,))
    await done(kit, "a fox", styles=(INK, WASH))
    await done(kit, "ink on paper")

    assert await prompts(gallery, style=card.id) == ["a fox"]
    for unknown in (theirs.id, "nosuch"):
        with pytest.raises(Rejected, match="style-unknown"):
            await gallery.page(ANN, Wish(style=unknown))


async def test_kinds_states_and_favourites(kit: SpineKit, gallery: Gallery) -> None:
    fox = await done(kit, "a fox")
    await ended(kit, await kit.application.reroll(origin(), fox.id))
    theirs = await done(kit, "an owl", BOB)
    for job in (fox, theirs):
        await kit.application.history.favourite(ANN, job.id, 0, is_on=True)

    assert len((await gallery.page(ANN, Wish(kind=Kind.REROLLED))).jobs) == 1
    assert (await gallery.page(ANN, Wish(state=JobState.FAILED))).jobs == ()
    assert await prompts(gallery, only_favourites=True) == ["a fox"]


async def test_pages_follow_one_another_by_key(kit: SpineKit, gallery: Gallery) -> None:
    for number in range(5):
        await done(kit, f"fish {number}")
    first = await gallery.page(ANN, EVERYTHING, limit=2)
    await done(kit, "fish that came meanwhile")
    second = await gallery.page(ANN, EVERYTHING, before=first.older, limit=2)
    third = await gallery.page(ANN, EVERYTHING, before=second.older, limit=2)

    seen = [job.request.prompt for page in (first, second, third) for job in page.jobs]
    assert seen == [f"fish {number}" for number in (4, 3, 2, 1, 0)]
    assert third.older is None
    assert (await gallery.page(BOB, EVERYTHING)).jobs == ()


async def test_others_jobs_and_deleted_ones_are_as_unknown_as_made_up_ones(kit: SpineKit, gallery: Gallery) -> None:
    public, private = await done(kit, "an owl", BOB), await done(kit, "a mole", BOB, private=True)
    gone = await done(kit, "a fox")
    await kit.application.history.delete(ANN, gone.id)

    refusals = []
    for job_id in (public.id, private.id, gone.id, "0123456789ab"):
        for asked in (gallery.job(ANN, job_id), gallery.look(ANN, job_id, EVERYTHING)):
            with pytest.raises(Rejected) as caught:
                await asked
            refusals.append((caught.value.rejection.value, caught.value.details))
    assert set(map(str, refusals)) == {str(("job-unknown", {}))}


async def test_neighbours_are_those_among_what_was_looked_for(kit: SpineKit, gallery: Gallery) -> None:
    first, _, third = [await done(kit, prompt) for prompt in ("a cat", "a dog", "a cat again")]
    await done(kit, "a cat of Bob", BOB)

    look = await gallery.look(ANN, third.id, Wish("cat"))
    assert (look.newer, look.older) == (None, first.id)
    look = await gallery.look(ANN, first.id, Wish("cat"))
    assert (look.newer, look.older) == (third.id, None)


async def test_a_look_knows_favourites_and_the_names_of_styles(kit: SpineKit, gallery: Gallery) -> None:
    card = await kit.application.styles.save(ANN, "Ink", (INK,))
    kit.clock.advance(1)
    await kit.application.styles.save(ANN, "Ink too", (INK,))
    job = await done(kit, "a fox", styles=(INK, WASH), count=2)
    await kit.application.history.favourite(ANN, job.id, 1, is_on=True)

    look = await gallery.look(ANN, job.id, EVERYTHING)
    assert look.favourites == {1}
    assert look.style_names == {card.pictures[0]: "Ink"}


def shape(relative: Relative) -> Any:
    """The tree as ids; what may not be seen as words."""
    name: JobId = relative.job.id if relative.job else ("deleted" if relative.is_deleted else "another's")
    return (name, [shape(child) for child in relative.children]) if relative.children else name


async def test_a_family_is_the_same_tree_from_each_of_its_members(kit: SpineKit, gallery: Gallery) -> None:
    root = await done(kit, "a fox")
    varied = await ended(kit, await kit.application.vary(origin(), root.id, 0, 0.5))
    rolled = await ended(kit, await kit.application.reroll(origin(), root.id))
    large = await ended(kit, await kit.application.upscale(origin(), varied.id, 0))

    tree = (root.id, [(varied.id, [large.id]), rolled.id])
    for job in (root, varied, rolled, large):
        look = await gallery.look(ANN, job.id, EVERYTHING)
        assert shape(look.family) == tree
        assert look.family.size == 4


async def test_of_others_and_of_what_was_deleted_only_the_place_is_shown(kit: SpineKit, gallery: Gallery) -> None:
    theirs = await done(kit, "an owl", BOB)
    remix = RemixChanges(prompt="a fox")
    mine = await ended(kit, await kit.application.remix(origin(), theirs.id, remix))
    gone = await ended(kit, await kit.application.reroll(origin(), mine.id))
    kept = await ended(kit, await kit.application.reroll(origin(), gone.id))
    leaf = await ended(kit, await kit.application.reroll(origin(), mine.id))
    await ended(kit, await kit.application.reroll(origin(BOB), mine.id))
    for job in (gone, leaf):
        await kit.application.history.delete(ANN, job.id)

    look = await gallery.look(ANN, kept.id, EVERYTHING)
    assert shape(look.family) == ("another's", [(mine.id, [("deleted", [kept.id])])])


async def test_a_job_that_waits_can_be_looked_at() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as kit:
        job = (await kit.application.submit(origin(), Draft("a fox"))).job
        await engine.held.wait()
        look = await kit.application.gallery.look(ANN, job.id, EVERYTHING)
        assert look.job.state is JobState.RUNNING
        assert shape(look.family) == job.id
        engine.release()
