"""One's own style cards."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform, Server
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.requests import Draft
from bot.services.own_styles import OwnStyles
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

GUILD = Server(Platform.DISCORD, "7")
ANN = Actor(Platform.DISCORD, "1", server=GUILD)
BOB = Actor(Platform.DISCORD, "2", server=GUILD)
INK, WASH = png(64, 64, (9, 9, 9)), png(64, 64, (9, 9, 200))


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine()) as made:
        yield made


@pytest.fixture
def own(kit: SpineKit) -> OwnStyles:
    return kit.application.own_styles


async def test_cards_come_by_name_with_what_was_shared_and_how_often_they_served(kit: SpineKit, own: OwnStyles) -> None:
    styles = kit.application.styles
    assert await own.listed(ANN) == ()
    ink = await styles.save(ANN, "ink", (INK,))
    wash = await styles.save(ANN, "Blue wash", (WASH,))
    shared = await styles.share(ANN, "ink")
    await styles.save(BOB, "Bob's", (INK,))
    job = (await kit.application.submit(Origin(ANN, "e"), Draft("a fox", styles=(INK,)))).job
    await kit.until(job.id, Phase.DONE)

    listed = await own.listed(ANN)
    assert [(one.card.name, one.uses) for one in listed] == [("Blue wash", 0), ("ink", 1), ("ink", 1)]
    assert {one.card.id for one in listed} == {ink.id, wash.id, shared.id}
    assert [one.card.id for one in await own.listed(ANN, "WASH")] == [wash.id]
    assert [card.id for card in await own.cards(ANN)] == [one.card.id for one in listed]


async def test_a_card_is_renamed_in_a_clean_way(kit: SpineKit, own: OwnStyles) -> None:
    ink = await kit.application.styles.save(ANN, "Ink", (INK,))
    await kit.application.styles.save(ANN, "Wash", (WASH,))
    assert (await own.rename(ANN, ink.id, "  Black \n ink ")).name == "Black ink"
    assert (await own.card(ANN, ink.id)).name == "Black ink"
    with pytest.raises(Rejected, match="style-name-taken"):
        await own.rename(ANN, ink.id, "wash")
    with pytest.raises(Rejected, match="style-name-bad"):
        await own.rename(ANN, ink.id, "@everyone")
    assert (await own.card(ANN, ink.id)).name == "Black ink"


async def test_others_cards_are_unknown(kit: SpineKit, own: OwnStyles) -> None:
    theirs = await kit.application.styles.save(BOB, "Ink", (INK,))
    shared = await kit.application.styles.share(BOB, "Ink")
    for style_id in (theirs.id, shared.id, "nosuch"):
        for asked in (
            own.card(ANN, style_id),
            own.rename(ANN, style_id, "Mine"),
            own.delete(ANN, style_id),
            own.put_into_tray(ANN, style_id),
        ):
            with pytest.raises(Rejected, match="style-unknown"):
                await asked
    assert len(await own.listed(BOB)) == 2


async def test_a_card_goes_into_the_tray_whole_and_away_with_its_files(kit: SpineKit, own: OwnStyles) -> None:
    card = await kit.application.styles.save(ANN, "Both", (INK, WASH))
    assert (await own.put_into_tray(ANN, card.id)).styles == card.pictures
    await own.delete(ANN, card.id)
    assert (await kit.application.tray.show(ANN)).styles == card.pictures
    await kit.application.tray.clear(ANN)
    assert isinstance(kit.images, MemoryImageStore)
    assert len(kit.images) == 0
