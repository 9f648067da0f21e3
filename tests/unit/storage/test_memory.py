"""What only the in-memory twin does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.actors import Actor, Platform
from storage.memory import MemoryStorage

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ACTOR = Actor(Platform.WEB, "local")


async def test_a_unit_of_work_inside_another_is_a_fault_instead_of_a_standstill() -> None:
    storage = MemoryStorage()
    async with storage.unit_of_work() as outer:
        user_id = await outer.users.resolve(ACTOR, now=NOW)
        async with storage.unit_of_work() as inner:
            with pytest.raises(RuntimeError, match="inside another"):
                await inner.users.find(ACTOR)
        await outer.commit()

    async with storage.unit_of_work() as unit:
        assert await unit.users.find(ACTOR) == user_id


async def test_two_storages_share_nothing() -> None:
    one, other = MemoryStorage(), MemoryStorage()
    async with one.unit_of_work() as unit:
        await unit.users.resolve(ACTOR, now=NOW)
        await unit.commit()

    async with other.unit_of_work() as unit:
        assert await unit.users.find(ACTOR) is None
