"""Style cards, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.jobs import JobState
from bot.domain.styles import StyleCard, new_style_id, server_shelf, user_shelf
from bot.ports.library import NameTaken
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

SERVER_SHELF = server_shelf(Server(Platform.DISCORD, "613425648685547541"))


@pytest.fixture
def make_card(owner: UserId, now: datetime) -> Any:
    """Make cards on the owner's shelf."""

    def make(name: str = "Ink", **changes: Any) -> StyleCard:
        plain = {"id": new_style_id(), "shelf": user_shelf(owner), "owner": owner, "pictures": ("a" * 64,)}
        return StyleCard(**{**plain, "name": name, "created_at": now, **changes})

    return make


@pytest.fixture
def add_cards(unit_of_work: UnitOfWorkFactory) -> Any:
    """Store cards."""

    async def add(*cards: StyleCard) -> None:
        async with unit_of_work() as unit:
            for card in cards:
                await unit.styles.add(card)
            await unit.commit()

    return add


async def test_a_card_comes_back_as_it_was_stored(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, now: datetime
) -> None:
    berlin = now.astimezone(timezone(timedelta(hours=2)))
    one, two = make_card("Ink"), make_card("Öl & Kohle 🎨", pictures=("c" * 64, "b" * 64), created_at=berlin)
    await add_cards(one, two)

    async with unit_of_work() as unit:
        for card in (one, two):
            kept = await unit.styles.get(card.id)
            assert kept == card
            assert kept is not None
            assert kept.created_at.utcoffset() == timedelta(0)
        assert await unit.styles.get("nosuch") is None


async def test_a_card_is_found_by_its_name_in_any_case_and_spacing(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId
) -> None:
    card = make_card("Große  Wolken")
    await add_cards(card)

    async with unit_of_work() as unit:
        for name in ("Große  Wolken", "große wolken", "  GROSSE\tWOLKEN "):
            assert await unit.styles.find(user_shelf(owner), name) == card
        assert await unit.styles.find(user_shelf(owner), "Wolken") is None
        assert await unit.styles.find(SERVER_SHELF, card.name) is None


async def test_a_name_is_on_a_shelf_once_and_the_transaction_goes_on(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId, stranger: UserId
) -> None:
    first = make_card("Soft Ink")
    await add_cards(first)
    again, shared, other = make_card("soft  INK"), make_card("Soft Ink", shelf=SERVER_SHELF), make_card("Chalk")

    async with unit_of_work() as unit:
        await unit.styles.add(other)
        with pytest.raises(NameTaken):
            await unit.styles.add(again)
        with pytest.raises(NameTaken):
            await unit.styles.add(first)
        await unit.styles.add(shared)
        await unit.styles.add(make_card("Soft Ink", owner=stranger, shelf=user_shelf(stranger)))
        await unit.commit()

    async with unit_of_work() as unit:
        assert await unit.styles.get(again.id) is None
        assert await unit.styles.find(user_shelf(owner), "soft ink") == first
        assert await unit.styles.find(SERVER_SHELF, "soft ink") == shared
        assert await unit.styles.get(other.id) == other


