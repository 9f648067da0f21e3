"""The gateway, version 10: hello, identify or resume, ready, servers, heartbeats, events."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.discord.channels import Channel
from tests.servers.discord.world import World

_HEARTBEAT_MS = 41_250
_AUTHENTICATION_FAILED = 4004


@dataclass
class Session:
    """A client's session; it outlives its sockets."""

    id: str
    socket: web.WebSocketResponse | None = None
    events: list[dict[str, Any]] = field(default_factory=list)


class Gateway:
    """Takes websockets and hands events to every identified client."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self._numbers = itertools.count(1)
        self._sockets: set[web.WebSocketResponse] = set()
        self._told: dict[int, dict[str, Any]] = {}
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.heartbeats = 0
        self.identified = 0

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it closes."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        session: Session | None = None
        try:
            await socket.send_json({"op": 10, "d": {"heartbeat_interval": _HEARTBEAT_MS}, "s": None, "t": None})
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    session = await self._take(socket, session, json.loads(frame.data))
                    self._world.touch()
        finally:
            self._sockets.discard(socket)
            if session is not None and session.socket is socket:
                session.socket = None
            self._world.touch()
        return socket

    async def announce(self, channel: Channel) -> None:
        """Tell of the server's roles and of a channel of it, if they are new or changed since they were told of."""
        world = self._world
        for role in world.roles.values():
            told = {"guild_id": str(world.guild_id), "role": role.payload()}
            await self._announce("GUILD_ROLE", role.id, told)
        if channel.parent is not None:
            await self.announce(channel.parent)
        if channel.guild_id == world.guild_id:
            kind = "CHANNEL" if channel.parent is None else "THREAD"
            await self._announce(kind, channel.id, channel.payload())

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event to every session; those without a socket get it when they resume."""
        for session in list(self.sessions.values()):
            await self._send(session, event, data)

    async def close(self) -> None:
        """Close all sockets, as Discord does when it restarts."""
        for socket in list(self._sockets):
            await socket.close(code=1001)

    async def _announce(self, kind: str, number: int, payload: dict[str, Any]) -> None:
        before = self._told.get(number)
        if before != payload:
            self._told[number] = payload
            await self.dispatch(f"{kind}_CREATE" if before is None else f"{kind}_UPDATE", payload)

    async def _take(
        self, socket: web.WebSocketResponse, session: Session | None, frame: dict[str, Any]
    ) -> Session | None:
        match frame["op"]:
            case 1:
                self.heartbeats += 1
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            case 2:
                return await self._identify(socket, frame["d"])
            case 6:
                return await self._resume(socket, frame["d"])
            case 3 | 4 | 8:
                pass
            case unknown:
                self._world.violations.append(f"gateway op {unknown}")
                await socket.close(code=4001)
        return session

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        missing = {"token", "properties", "intents"} - data.keys()
        if missing:
            self._world.violations.append(f"IDENTIFY without {sorted(missing)}")
        if data.get("token") != self._token:
            await socket.close(code=_AUTHENTICATION_FAILED)
            return None
        self.identified += 1
        session = Session(f"session-{next(self._numbers)}", socket)
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
        await self._send(session, "GUILD_CREATE", self._guild())
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
            return None
        session.socket = socket
        for event in session.events[data["seq"] or 0 :]:
            await socket.send_json(event)
        await self._send(session, "RESUMED", {})
        return session

    async def _send(self, session: Session, event: str, data: dict[str, Any]) -> None:
        frame = {"op": 0, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(frame)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_json(frame)

    def _guild(self) -> dict[str, Any]:
        world = self._world
        ours = [one for one in world.channels.values() if one.guild_id == world.guild_id]
        channels = {one.id: one.payload() for one in ours if one.parent is None}
        threads = {one.id: one.payload() for one in ours if one.parent is not None}
        roles = {one.id: {"guild_id": str(world.guild_id), "role": one.payload()} for one in world.roles.values()}
        self._told |= {**channels, **threads, **roles}
        return {
            "id": str(world.guild_id),
            "name": "The test server",
            "owner_id": str(world.bot.id),
            "member_count": 2,
            "premium_tier": 0,
            "roles": [one["role"] for one in roles.values()],
            "emojis": [],
            "features": [],
            "channels": list(channels.values()),
            "members": [],
            "threads": list(threads.values()),
            "preferred_locale": "en-US",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "unavailable": False,
        }
