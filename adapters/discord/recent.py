"""What is remembered for a while, in memory only: it makes things easier, and nothing depends on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_REMEMBERED: Final = 1000


class Recent(Generic[K, V]):
    """The latest so many values; the oldest goes first."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._values: OrderedDict[K, V] = OrderedDict()
        self._most = most

    def put(self, key: K, value: V) -> None:
        """Remember a value as the latest."""
        self._values.pop(key, None)
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def get(self, key: K) -> V | None:
        """The value, if it is still there."""
        return self._values.get(key)

    def forget(self, key: K) -> None:
        """Let it go; nothing happens if it is gone."""
        self._values.pop(key, None)
