"""The gateway, version 10: hello, identify or resume, ready, servers, heartbeats, events, and all its ways to end."""

from __future__ import annotations

import asyncio
import itertools
import json
import zlib
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.servers.discord.announcing import Announcing
from tests.servers.discord.channels import Channel
from tests.servers.discord.world import World

_HEARTBEAT_MS: Final = 41_250
_MISSED_HEARTBEATS: Final = 1.5
_PRIVILEGED_INTENTS: Final = (1 << 1) | (1 << 8) | (1 << 15)
_MOST_FRAMES, _FRAMES_WINDOW_S = 120, 60.0

UNKNOWN_OPCODE, NOT_AUTHENTICATED, AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED = 4001, 4003, 4004, 4005
INVALID_SEQ, RATE_LIMITED, SESSION_TIMED_OUT, DISALLOWED_INTENTS = 4007, 4008, 4009, 4014


@dataclass
class Connection:
    """One socket, and the session that it carries; compressed as one stream if the client asked for that."""

    socket: web.WebSocketResponse
    is_compressed: bool
    session: Session | None = None
    heard_at_s: float = 0.0
    frames: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stream = zlib.compressobj()

    async def send(self, op: int, data: Any) -> None:
        """Send what is no event."""
        await self.send_frame({"op": op, "d": data, "s": None, "t": None})

    async def send_frame(self, frame: dict[str, Any]) -> None:
        """Send a whole frame; nothing happens once the socket is closing."""
        if self.socket.closed:
            return
        if self.is_compressed:
            packed = self._stream.compress(json.dumps(frame).encode())
            await self.socket.send_bytes(packed + self._stream.flush(zlib.Z_SYNC_FLUSH))
        else:
            await self.socket.send_json(frame)


@dataclass
class Session:
    """A client's session; it outlives its connections."""

    id: str
    connection: Connection | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def socket(self) -> web.WebSocketResponse | None:
        """What carries it now."""
        return None if self.connection is None else self.connection.socket


class Gateway:
    """Takes websockets and hands events to every identified client.

    `heartbeat_ms` is what the next sockets are told; who is silent for half as long again is cut off.
    """

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self._numbers = itertools.count(1)
        self._connections: list[Connection] = []
        self._announcing = Announcing(world)
        self.url = ""
        self.heartbeat_ms = _HEARTBEAT_MS
        self.sessions: dict[str, Session] = {}
        self.heartbeats = 0
        self.identified = 0
        self.resumed = 0

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it closes."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        is_compressed = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, is_compressed, heard_at_s=_now())
        self._connections.append(connection)
        watch = asyncio.create_task(self._watch(connection, self.heartbeat_ms / 1000 * _MISSED_HEARTBEATS))
        try:
            await connection.send(10, {"heartbeat_interval": self.heartbeat_ms})
            async for frame in socket:
                if frame.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    await self._take(connection, json.loads(frame.data))
                    self._world.touch()
        finally:
            watch.cancel()
            self._connections.remove(connection)
            session = connection.session
            if session is not None and session.connection is connection:
                session.connection = None
            self._world.touch()
        return socket

    async def announce(self, channel: Channel) -> None:
        """Tell of the server's roles and of a channel of it, if they are new or changed since they were told of."""
        for event, data in self._announcing.news(channel):
            await self.dispatch(event, data)

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event to every session; those without a socket get it when they resume."""
        for session in list(self.sessions.values()):
            await self._send(session, event, data)

    async def close(self) -> None:
        """Close all sockets, as Discord does when it restarts."""
        for connection in list(self._connections):
            await connection.socket.close(code=1001)

    async def ask_to_reconnect(self) -> None:
        """RECONNECT: the client is to come back and resume."""
        for connection in list(self._connections):
            await connection.send(7, None)

    async def invalidate(self, *, is_resumable: bool) -> None:
        """INVALID_SESSION: the client is to resume, or to identify anew and do without what it missed."""
        if not is_resumable:
            self.sessions.clear()
        for connection in list(self._connections):
            await connection.send(9, is_resumable)

    async def _watch(self, connection: Connection, silence_s: float) -> None:
        while (left_s := connection.heard_at_s + silence_s - _now()) > 0:
            await asyncio.sleep(left_s)
        await connection.socket.close(code=SESSION_TIMED_OUT)

    async def _take(self, connection: Connection, frame: dict[str, Any]) -> None:
        if self._is_flooding(connection):
            await self._refuse(connection, RATE_LIMITED, "more than 120 frames a minute")
            return
        match frame["op"]:
            case 1:
                self.heartbeats += 1
                connection.heard_at_s = _now()
                await connection.send(11, None)
            case 2 | 6 if connection.session is not None:
                await self._refuse(connection, ALREADY_AUTHENTICATED, "identified twice")
            case 2:
                await self._identify(connection, frame["d"])
            case 6:
                await self._resume(connection, frame["d"])
            case 3 | 4 | 8 if connection.session is None:
                await self._refuse(connection, NOT_AUTHENTICATED, f"op {frame['op']} before IDENTIFY")
            case 3 | 4 | 8:
                pass
            case unknown:
                await self._refuse(connection, UNKNOWN_OPCODE, f"op {unknown}")

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        missing = {"token", "properties", "intents"} - data.keys()
        if missing:
            self._world.violations.append(f"IDENTIFY without {sorted(missing)}")
        if data.get("token") != self._token:
            await connection.socket.close(code=AUTHENTICATION_FAILED)
            return
        if data.get("intents", 0) & _PRIVILEGED_INTENTS:
            await self._refuse(connection, DISALLOWED_INTENTS, "an intent that was not granted")
            return
        self.identified += 1
        session = connection.session = Session(f"session-{next(self._numbers)}", connection)
        self.sessions[session.id] = session
        world = self._world
        await self._send(
            session,
            "READY",
            {
                "v": 10,
                "user": {**world.bot.payload(), "mfa_enabled": False, "verified": True},
                "guilds": [{"id": str(world.guild_id), "unavailable": True}],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "application": {"id": str(world.application_id), "flags": 0},
            },
        )
        await self._send(session, "GUILD_CREATE", self._announcing.guild())

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            await connection.send(9, False)
            return
        seen = data["seq"] or 0
        if seen > len(session.events):
            await self._refuse(connection, INVALID_SEQ, f"resumed at {seen} of {len(session.events)}")
            return
        self.resumed += 1
        # Events that come meanwhile are appended, and sent in their turn by this very loop.
        while seen < len(session.events):
            await connection.send_frame(session.events[seen])
            seen += 1
        connection.session, session.connection = session, connection
        await self._send(session, "RESUMED", {})

    async def _send(self, session: Session, event: str, data: dict[str, Any]) -> None:
        frame = {"op": 0, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(frame)
        if session.connection is not None:
            await session.connection.send_frame(frame)

    async def _refuse(self, connection: Connection, code: int, why: str) -> None:
        self._world.violations.append(f"gateway: {why}")
        await connection.socket.close(code=code)

    def _is_flooding(self, connection: Connection) -> bool:
        now = _now()
        connection.frames = [one for one in connection.frames if one > now - _FRAMES_WINDOW_S] + [now]
        return self.heartbeat_ms >= _HEARTBEAT_MS and len(connection.frames) > _MOST_FRAMES


def _now() -> float:
    return asyncio.get_running_loop().time()
