"""Albums: pictures sent together arrive as separate messages with one `media_group_id`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from telegram import Message

from adapters.telegram.timing import Timer

QUIET_S: Final = 1.0


@dataclass(slots=True)
class _Gathering:
    messages: dict[int, Message] = field(default_factory=dict)
    changed_at: float = 0.0


class Albums:
    """Gathers the messages of an album until it has been quiet for a moment.

    An album lives in memory only. Its messages stay unconfirmed with Telegram while it is gathered, so one that a
    restart interrupts comes again.
    """

    def __init__(self, timer: Timer) -> None:
        self._timer = timer
        self._gatherings: dict[tuple[int, str], _Gathering] = {}

    async def gather(self, message: Message) -> tuple[Message, ...] | None:
        """Wait for the rest of the album; its first message to come gets all of them, in order, the others None."""
        assert message.media_group_id is not None, "a message of an album"
        key = (message.chat_id, message.media_group_id)
        gathering = self._gatherings.get(key)
        is_first = gathering is None
        if gathering is None:
            gathering = self._gatherings[key] = _Gathering()
        gathering.messages[message.message_id] = message
        gathering.changed_at = self._timer.monotonic()
        if not is_first:
            return None
        try:
            await self._quiet(gathering)
        finally:
            del self._gatherings[key]
        return tuple(gathering.messages[number] for number in sorted(gathering.messages))

    async def _quiet(self, gathering: _Gathering) -> None:
        while (left_s := gathering.changed_at + QUIET_S - self._timer.monotonic()) > 0:
            await self._timer.sleep(left_s)
