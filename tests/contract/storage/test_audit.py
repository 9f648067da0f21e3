"""The audit log on every storage: it keeps order, goes with its transaction, and forgets the names of erased people."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.audit import AuditAction, AuditEntry
from bot.ports.storage import UnitOfWorkFactory

ADA = "discord:80351110224678912"
BOB = "telegram:42"


async def write(unit_of_work: UnitOfWorkFactory, *entries: AuditEntry) -> None:
    async with unit_of_work() as unit:
        for entry in entries:
            await unit.audit.add(entry)
        await unit.commit()


async def recent(unit_of_work: UnitOfWorkFactory, limit: int = 50) -> list[AuditEntry]:
    async with unit_of_work() as unit:
        return list(await unit.audit.recent(limit=limit))


async def test_entries_come_back_as_they_were_written_newest_first(
    unit_of_work: UnitOfWorkFactory, now: datetime
) -> None:
    block = AuditEntry(now, ADA, AuditAction.BLOCK, BOB, "spam, über 100 %")
    pause = AuditEntry(now, ADA, AuditAction.PAUSE)
    await write(unit_of_work, block, pause)
    await write(unit_of_work, AuditEntry(now, BOB, AuditAction.DELETE, "abcdefgh2345"))
    assert (await recent(unit_of_work))[1:] == [pause, block]
    assert [entry.action for entry in await recent(unit_of_work, limit=1)] == [AuditAction.DELETE]
    assert await recent(unit_of_work, limit=0) == []


async def test_times_come_back_in_utc_and_texts_storable(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=5)))
    await write(unit_of_work, AuditEntry(elsewhere, ADA, AuditAction.BLOCK, BOB, "a\0b\ud800"))
    [entry] = await recent(unit_of_work)
    assert entry == AuditEntry(now, ADA, AuditAction.BLOCK, BOB, "a\ufffdb\ufffd")
    assert entry.at.utcoffset() == timedelta(0)


async def test_what_was_not_committed_is_not_written(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.audit.add(AuditEntry(now, ADA, AuditAction.PAUSE))
    assert await recent(unit_of_work) == []


async def test_erasing_a_person_puts_one_drawn_name_in_place_of_all_their_ids(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, stranger: UserId, now: datetime
) -> None:
    telegram = Actor(Platform.TELEGRAM, "42")
    async with unit_of_work() as unit:
        other = await unit.users.resolve(telegram, now=now)
        await unit.users.merge(other, owner, now=now)
        await unit.commit()
    longer = actor.key + "7"  # somebody else, whose id begins like theirs
    await write(
        unit_of_work,
        AuditEntry(now, actor.key, AuditAction.BLOCK, longer, "spam"),
        AuditEntry(now, longer, AuditAction.BLOCK, actor.key, "calls herself Nelly"),
        AuditEntry(now, telegram.key, AuditAction.DELETE, "abcdefgh2345"),
    )
    async with unit_of_work() as unit:
        await unit.erasure.erase(owner)
        await unit.commit()
    deleted, blocked, blocking = await recent(unit_of_work)
    name = deleted.by
    assert name.startswith("erased-")
    assert len(name) == len("erased-") + 8
    assert deleted == AuditEntry(now, name, AuditAction.DELETE, "abcdefgh2345")
    assert blocked == AuditEntry(now, longer, AuditAction.BLOCK, name, "")
    assert blocking == AuditEntry(now, name, AuditAction.BLOCK, longer, "spam")

    async with unit_of_work() as unit:
        await unit.audit.add(AuditEntry(now, "web:stranger", AuditAction.PAUSE))
        await unit.erasure.erase(stranger)
        await unit.commit()
    assert (await recent(unit_of_work))[0].by not in {name, "web:stranger"}
