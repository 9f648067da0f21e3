"""How often something may be tried in a while."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

_MOST_KEYS: Final = 10_000


class Tries:
    """Counts the tries of each key within a sliding window; of too many keys, the one noted first is forgotten."""

    def __init__(self, limit: int, window_s: float, *, most_keys: int = _MOST_KEYS) -> None:
        self._limit = limit
        self._window = timedelta(seconds=window_s)
        self._most_keys = most_keys
        self._noted: dict[str, deque[datetime]] = {}

    def wait_s(self, key: str, now: datetime) -> float:
        """Seconds until the key may try again; 0 when it may now."""
        noted = self._recent(key, now)
        if len(noted) < self._limit:
            return 0.0
        return (noted[len(noted) - self._limit] + self._window - now).total_seconds()

    def note(self, key: str, now: datetime) -> None:
        """Count one try."""
        noted = self._recent(key, now)
        noted.append(now)
        self._noted[key] = noted
        if len(self._noted) > self._most_keys:
            del self._noted[next(iter(self._noted))]

    def take_back(self, key: str, at: datetime) -> None:
        """Undo the try that was noted at that time, if it still counts."""
        noted = self._noted.get(key)
        if noted is not None and at in noted:
            noted.remove(at)

    def forget(self, key: str) -> None:
        """Start over for a key."""
        self._noted.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        """The tries that count; one that lies ahead does not, for then the clock was set back."""
        noted = self._noted.get(key, deque())
        while noted and not now - self._window < noted[0] <= now:
            noted.popleft()
        if not noted:
            self._noted.pop(key, None)
        return noted
