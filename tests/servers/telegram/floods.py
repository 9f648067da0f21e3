"""Telegram's flood limits as its FAQ states them, on a clock that the test moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

CHAT_GAP_S = 1.0
GROUP_PER_MINUTE = 20
OVERALL_PER_SECOND = 30
_ROUNDING_S = 1e-6


@dataclass
class FloodGate:
    """Says how long a call into a chat has to wait; `violations` keeps every call that came too early."""

    now: Callable[[], float]
    violations: list[str] = field(default_factory=list)
    _overall: deque[float] = field(default_factory=deque)
    _chats: dict[int | None, deque[float]] = field(default_factory=dict)

    def admit(self, chat_id: int | None, method: str, weight: int) -> int:
        """Count the call (`chat_id` None: into no chat); returns 0, or the seconds to wait if it is one too many."""
        now = self.now()
        chat = self._chats.setdefault(chat_id, deque())
        reasons = []
        if chat_id is not None and chat and now - chat[-1] < CHAT_GAP_S - _ROUNDING_S:
            reasons.append("more than one a second in a chat")
        if chat_id is not None and chat_id < 0 and _recent(chat, now, 60.0) + weight > GROUP_PER_MINUTE:
            reasons.append("more than 20 a minute in a group")
        if _recent(self._overall, now, 1.0) + weight > OVERALL_PER_SECOND:
            reasons.append("more than 30 a second")
        if reasons:
            self.violations.append(f"{method} into {chat_id} at {now:.3f}: {', '.join(reasons)}")
            return 3
        chat.extend([now] * weight)
        self._overall.extend([now] * weight)
        return 0


def _recent(moments: deque[float], now: float, window_s: float) -> int:
    while moments and moments[0] <= now - window_s + _ROUNDING_S:
        moments.popleft()
    return len(moments)
