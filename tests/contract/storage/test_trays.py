"""Trays, on every storage."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.domain.actors import UserId
from bot.domain.styles import Tray
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

A, B, C = "a" * 64, "b" * 64, "c" * 64


async def put(unit_of_work: UnitOfWorkFactory, user_id: UserId, tray: Tray, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.trays.put(user_id, tray, now=now)
        await unit.commit()


async def get(unit_of_work: UnitOfWorkFactory, user_id: UserId) -> Tray:
    async with unit_of_work() as unit:
        return await unit.trays.get(user_id)


async def test_a_tray_begins_empty_and_holds_what_was_put_last(
    unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, now: datetime
) -> None:
    assert await get(unit_of_work, owner) == await get(unit_of_work, "nobody") == Tray()

    for tray in (Tray(A), Tray(A, (B, C)), Tray(None, (C, B)), Tray(B, (B, B)), Tray(C), Tray(), Tray(None, (A,))):
        await put(unit_of_work, owner, tray, now)
        assert await get(unit_of_work, owner) == tray
    assert await get(unit_of_work, stranger) == Tray()


async def test_a_strangers_tray_is_refused(unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime) -> None:
    async with unit_of_work() as unit:
        for tray in (Tray(A), Tray()):
            with pytest.raises(ConstraintViolated):
                await unit.trays.put("nobody", tray, now=now)
        await unit.trays.put(owner, Tray(A), now=now)
        await unit.commit()
    assert await get(unit_of_work, owner) == Tray(A)


async def test_of_many_trays_at_once_one_stays_whole(
    unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime
) -> None:
    trays = [Tray(f"{number:064}", (f"{number:064}",) * 2) for number in range(10)]

    await asyncio.gather(*(put(unit_of_work, owner, tray, now) for tray in trays))

    assert await get(unit_of_work, owner) in trays


async def test_what_was_not_committed_never_lay_there(
    unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime
) -> None:
    await put(unit_of_work, owner, Tray(A, (B,)), now)
    async with unit_of_work() as unit:
        await unit.trays.put(owner, Tray(), now=now)
        assert await unit.trays.get(owner) == Tray()

    assert await get(unit_of_work, owner) == Tray(A, (B,))