async def test_of_many_cards_of_one_name_at_once_exactly_one_stays(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId
) -> None:
    cards = [make_card() for _ in range(10)]

    outcomes = await asyncio.gather(*(add_cards(card) for card in cards), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [NameTaken] * 9
    async with unit_of_work() as unit:
        assert await unit.styles.count(user_shelf(owner)) == 1


async def test_cards_that_contradict_other_rows_are_refused(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId
) -> None:
    card = make_card()
    await add_cards(card)

    async with unit_of_work() as unit:
        for wrong in (make_card("Chalk", id=card.id), make_card("Chalk", owner="nobody")):
            with pytest.raises(ConstraintViolated):
                await unit.styles.add(wrong)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.styles.on_shelves([user_shelf(owner)], limit=9) == (card,)


async def test_cards_come_by_name_and_those_that_begin_with_the_words_first(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId, stranger: UserId
) -> None:
    cards = {
        name: make_card(name, shelf=shelf)
        for name, shelf in (
            ("Old ink", user_shelf(owner)),
            ("ink 10", SERVER_SHELF),
            ("Ink", user_shelf(owner)),
            ("_ink%", user_shelf(owner)),
            ("Ölfarbe", SERVER_SHELF),
            ("zebra", user_shelf(owner)),
        )
    }
    await add_cards(*cards.values(), make_card("Ink", owner=stranger, shelf=user_shelf(stranger)))
    shelves = [user_shelf(owner), SERVER_SHELF]

    async def names(words: str = "", limit: int = 9) -> list[str]:
        async with unit_of_work() as unit:
            found = await unit.styles.on_shelves(shelves, words=words, limit=limit)
        assert list(found) == [cards[card.name] for card in found]
        return [card.name for card in found]

    assert await names() == ["_ink%", "Ink", "ink 10", "Old ink", "zebra", "Ölfarbe"]
    assert await names(limit=2) == ["_ink%", "Ink"]
    assert await names(" INK ") == ["Ink", "ink 10", "_ink%", "Old ink"]
    assert await names("INK", limit=1) == ["Ink"]
    assert await names("k%") == ["_ink%"]
    assert await names("öl") == ["Ölfarbe"]
    assert await names("nothing") == []
    async with unit_of_work() as unit:
        assert await unit.styles.on_shelves([], limit=9) == ()


async def test_a_deleted_card_is_gone_and_its_name_is_free(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId
) -> None:
    card, other = make_card("Ink", pictures=("a" * 64, "b" * 64)), make_card("Chalk")
    await add_cards(card, other)

    async with unit_of_work() as unit:
        assert await unit.styles.count(user_shelf(owner)) == 2
        assert await unit.styles.delete(card.id)
        assert not await unit.styles.delete(card.id)
        await unit.commit()
    again = make_card("ink", id=card.id)
    await add_cards(again)

    async with unit_of_work() as unit:
        assert await unit.styles.on_shelves([user_shelf(owner)], limit=9) == (other, again)
        assert await unit.styles.count(user_shelf(owner)) == 2
        assert await unit.styles.count(SERVER_SHELF) == 0


async def test_a_persons_cards_are_found_on_every_shelf(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        somebody = await unit.users.resolve(Actor(Platform.TELEGRAM, "7"), now=now)
        await unit.commit()
    later = make_card("Ink", created_at=now + timedelta(seconds=1))
    shared = make_card("Chalk", shelf=SERVER_SHELF, pictures=("b" * 64, "a" * 64))
    await add_cards(later, shared, make_card("Oil", shelf=SERVER_SHELF, owner=somebody))

    async with unit_of_work() as unit:
        assert await unit.styles.owned_by(owner) == (shared, later)
        assert await unit.styles.owned_by("nobody") == ()


async def test_a_card_is_renamed_unless_the_name_is_anothers(
    unit_of_work: UnitOfWorkFactory, make_card: Any, add_cards: Any, owner: UserId
) -> None:
    ink, chalk = make_card("Ink"), make_card("Chalk")
    namesake = make_card("Oil", shelf=SERVER_SHELF)
    await add_cards(ink, chalk, namesake)

    async with unit_of_work() as unit:
        with pytest.raises(NameTaken):
            await unit.styles.rename(ink.id, " chalk")
        assert await unit.styles.rename(ink.id, "Oil")
        assert await unit.styles.rename(chalk.id, "CHALK")
        assert not await unit.styles.rename("nosuch", "Wash")
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.styles.find(user_shelf(owner), "oil") == replace(ink, name="Oil")
        assert await unit.styles.find(user_shelf(owner), "chalk") == replace(chalk, name="CHALK")
        assert await unit.styles.find(user_shelf(owner), "ink") is None


async def test_uses_are_ones_own_jobs_that_had_all_of_a_card(
    unit_of_work: UnitOfWorkFactory,
    make_card: Any,
    add_cards: Any,
    make_job: Any,
    add_job: Any,
    owner: UserId,
    stranger: UserId,
    now: datetime,
) -> None:
    ink, wash, chalk = "1" * 64, "2" * 64, "3" * 64
    one, pair = make_card("One", pictures=(ink,)), make_card("Pair", pictures=(wash, ink))
    shared = make_card("Shared", shelf=SERVER_SHELF, pictures=(ink,))
    theirs = make_card("Theirs", owner=stranger, shelf=user_shelf(stranger), pictures=(wash,))
    await add_cards(one, pair, shared, theirs, make_card("Never", pictures=(chalk,)))
    await add_job(make_job(styles=(ink, wash)))
    await add_job(make_job(styles=(ink,)))
    await add_job(make_job(styles=(wash,)))
    await add_job(make_job(subject=chalk, styles=(ink,), state=JobState.DONE, hidden_at=now))
    await add_job(make_job(styles=(ink, wash), owner=stranger))

    async with unit_of_work() as unit:
        assert await unit.styles.uses(owner) == {one.id: 2, pair.id: 1, shared.id: 2}
        assert await unit.styles.uses(stranger) == {theirs.id: 1}
        assert await unit.styles.uses("nobody") == {}
