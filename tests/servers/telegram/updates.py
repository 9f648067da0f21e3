"""Updates for the bot: kept until it confirmed them, given by long poll or brought to its webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.servers.telegram.chats import ApiError, Json

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FIRST_ID = 500_000_000
_CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """The queue of one bot; `changed` is set whenever something was given or confirmed."""

    def __init__(self, changed: asyncio.Event) -> None:
        self.changed = changed
        self.arrived = asyncio.Event()
        self.polls = 0
        self._waiting: list[Json] = []
        self._next_id = _FIRST_ID
        self._given = 0
        self._allowed: Sequence[str] | None = None
        self._poll: asyncio.Event | None = None

    @property
    def waiting(self) -> Sequence[Json]:
        """What the bot has not confirmed yet."""
        return tuple(self._waiting)

    @property
    def has_given_all(self) -> bool:
        """Whether the bot has received every update once."""
        return self._given >= self._next_id - 1

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keep only these kinds from now on; None changes nothing, an empty list stands for the usual ones."""
        if kinds is not None:
            self._allowed = kinds

    def number(self, content: Json) -> Json:
        """Make an update of its content."""
        update = {"update_id": self._next_id, **content}
        self._next_id += 1
        return update

    def add(self, update: Json) -> None:
        """Keep an update for the bot, if it wants such."""
        kind = next(name for name in update if name != "update_id")
        if kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT:
            self._waiting.append(update)
            self.arrived.set()
        else:
            self.note_given(update)

    def note_given(self, update: Json) -> None:
        """The bot has received it."""
        self._given = max(self._given, update["update_id"])
        self.changed.set()

    def confirm(self, update: Json) -> None:
        """The bot took an update that was brought to it."""
        self._waiting = [one for one in self._waiting if one is not update]
        self.changed.set()

    async def poll(self, values: Json) -> list[Json]:
        """Confirm what lies below the offset, then hold the poll until there is something or the time is over."""
        self.polls += 1
        self.allow(values.get("allowed_updates"))
        if (offset := values.get("offset")) is not None:
            self._waiting = [one for one in self._waiting if one["update_id"] >= offset]
        if self._poll is not None:
            self._poll.set()
        ended = self._poll = asyncio.Event()
        self.changed.set()
        try:
            await self._something(ended, values.get("timeout", 0))
        finally:
            if self._poll is ended:
                self._poll = None
        if ended.is_set():
            raise ApiError(409, _CONFLICT)
        batch = self._waiting[: values.get("limit", 100)]
        for update in batch:
            self.note_given(update)
        return batch

    async def _something(self, ended: asyncio.Event, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                while not self._waiting and not ended.is_set():
                    self.arrived.clear()
                    waits = [asyncio.create_task(event.wait()) for event in (self.arrived, ended)]
                    try:
                        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        for wait in waits:
                            wait.cancel()
        except TimeoutError:
            return


def reaches_bot(message: Json, bot: Json, *, is_admin: bool) -> bool:
    """Whether a bot in privacy mode gets a message: in groups only commands, answers to it, and notices."""
    if message["chat"]["type"] in {"private", "channel"} or bot["can_read_all_group_messages"] or is_admin:
        return True
    words = message.get("text", message.get("caption"))
    has_file = any(name in message for name in ("photo", "document", "animation", "sticker"))
    if words is None and not has_file:
        return True
    if message.get("via_bot", {}).get("id") == bot["id"]:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]:
        return True
    if not words or not words.startswith("/"):
        return False
    named = words.split(maxsplit=1)[0].partition("@")[2]
    return not named or named.lower() == bot["username"].lower()
