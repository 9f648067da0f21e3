"""Style cards, and the tray."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform, Server
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.jobs import JobId
from bot.domain.requests import Draft
from bot.domain.styles import Tray
from bot.services.png import read_recipe
from bot.services.styles import StyleCards, StyleSettings
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

GUILD = Server(Platform.DISCORD, "7")
ANN = Actor(Platform.DISCORD, "1", server=GUILD)
BOB = Actor(Platform.DISCORD, "2", server=GUILD)
MODERATOR = Actor(Platform.DISCORD, "3", server=GUILD, is_moderator=True)
AWAY = Actor(Platform.DISCORD, "4")
COLOURS = [png(32, 32, (20 * one, 9, 9)) for one in range(6)]


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine()) as made:
        yield made


@pytest.fixture
def styles(kit: SpineKit) -> StyleCards:
    return kit.application.styles


async def done(kit: SpineKit, actor: Actor = ANN) -> JobId:
    job = (await kit.application.submit(Origin(actor, "e"), Draft("a fox"))).job
    await kit.until(job.id, Phase.DONE)
    return job.id


async def test_a_card_is_saved_found_used_and_deleted_with_its_files(kit: SpineKit, styles: StyleCards) -> None:
    assert isinstance(kit.images, MemoryImageStore)
    card = await styles.save(ANN, "  Clay \n figures ", (COLOURS[0], COLOURS[1]))
    assert card.name == "Clay figures"
    for name in ("clay FIGURES", card.id, card.id.upper()):
        assert await styles.find(ANN, name) == card
    used = await styles.use(ANN, "clay figures")
    job = (await kit.application.submit(Origin(ANN, "u"), Draft("a fox", styles=used))).job
    assert job.request.styles == card.pictures
    await kit.until(job.id, Phase.DONE)
    await styles.delete(ANN, "Clay figures")
    assert all([await kit.images.exists(picture) for picture in card.pictures]), "the job needs them still"
    await kit.application.history.delete(ANN, job.id)
    assert len(kit.images) == 0
    with pytest.raises(Rejected, match="style-unknown"):
        await styles.find(ANN, card.id)


async def test_a_result_becomes_a_style_without_its_recipe(kit: SpineKit, styles: StyleCards) -> None:
    job_id = await done(kit)
    card = await styles.save_from_job(BOB, "fox", job_id, 0)
    stored = await kit.images.get(card.pictures[0])
    assert read_recipe(stored) is None
    assert b"a fox" not in stored
    result = (await kit.job(job_id)).pictures[0].picture
    assert read_recipe(await kit.images.get(result)) is not None


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 41, "a\0b", "\u202edrow", "@everyone", "<@123>", "<#5>", "\u200b", "a\u2066b", "\ud800"]
)
async def test_names_that_deceive_are_refused(kit: SpineKit, styles: StyleCards, name: str) -> None:
    with pytest.raises(Rejected, match="style-name-bad"):
        await styles.save(ANN, name, (COLOURS[0],))
    assert isinstance(kit.images, MemoryImageStore)
    assert len(kit.images) == 0


async def test_refusals_leave_no_file(kit: SpineKit, styles: StyleCards) -> None:
    assert isinstance(kit.images, MemoryImageStore)
    await styles.save(ANN, "Öl", (COLOURS[0],))
    for pictures, words in (
        ((), "style-without-picture"),
        (COLOURS[:3], "too-many-styles"),
        ((b"text",), "not-a-picture"),
        ((COLOURS[1],), "style-name-taken"),
    ):
        with pytest.raises(Rejected, match=words):
            await styles.save(ANN, "öL", pictures)
    assert len(kit.images) == 1


async def test_ones_own_comes_before_the_servers_and_strangers_see_neither(styles: StyleCards) -> None:
    shared = await styles.save(ANN, "ink", (COLOURS[0],))
    copy = await styles.share(ANN, "ink")
    assert copy.pictures == shared.pictures
    assert await styles.find(BOB, "ink") == copy
    own = await styles.save(BOB, "Ink", (COLOURS[1],))
    assert await styles.find(BOB, "ink") == own
    for name in ("ink", shared.id, copy.id):
        with pytest.raises(Rejected, match="style-unknown"):
            await styles.find(AWAY, name)
    with pytest.raises(Rejected, match="style-needs-server"):
        await styles.share(replace(ANN, server=None), "ink")
    with pytest.raises(Rejected, match="style-name-taken"):
        await styles.share(BOB, "ink")
    assert {card.id for card in await styles.suggest(BOB, "IN")} == {own.id, copy.id}


async def test_who_may_delete_a_servers_card(styles: StyleCards) -> None:
    await styles.save(ANN, "ink", (COLOURS[0],))
    copy = await styles.share(ANN, "ink")
    with pytest.raises(Rejected, match="style-not-yours"):
        await styles.delete(BOB, "ink")
    assert (await styles.delete(MODERATOR, "ink")).id == copy.id
    assert (await styles.find(ANN, "ink")).id != copy.id


async def test_shelves_have_an_end(kit: SpineKit, styles: StyleCards) -> None:
    styles._settings = StyleSettings(max_of_person=2, max_of_server=1)
    for number in range(2):
        await styles.save(ANN, f"style {number}", (COLOURS[number],))
    with pytest.raises(Rejected, match="too-many-style-cards"):
        await styles.save(ANN, "one more", (COLOURS[2],))
    await styles.share(ANN, "style 0")
    with pytest.raises(Rejected, match="too-many-style-cards"):
        await styles.share(ANN, "style 1")


async def test_suggestions_begin_with_what_was_typed(styles: StyleCards) -> None:
    for number, name in enumerate(("water ink", "Ink wash", "clay", "100%")):
        await styles.save(ANN, name, (COLOURS[number],))
    assert [card.name for card in await styles.suggest(ANN, "ink")] == ["Ink wash", "water ink"]
    assert [card.name for card in await styles.suggest(ANN, "%")] == ["100%"]
    assert len(await styles.suggest(ANN)) == 4
    assert await styles.suggest(AWAY) == ()


async def test_the_tray_takes_a_subject_and_the_two_latest_styles(kit: SpineKit) -> None:
    assert isinstance(kit.images, MemoryImageStore)
    tray = kit.application.tray
    first = await tray.put(ANN, COLOURS[0], TrayPlace.SUBJECT)
    for colour in COLOURS[1:4]:
        latest = await tray.put(ANN, colour, TrayPlace.STYLE)
    assert latest.subject == first.subject
    assert len(latest.styles) == 2
    assert len(kit.images) == 3, "the style that was pushed out is gone"
    assert await tray.remove(ANN, TrayPlace.STYLE, 1) == replace(latest, styles=latest.styles[:1])
    assert await tray.remove(ANN, TrayPlace.STYLE, 5) == replace(latest, styles=latest.styles[:1])
    job_id = await done(kit)
    taken = await tray.put_result(ANN, job_id, 0, TrayPlace.SUBJECT)
    assert taken.subject is not None
    assert read_recipe(await kit.images.get(taken.subject)) is None
    assert await tray.clear(ANN) == Tray() == await tray.show(ANN)
    assert len(kit.images) == 1, "only the result is left"
    assert await tray.show(AWAY) == Tray()
    with pytest.raises(Rejected, match="not-a-picture"):
        await tray.put(ANN, b"text", TrayPlace.STYLE)


async def test_cards_are_listed_by_name_bit_by_bit(kit: SpineKit, styles: StyleCards) -> None:
    assert await styles.listed(ANN) == ()
    for name in ("wash", "ink", "clay"):
        await styles.save(ANN, name, (COLOURS[0],))
    shared = await styles.share(ANN, "ink")
    assert shared.is_shared
    listed = await styles.listed(ANN)
    assert [(card.name, card.is_shared) for card in listed] == [
        ("clay", False),
        ("ink", True),
        ("ink", False),
        ("wash", False),
    ]
    assert list(await styles.listed(ANN, start=1, limit=2)) == list(listed[1:3])
    assert await styles.listed(ANN, start=4) == ()
    assert await styles.listed(BOB) == (shared,)
    assert (await kit.application.tray.put(ANN, COLOURS[1], TrayPlace.STYLE)).in_order
