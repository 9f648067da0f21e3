"""Making one person of two, on every storage: nothing that they made, chose or were told is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.credits import user_account
from bot.domain.jobs import FailureKind, JobState
from bot.domain.people import LinkCode, ServerSettings, User, UserSettings
from bot.domain.styles import STYLE_NAME_CHARS, Shelf, StyleCard, Tray, new_style_id, server_shelf, user_shelf
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

HERE, THERE = Server(Platform.DISCORD, "12"), Server(Platform.TELEGRAM, "-100")
OTHER = Actor(Platform.TELEGRAM, "7", name="nelly_t")


@pytest.fixture
async def source(unit_of_work: UnitOfWorkFactory, now: datetime) -> UserId:
    async with unit_of_work() as unit:
        user_id = await unit.users.resolve(OTHER, now=now + timedelta(hours=1))
        await unit.commit()
    return user_id


@pytest.fixture
def target(owner: UserId) -> UserId:
    return owner


@pytest.fixture
async def bystander(unit_of_work: UnitOfWorkFactory, now: datetime) -> UserId:
    async with unit_of_work() as unit:
        user_id = await unit.users.resolve(Actor(Platform.WEB, "7"), now=now)
        await unit.commit()
    return user_id


async def merge(unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.users.merge(source, target, now=now)
        await unit.commit()


def card(shelf: Shelf, name: str, owner: UserId, at: datetime) -> StyleCard:
    return StyleCard(new_style_id(), shelf, name, owner, ("b" * 64, "c" * 64), at)


async def test_identities_and_jobs_pass_on_and_the_source_is_gone(
    unit_of_work: UnitOfWorkFactory,
    actor: Actor,
    make_job: Any,
    make_picture: Any,
    source: UserId,
    target: UserId,
    bystander: UserId,
    now: datetime,
) -> None:
    ours = make_job(owner=source)
    ended = make_job(
        owner=source, state=JobState.FAILED, failure=FailureKind.INTERNAL, pictures=(make_picture(),), hidden_at=now
    )
    theirs, strangers = make_job(owner=target), make_job(owner=bystander)
    async with unit_of_work() as unit:
        for job in (ours, ended, theirs, strangers):
            await unit.jobs.add(job)
        found = [await unit.jobs.get(job.id) for job in (ours, ended, theirs, strangers)]
        before = {job.id: job for job in found if job is not None}
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        for job in (ours, ended, theirs):
            assert await unit.jobs.get(job.id) == replace(before[job.id], owner=target)
        assert await unit.jobs.get(strangers.id) == before[strangers.id]
        assert (await unit.users.find(actor), await unit.users.find(OTHER)) == (target, target)
        known = [(one.external_id, one.user_id, one.name) for one in await unit.users.identities(target)]
        assert known == [(actor.external_id, target, "Nelly"), ("7", target, "nelly_t")]
        assert await unit.users.get(source) is None
        assert await unit.users.identities(source) == ()
        assert await unit.users.get(target) == User(target, created_at=now)
        assert await unit.users.get(bystander) == User(bystander, created_at=now)
        assert await unit.users.resolve(OTHER, now=now) == target


async def test_a_picture_both_marked_is_marked_once(
    unit_of_work: UnitOfWorkFactory,
    make_job: Any,
    add_job: Any,
    make_picture: Any,
    source: UserId,
    target: UserId,
    bystander: UserId,
    now: datetime,
) -> None:
    pictures = tuple(make_picture(index=index) for index in range(3))
    mine = await add_job(make_job(owner=source, pictures=pictures))
    theirs = await add_job(make_job(owner=bystander, pictures=pictures))
    marks = [
        (source, mine.id, 0),
        (source, theirs.id, 0),
        (source, theirs.id, 1),
        (target, theirs.id, 1),
        (target, theirs.id, 2),
        (bystander, theirs.id, 1),
    ]
    async with unit_of_work() as unit:
        for user_id, job_id, index in marks:
            await unit.history.set_favourite(user_id, job_id, index, is_on=True, now=now)
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async def marked(user_id: UserId) -> list[tuple[str, int]]:
        async with unit_of_work() as unit:
            return [
                (job.id, index)
                for job in (mine, theirs)
                for index in range(3)
                if await unit.history.is_favourite(user_id, job.id, index)
            ]

    assert await marked(target) == [(mine.id, 0), (theirs.id, 0), (theirs.id, 1), (theirs.id, 2)]
    assert await marked(bystander) == [(theirs.id, 1)]
    assert await marked(source) == []


async def test_style_cards_of_one_name_are_numbered(
    unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, bystander: UserId, now: datetime
) -> None:
    old, new, server = user_shelf(source), user_shelf(target), server_shelf(HERE)
    long = "l" * STYLE_NAME_CHARS
    renamed = {
        "ink": "ink",
        "STRASSE  of gold": "STRASSE  of gold 3",
        "straße of gold 2": "straße of gold 2 2",
        "水彩 😀": "水彩 😀 2",
        "free 2": "free 2",
        "free": "free 3",
        long: long[:-2] + " 2",
    }
    minutes = iter(range(100))
    moving = {name: card(old, name, source, now + timedelta(minutes=next(minutes))) for name in renamed}
    staying = [
        card(new, name, target, now) for name in ("Straße of gold", "Strasse of gold 2", "水彩 😀", "Free", long)
    ]
    others = [
        card(server, "ink", source, now),
        card(server, "Free", target, now),
        card(server, "other", bystander, now),
        card(user_shelf(bystander), "ink", bystander, now),
    ]
    async with unit_of_work() as unit:
        for one in (*moving.values(), *staying, *others):
            await unit.styles.add(one)
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        for name, one in moving.items():
            expected = replace(one, shelf=new, owner=target, name=renamed[name])
            assert await unit.styles.get(one.id) == expected
            assert await unit.styles.find(new, renamed[name].upper()) == expected
        for one in (*staying, *others):
            expected = replace(one, owner=target if one.owner == source else one.owner)
            assert await unit.styles.get(one.id) == expected
            assert await unit.styles.find(one.shelf, one.name) == expected
        assert (await unit.styles.count(old), await unit.styles.count(new)) == (0, len(moving) + len(staying))


SOURCE_TRAY, TARGET_TRAY = Tray("a" * 64, ("b" * 64, "c" * 64)), Tray(None, ("d" * 64,))


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [
        (SOURCE_TRAY, TARGET_TRAY, TARGET_TRAY),
        (SOURCE_TRAY, Tray(), SOURCE_TRAY),
        (Tray(), TARGET_TRAY, TARGET_TRAY),
        (Tray(), Tray(), Tray()),
    ],
)
async def test_the_target_keeps_a_tray_that_holds_something(
    unit_of_work: UnitOfWorkFactory,
    source: UserId,
    target: UserId,
    now: datetime,
    sources: Tray,
    targets: Tray,
    expected: Tray,
) -> None:
    async with unit_of_work() as unit:
        await unit.trays.put(source, sources, now=now)
        await unit.trays.put(target, targets, now=now)
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        assert await unit.trays.get(target) == expected
        assert await unit.trays.get(source) == Tray()


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [
        (UserSettings(locale="de"), UserSettings(private=True), UserSettings(private=True)),
        (UserSettings(locale="de"), UserSettings(), UserSettings()),
        (UserSettings(locale="de"), None, UserSettings(locale="de")),
        (None, UserSettings(private=True), UserSettings(private=True)),
    ],
)
async def test_the_target_keeps_settings_once_chosen(
    unit_of_work: UnitOfWorkFactory,
    source: UserId,
    target: UserId,
    now: datetime,
    sources: UserSettings | None,
    targets: UserSettings | None,
    expected: UserSettings,
) -> None:
    async with unit_of_work() as unit:
        for user_id, chosen in ((source, sources), (target, targets)):
            if chosen is not None:
                await unit.settings.set_user(user_id, chosen)
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        assert await unit.settings.of_user(target) == expected
        assert await unit.settings.of_user(source) == UserSettings()


async def test_codes_of_the_source_work_no_more(
    unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        await unit.links.put(LinkCode("a" * 64, source, now + timedelta(minutes=10)))
        await unit.links.put(LinkCode("b" * 64, target, now + timedelta(minutes=10)))
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        assert await unit.links.take("a" * 64, now=now) is None
        assert await unit.links.take("b" * 64, now=now) == target


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [
        (("unlimited", None), (None, None), ("unlimited", None)),
        (("unlimited", DAY), (None, None), ("unlimited", DAY)),
        (("unlimited", None), ("supporter", DAY), ("supporter", DAY)),
        (("unlimited", DAY), ("supporter", -DAY), ("unlimited", DAY)),
        (("unlimited", -DAY), ("supporter", -2 * DAY), ("supporter", -2 * DAY)),
        (("unlimited", -DAY), (None, None), (None, None)),
        ((None, None), ("supporter", None), ("supporter", None)),
    ],
)
async def test_a_tier_passes_on_to_who_has_none(
    unit_of_work: UnitOfWorkFactory,
    source: UserId,
    target: UserId,
    now: datetime,
    sources: tuple[str | None, timedelta | None],
    targets: tuple[str | None, timedelta | None],
    expected: tuple[str | None, timedelta | None],
) -> None:
    def until(lasts: timedelta | None) -> datetime | None:
        return None if lasts is None else now + lasts

    async with unit_of_work() as unit:
        for user_id, (tier, lasts) in ((source, sources), (target, targets)):
            await unit.users.grant_tier(user_id, tier, until=until(lasts))
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        tier, lasts = expected
        assert await unit.users.get(target) == User(target, now, tier=tier, tier_until=until(lasts))


@pytest.mark.parametrize("is_target_blocked", [True, False])
async def test_joining_is_no_way_around_a_block(
    unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, now: datetime, is_target_blocked: bool
) -> None:
    async with unit_of_work() as unit:
        await unit.users.block(source, reason="theirs", now=now + timedelta(days=1))
        if is_target_blocked:
            await unit.users.block(target, reason="mine", now=now)
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        user = await unit.users.get(target)
        assert user is not None
        expected = (now, "mine") if is_target_blocked else (now + timedelta(days=1), "theirs")
        assert (user.blocked_at, user.block_reason) == expected


async def test_servers_shut_the_target_out_instead_of_the_source(
    unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, bystander: UserId, now: datetime
) -> None:
    elsewhere = Server(Platform.DISCORD, "13")
    async with unit_of_work() as unit:
        await unit.settings.set_server(HERE, ServerSettings(pool=9, blocked=(bystander, source)))
        await unit.settings.set_server(THERE, ServerSettings(blocked=(source, bystander, target)))
        await unit.settings.set_server(elsewhere, ServerSettings(blocked=(bystander,)))
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        assert await unit.settings.of_server(HERE) == ServerSettings(pool=9, blocked=(bystander, target))
        assert await unit.settings.of_server(THERE) == ServerSettings(blocked=(bystander, target))
        assert await unit.settings.of_server(elsewhere) == ServerSettings(blocked=(bystander,))


async def test_nobody_is_merged_with_nobody_or_themselves(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, source: UserId, target: UserId, now: datetime
) -> None:
    job = await add_job(make_job(owner=source))
    nobody = "0" * 32
    async with unit_of_work() as unit:
        for one, other in ((source, nobody), (nobody, target)):
            with pytest.raises(ConstraintViolated):
                await unit.users.merge(one, other, now=now)
        with pytest.raises(ValueError, match="itself"):
            await unit.users.merge(source, source, now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.jobs.get(job.id) == job
        assert await unit.users.find(OTHER) == source
        for user_id in (source, target, nobody):
            assert await unit.accounts.find(user_account(user_id)) is None


async def test_a_merge_that_is_not_committed_did_not_happen(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, source: UserId, target: UserId, now: datetime
) -> None:
    job = await add_job(make_job(owner=source))
    async with unit_of_work() as unit:
        await unit.users.merge(source, target, now=now)
    async with unit_of_work() as unit:
        assert await unit.jobs.get(job.id) == job
        assert await unit.users.find(OTHER) == source
