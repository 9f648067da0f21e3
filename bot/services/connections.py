"""How the chats are connected, as they say themselves."""

from __future__ import annotations

from bot.domain.actors import Platform
from bot.domain.measurements import ChatConnection, ConnectionState
from bot.ports.clock import Clock


class Connections:
    """Holds the present state of each chat that is switched on; for one event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._connections: dict[Platform, ChatConnection] = {}

    def note(self, platform: Platform, state: ConnectionState, reason: str = "") -> None:
        """Say how a chat stands; the same again keeps since when it is so."""
        known = self._connections.get(platform)
        if known is None or (known.state, known.reason) != (state, reason):
            since = known.since if known is not None and known.state is state else self._clock.now()
            self._connections[platform] = ChatConnection(platform, state, since, reason)

    def all(self) -> tuple[ChatConnection, ...]:
        """Every chat's, in the order of their names."""
        return tuple(sorted(self._connections.values(), key=lambda connection: connection.platform.value))
