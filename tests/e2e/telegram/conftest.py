"""Fixtures of the Telegram journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.e2e.telegram.raw_client import RawClient
from tests.e2e.telegram.world import World, make_world
from tests.servers.telegram.people import Person, private_person


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A fresh Bot API server; the test starts the bot on it."""
    async with make_world() as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    """A server without a bot, and somebody who calls it by hand."""
    raw = RawClient()
    async with raw.server:
        yield raw


@pytest.fixture
def ada(client: RawClient) -> Person:
    """Ada, on that server."""
    return private_person(client.server, "Ada")
