"""Telegram's flood limits, kept on our side so that they are never met on theirs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from adapters.telegram.errors import retry_after_s
from adapters.telegram.timing import Timer

Answer = bool | dict[str, Any] | list[dict[str, Any]]

# core.telegram.org/bots/faq, "My bot is hitting limits"; the overall one with a little air below the 30 allowed.
CHAT_GAP_S: Final = 1.0
GROUP_WINDOW_S: Final = 60.0
GROUP_MESSAGES: Final = 20
OVERALL_WINDOW_S: Final = 1.0
OVERALL_MESSAGES: Final = 28
# So many of a second's messages are left for what can not wait.
OVERALL_RESERVE: Final = 14
_CROWDED_PAUSE_S = 0.05
_CHAT_ACTION = "sendChatAction"
_REMEMBERED_CHATS = 1000


@dataclass(slots=True)
class _Chat:
    is_group: bool
    last_at: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    blocked_until: float = -inf
    sent_at: deque[float] = field(default_factory=deque)


class FloodLimiter(BaseRateLimiter[int]):
    """Lines up everything that goes into a chat: one call at a time, a second apart, 20 a minute in a group.

    A call counts from the moment it is answered, so that no delay on the way can push two together. `rate_limit_args`
    is how often a call is repeated when Telegram asks to slow down; without it the `RetryAfter` goes to the caller.
    Either way nothing else goes into that chat before the time is over.
    """

    def __init__(self, timer: Timer) -> None:
        self._timer = timer
        self._chats: dict[int | str, _Chat] = {}
        self._overall_at: deque[float] = deque()
        self._in_flight = 0
        self._in_line = 0
        # What the process before this one sent a moment ago is not known: every chat begins as if just written to.
        self._started_at = timer.monotonic()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""

    def wait_s(self, chat_id: int | str, *, reserve: int | None = None) -> float:
        """Seconds until a call may go into the chat.

        With a `reserve` it is a call that can wait: in a group so many more could go with it, and whatever else is in
        line goes first, so that news of hundreds of cards never keeps a first answer waiting.
        """
        chat_wait_s = self._chat_wait_s(self._chat(chat_id), 1 + (reserve or 0))
        if reserve is None:
            return max(0.0, chat_wait_s, self._overall_wait_s(1))
        line_wait_s = _CROWDED_PAUSE_S if self._in_line else 0.0
        return max(line_wait_s, chat_wait_s, self._overall_wait_s(1 + OVERALL_RESERVE))

    async def process_request(  # noqa: PLR0917 -- the library's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        """Make the call when its chat and the whole have room; calls that put nothing into a chat go at once."""
        chat_id = data.get("chat_id")
        if chat_id is None or endpoint.startswith("get"):
            return await callback(*args, **kwargs)
        chat = self._chat(chat_id)
        if endpoint == _CHAT_ACTION:
            return await self._hint(chat, callback, args, kwargs)
        weight = len(data["media"]) if endpoint == "sendMediaGroup" else 1
        retries = rate_limit_args or 0
        async with chat.turn:
            while True:
                await self._wait_for_room(chat, weight)
                try:
                    return await self._call(chat, weight, callback, args, kwargs)
                except RetryAfter as error:
                    chat.blocked_until = self._timer.monotonic() + retry_after_s(error)
                    if not retries:
                        raise
                    retries -= 1

    async def _hint(
        self, chat: _Chat, callback: Callable[..., Coroutine[Any, Any, Answer]], args: Any, kwargs: Any
    ) -> Answer:
        """“Sending a photo …” is no message and waits for none; while Telegram wants quiet it is left out."""
        if chat.blocked_until > self._timer.monotonic():
            return True
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            chat.blocked_until = self._timer.monotonic() + retry_after_s(error)
            return True

    async def _call(
        self, chat: _Chat, weight: int, callback: Callable[..., Coroutine[Any, Any, Answer]], args: Any, kwargs: Any
    ) -> Answer:
        self._in_flight += weight
        try:
            return await callback(*args, **kwargs)
        finally:
            self._in_flight -= weight
            now = self._timer.monotonic()
            chat.last_at = now
            if chat.is_group:
                chat.sent_at.extend([now] * weight)
            self._overall_at.extend([now] * weight)

    async def _wait_for_room(self, chat: _Chat, weight: int) -> None:
        while True:
            overall_s = self._overall_wait_s(weight)
            wait_s = max(self._chat_wait_s(chat, weight), overall_s)
            if wait_s <= 0:
                return
            # Who waits for one chat alone keeps nobody elsewhere waiting.
            is_in_line = overall_s > 0
            self._in_line += is_in_line
            try:
                await self._timer.sleep(wait_s)
            finally:
                self._in_line -= is_in_line

    def _chat_wait_s(self, chat: _Chat, weight: int) -> float:
        now = self._timer.monotonic()
        wait_s = max(chat.last_at + CHAT_GAP_S, chat.blocked_until) - now
        if chat.is_group:
            wait_s = max(wait_s, _window_wait_s(chat.sent_at, now, GROUP_WINDOW_S, GROUP_MESSAGES - weight))
        return wait_s

    def _overall_wait_s(self, weight: int) -> float:
        room = OVERALL_MESSAGES - self._in_flight - weight
        if room < 0:
            return _CROWDED_PAUSE_S
        return _window_wait_s(self._overall_at, self._timer.monotonic(), OVERALL_WINDOW_S, room)

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            self._forget_quiet_chats()
            # Groups and channels have negative ids, or names when somebody configured them by name.
            is_group = isinstance(chat_id, str) or chat_id < 0
            chat = self._chats[chat_id] = _Chat(is_group, self._started_at)
        return chat

    def _forget_quiet_chats(self) -> None:
        if len(self._chats) < _REMEMBERED_CHATS:
            return
        now = self._timer.monotonic()
        for chat_id, chat in list(self._chats.items()):
            if not chat.turn.locked() and max(chat.last_at + GROUP_WINDOW_S, chat.blocked_until) < now:
                del self._chats[chat_id]


def _window_wait_s(sent_at: deque[float], now: float, window_s: float, room: int) -> float:
    """Seconds until at most `room` calls lie in the window that ends then; forgets those that left it."""
    while sent_at and sent_at[0] <= now - window_s:
        sent_at.popleft()
    if len(sent_at) <= room:
        return 0.0
    return sent_at[len(sent_at) - room - 1] + window_s - now
