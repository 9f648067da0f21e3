"""Fixtures of the Telegram journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.e2e.telegram.world import World, make_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A fresh Bot API server; the test starts the bot on it."""
    async with make_world() as made:
        yield made
