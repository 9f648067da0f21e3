"""People: one user, several identities, what they chose and what was decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.actors import Platform, UserId
from bot.domain.credits import Balance, Booking, Credits


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as one platform knows them; `name` is what they were called there last. Times are UTC."""

    platform: Platform
    external_id: str
    user_id: UserId
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """A person. `tier` was granted by an operator until `tier_until` (None: for good); `blocked_at` shuts them out."""

    id: UserId
    created_at: datetime
    tier: str | None = None
    tier_until: datetime | None = None
    blocked_at: datetime | None = None
    block_reason: str = ""

    def granted_tier(self, now: datetime) -> str | None:
        """The tier that an operator gave, while it lasts."""
        return self.tier if self.tier_until is None or now < self.tier_until else None


@dataclass(frozen=True, slots=True)
class UserSettings:
    """What a person prefers; `locale` of None follows their platform, `keep_tray` does not empty it after a request."""

    locale: str | None = None
    private: bool = False
    spoiler: bool = False
    aspect: str | None = None
    keep_tray: bool = False


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the moderators of a server chose.

    `channels` are the ids where requests are taken (none named: everywhere); `role_tiers` maps ids of roles to names of
    tiers; `pool` are credits a day that the members share and that are spent before their own; `blocked` are users
    shut out here; `max_waiting` and `max_count` lower the limits; `words` are not wanted in prompts here, see
    `bot.domain.words`.
    """

    locale: str | None = None
    channels: tuple[str, ...] = ()
    role_tiers: Mapping[str, str] = field(default_factory=dict)
    pool: Credits | None = None
    blocked: tuple[UserId, ...] = ()
    max_waiting: int | None = None
    max_count: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code, as a digest, that joins another identity to `user_id` once, until `expires_at` (UTC)."""

    digest: str
    user_id: UserId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code to be typed on another platform, such as `7k3m9-qx2vt`, and for how long it works."""

    code: str
    life_s: float


@dataclass(frozen=True, slots=True)
class Overview:
    """What a person is told of their account; the latest bookings, newest first, and when it is filled up, in seconds.

    Somebody never seen has no identities yet.
    """

    balance: Balance
    identities: tuple[Identity, ...]
    bookings: tuple[Booking, ...]
    fills_in_s: float
