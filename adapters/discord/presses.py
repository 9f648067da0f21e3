"""Telling a double press from two presses."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

_DOUBLE_PRESS: Final = timedelta(seconds=2)
_REMEMBERED: Final = 1000


class Presses:
    """Remembers the latest presses of job-making buttons.

    Only memory: over a restart nobody double-presses, and the event key guards against Discord's own repetitions.
    """

    def __init__(self) -> None:
        self._latest: OrderedDict[tuple[int, int, str], tuple[str, datetime]] = OrderedDict()

    def event_key(self, *, interaction_id: int, user_id: int, message_id: int, custom_id: str, at: datetime) -> str:
        """The key of the event; a second press of the same button within 2 s gets the first one's."""
        press = (user_id, message_id, custom_id)
        key, first_at = self._latest.pop(press, ("", at))
        if not key or at - first_at > _DOUBLE_PRESS:
            key, first_at = f"discord:{interaction_id}", at
        self._latest[press] = (key, first_at)
        if len(self._latest) > _REMEMBERED:
            self._latest.popitem(last=False)
        return key
