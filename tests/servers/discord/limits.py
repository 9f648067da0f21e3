"""Rate limits as Discord keeps them: buckets a route and top-level resource, one for everything, and storms."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord.world import DiscordClock

# Not told by the description, seen in Discord's answers; clients must learn them from the headers.
GLOBAL_REQUESTS, GLOBAL_WINDOW_S = 50, 1.0
_VIA = {"Via": "1.1 google"}
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


@dataclass(frozen=True)
class Limit:
    """So many requests a window; operations of one name share it."""

    name: str
    requests: int
    window_s: float

    @property
    def hash(self) -> str:
        """What `X-RateLimit-Bucket` says."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:32]


_OTHERS = Limit("others", 30, 30.0)
_WEBHOOK_EDITS = Limit("webhook edits", 5, 5.0)
_WEBHOOK_READS = Limit("webhook reads", 5, 5.0)
_WEBHOOK_DELETES = Limit("webhook deletes", 5, 5.0)
_LIMITS = {
    "create_message": Limit("messages", 5, 5.0),
    "update_message": Limit("edits", 5, 5.0),
    "delete_message": Limit("deletes", 5, 1.0),
    "list_messages": Limit("lists", 5, 1.0),
    "get_message": Limit("reads", 5, 1.0),
    "execute_webhook": Limit("webhook", 5, 2.0),
    "update_original_webhook_message": _WEBHOOK_EDITS,
    "update_webhook_message": _WEBHOOK_EDITS,
    "get_original_webhook_message": _WEBHOOK_READS,
    "get_webhook_message": _WEBHOOK_READS,
    "delete_original_webhook_message": _WEBHOOK_DELETES,
    "delete_webhook_message": _WEBHOOK_DELETES,
}
_EXEMPT = "create_interaction_response"


@dataclass
class _Bucket:
    """A window that begins with its first request."""

    ends_at_s: float = 0.0
    used: int = 0


@dataclass(frozen=True)
class Refusal:
    """A 429: its headers, and what its body says."""

    retry_after_s: float
    is_global: bool
    headers: dict[str, str]

    @property
    def payload(self) -> dict[str, Any]:
        """The answer's body."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after_s,
            "global": self.is_global,
        }


@dataclass
class RateLimits:
    """Counts every request.

    `pace` shortens all windows alike, and headers tell the shortened ones: a test need not wait for Discord's seconds,
    and to a client it is only another Discord. At 1.0 the windows are Discord's own.
    """

    clock: DiscordClock
    pace: float = 25.0
    refused: list[str] = field(default_factory=list)
    most_a_second: int = 0
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)
    _everything: _Bucket = field(default_factory=_Bucket)
    _second: _Bucket = field(default_factory=_Bucket)
    _storm: tuple[float, bool] | None = None

    def begin_storm(self, *, retry_after_s: float = 0.01, is_global: bool = False) -> None:
        """Refuse everything but first answers to interactions, until `end_storm`."""
        self._storm = (retry_after_s, is_global)

    def end_storm(self) -> None:
        """Let requests through again."""
        self._storm = None

    def take(self, operation: str, ids: dict[str, str]) -> tuple[dict[str, str], Refusal | None]:
        """Count one request: the headers of its answer, and the refusal if it is one too many."""
        self._count()
        if operation == _EXEMPT:
            return _VIA, None
        now = self._now()
        refusal = self._stormy() or self._beyond_everything(operation, now)
        limit = _LIMITS.get(operation, _OTHERS)
        name = limit.name if limit is not _OTHERS else f"{_OTHERS.name}:{operation}"
        limit = Limit(name, limit.requests, limit.window_s / self.pace)
        bucket = self._buckets.setdefault((name, *(ids.get(one, "") for one in _MAJOR)), _Bucket())
        if refusal is None:
            is_free = _spend(bucket, limit.requests, limit.window_s, now)
            headers = self._headers(limit, bucket, now)
            if is_free:
                return headers, None
            refusal = _refusal(bucket.ends_at_s - now, headers, is_global=False)
        self.refused.append(operation)
        return refusal.headers, refusal

    def _stormy(self) -> Refusal | None:
        if self._storm is None:
            return None
        retry_after_s, is_global = self._storm
        return _refusal(retry_after_s, _VIA, is_global=is_global)

    def _beyond_everything(self, operation: str, now: float) -> Refusal | None:
        # “Interaction endpoints are not bound to the bot's Global Rate Limit.”
        if "webhook" in operation or _spend(self._everything, GLOBAL_REQUESTS, GLOBAL_WINDOW_S / self.pace, now):
            return None
        return _refusal(self._everything.ends_at_s - now, _VIA, is_global=True)

    def _headers(self, limit: Limit, bucket: _Bucket, now: float) -> dict[str, str]:
        after_s = max(0.0, bucket.ends_at_s - now)
        return {
            **_VIA,
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(max(0, limit.requests - bucket.used)),
            "X-RateLimit-Reset": f"{bucket.ends_at_s:.3f}",
            "X-RateLimit-Reset-After": f"{after_s:.3f}",
            "X-RateLimit-Bucket": limit.hash,
        }

    def _count(self) -> None:
        """Remember the busiest second, by real time."""
        _spend(self._second, 10**9, 1.0, self._now())
        self.most_a_second = max(self.most_a_second, self._second.used)

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _spend(bucket: _Bucket, most: int, window_s: float, now: float) -> bool:
    if now >= bucket.ends_at_s:
        bucket.ends_at_s, bucket.used = now + window_s, 0
    if bucket.used >= most:
        return False
    bucket.used += 1
    return True


def _refusal(retry_after_s: float, headers: dict[str, str], *, is_global: bool) -> Refusal:
    # Never 0, and rounded up as Discord's is: who waits so long is let in.
    retry_after_s = math.ceil(max(retry_after_s, 0.001) * 1000) / 1000
    told = {**headers, "Retry-After": str(math.ceil(retry_after_s)), "X-RateLimit-Scope": "user"}
    if is_global:
        told |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    return Refusal(retry_after_s, is_global, told)
