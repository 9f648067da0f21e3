"""The gateway of the test server: sessions that live on, sessions that end, and clients that break its rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from tests.servers.discord.server import BOT_TOKEN
from tests.unit.discord.conftest import Client


def identify(token: str = BOT_TOKEN, intents: int = 1) -> dict[str, Any]:
    return {"op": 2, "d": {"token": token, "intents": intents, "properties": {}}}


def resume(session_id: str, seq: int) -> dict[str, Any]:
    return {"op": 6, "d": {"token": BOT_TOKEN, "session_id": session_id, "seq": seq}}


@asynccontextmanager
async def connected(client: Client, first: dict[str, Any]) -> AsyncIterator[ClientWebSocketResponse]:
    """A socket that was greeted and has said the first thing."""
    async with client.session.ws_connect(client.server.gateway_url) as socket:
        hello = await socket.receive_json()
        assert (hello["op"], hello["d"]["heartbeat_interval"]) == (10, client.server.gateway.heartbeat_ms)
        await socket.send_json(first)
        yield socket


async def closing_code(socket: ClientWebSocketResponse) -> int | None:
    while (await socket.receive()).type is WSMsgType.TEXT:
        pass
    return socket.close_code


async def ready(socket: ClientWebSocketResponse) -> str:
    """The session's id, once the server has told of itself."""
    told, guild = await socket.receive_json(), await socket.receive_json()
    assert (told["t"], told["s"], guild["t"], guild["s"]) == ("READY", 1, "GUILD_CREATE", 2)
    return str(told["d"]["session_id"])


async def test_what_was_missed_comes_in_order_when_a_session_is_resumed(client: Client) -> None:
    gateway = client.server.gateway
    async with connected(client, identify()) as socket:
        session_id = await ready(socket)
        await gateway.dispatch("ONE", {})
        assert (await socket.receive_json())["t"] == "ONE"
    await client.server.world.until(lambda: gateway.sessions[session_id].socket is None)
    await gateway.dispatch("TWO", {})
    await gateway.dispatch("THREE", {})
    async with connected(client, resume(session_id, 2)) as socket:
        frames = [await socket.receive_json() for _ in range(4)]
        assert [(one["t"], one["s"]) for one in frames] == [("ONE", 3), ("TWO", 4), ("THREE", 5), ("RESUMED", 6)]
        await gateway.dispatch("FOUR", {})
        assert (await socket.receive_json())["s"] == 7
    assert (gateway.identified, gateway.resumed) == (1, 1)


async def test_heartbeats_are_answered_and_silence_ends_the_connection(client: Client) -> None:
    client.server.gateway.heartbeat_ms = 200
    async with connected(client, {"op": 1, "d": None}) as socket:
        assert (await socket.receive_json())["op"] == 11
        assert await closing_code(socket) == 4009


async def test_a_session_that_was_ended_can_not_be_resumed(client: Client) -> None:
    gateway = client.server.gateway
    async with connected(client, identify()) as socket:
        session_id = await ready(socket)
        await gateway.invalidate(is_resumable=True)
        assert await socket.receive_json() == {"op": 9, "d": True, "s": None, "t": None}
        await gateway.ask_to_reconnect()
        assert (await socket.receive_json())["op"] == 7
        await gateway.invalidate(is_resumable=False)
        assert (await socket.receive_json())["d"] is False
    async with connected(client, resume(session_id, 2)) as socket:
        assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
        await socket.send_json(identify())
        assert await ready(socket) != session_id


async def test_clients_that_break_the_rules_are_cut_off_with_discords_codes(client: Client) -> None:
    for first, code in (
        (identify(token="wrong"), 4004),
        (identify(intents=1 << 15), 4014),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 99, "d": {}}, 4001),
    ):
        async with connected(client, first) as socket:
            assert await closing_code(socket) == code, first
    async with connected(client, identify()) as socket:
        session_id = await ready(socket)
        await socket.send_json(identify())
        assert await closing_code(socket) == 4005
    async with connected(client, resume(session_id, 99)) as socket:
        assert await closing_code(socket) == 4007
    async with connected(client, identify()) as socket:
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        assert await closing_code(socket) == 4008
    assert len(client.server.world.violations) == 6
