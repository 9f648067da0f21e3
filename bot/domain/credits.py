"""What pictures cost and what people have: pure arithmetic, in hundredths of a credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.actors import Server, UserId
from bot.domain.jobs import JobId
from bot.domain.requests import GenerationRequest

Credits = int
"""Hundredths of a credit: whole numbers, so that a ledger adds up to the last one."""

CREDIT: Final[Credits] = 100
MOST_CREDITS: Final[Credits] = 2**31 - 1
"""What a pot or a booking can hold: an INTEGER of PostgreSQL."""
MOST_GRANTED: Final[Credits] = 1_000_000 * CREDIT
"""What is given or taken away at once; more than that was mistyped."""
_CREDIT_PIXELS: Final = 1024 * 1024
_CREDIT_STEPS: Final = 25
_UPSCALE_STEPS: Final = 3
"""An enlarged picture counts as one of its own (large) size drawn with so many steps."""

AccountId = str
"""`user:ID` or `server:PLATFORM:ID`."""


def price_of(width: int, height: int, steps: int) -> Credits:
    """What one picture costs: 1 credit for a megapixel (1024 x 1024) at 25 steps, in proportion, rounded up."""
    return max(1, -(-CREDIT * width * height * steps // (_CREDIT_PIXELS * _CREDIT_STEPS)))


def cost_of(request: GenerationRequest) -> Credits:
    """What all pictures of a request cost.

    Enlarging costs as much as drawing the result's pixels with 3 steps: 0.48 credits from 1024 x 1024 to 2048 x 2048.
    """
    steps = _UPSCALE_STEPS if request.upscale_of is not None else request.steps
    return request.count * price_of(request.width, request.height, steps)


def user_account(user_id: UserId) -> AccountId:
    """The account of a person."""
    return f"user:{user_id}"


def server_account(server: Server) -> AccountId:
    """The pool that the people of a server share."""
    return f"server:{server.platform.value}:{server.external_id}"


@dataclass(frozen=True, slots=True)
class Tier:
    """What a person may use. `daily` of None is without limit; `weight` is how many turns in a round of the queue."""

    name: str
    daily: Credits | None
    weight: int = 1
    max_waiting: int | None = None


@dataclass(frozen=True, slots=True)
class Tiers:
    """All tiers from the smallest to the largest; `default` is for everybody, `page` for the local page.

    `reset_hour` is the hour of the day, UTC, at which daily credits are filled up again.
    """

    all: tuple[Tier, ...] = (Tier("free", 25 * CREDIT), Tier("supporter", 100 * CREDIT, 2), Tier("unlimited", None))
    default: str = "free"
    page: str = "unlimited"
    reset_hour: int = 0

    def get(self, name: str) -> Tier | None:
        """The tier of that name."""
        return next((tier for tier in self.all if tier.name == name), None)

    def best(self, names: Iterable[str]) -> Tier:
        """The largest of the named tiers and the default one; names that are gone from the configuration count not."""
        wanted = {self.default, *names}
        return [tier for tier in self.all if tier.name in wanted][-1]

    def day_of(self, now: datetime) -> date:
        """The day that credits of `now` (UTC) belong to."""
        return (now - timedelta(hours=self.reset_hour)).date()

    def resets_at(self, now: datetime) -> datetime:
        """When the next day begins."""
        began = datetime.combine(self.day_of(now), datetime.min.time(), tzinfo=now.tzinfo)
        return began + timedelta(days=1, hours=self.reset_hour)


class BookingKind(StrEnum):
    """Why credits moved."""

    REFILL = "refill"
    CHARGE = "charge"
    REFUND = "refund"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Account:
    """What is left: `daily` is set to the allowance each day, `bonus` was granted and stays until it is spent.

    `allowance` is what `filled_on` was given for; the day never goes back, so a clock that does gives nothing twice.
    """

    id: AccountId
    daily: Credits = 0
    bonus: Credits = 0
    allowance: Credits = 0
    filled_on: date = date.min

    @property
    def left(self) -> Credits:
        """All that can be spent now."""
        return self.daily + self.bonus


@dataclass(frozen=True, slots=True)
class Booking:
    """One change of an account; the bookings of an account add up to its balance, pot by pot.

    `at` is UTC. `by` says who did it where a person did (`discord:123`, `command line`); `id` is 0 until it is stored.
    """

    account: AccountId
    kind: BookingKind
    daily: Credits
    bonus: Credits
    at: datetime
    job_id: JobId | None = None
    by: str = ""
    id: int = 0

    @property
    def total(self) -> Credits:
        """Both pots together; negative for a charge."""
        return self.daily + self.bonus


@dataclass(frozen=True, slots=True)
class Balance:
    """What a person is told: their tier, what is left and when it is filled up again (UTC).

    `pool` is what the server they ask from still shares; None where it shares nothing.
    """

    tier: Tier
    account: Account
    resets_at: datetime
    pool: Credits | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a request would cost, in hundredths of a credit, 0 without limit; what is there, and when it is filled."""

    cost: Credits
    balance: Balance
    fills_in_s: float


def filled(account: Account, allowance: Credits, day: date) -> Account:
    """The account on `day`: set to the allowance once a day; a larger allowance on the same day adds the difference."""
    if day > account.filled_on:
        return replace(account, daily=allowance, allowance=allowance, filled_on=day)
    if day == account.filled_on and allowance > account.allowance:
        more = allowance - account.allowance
        return replace(account, daily=account.daily + more, allowance=allowance)
    return account


def payment(account: Account, cost: Credits) -> tuple[Credits, Credits] | None:
    """How much of `cost` comes from daily and bonus credits, the daily ones first; None if there is too little."""
    if cost > account.left:
        return None
    daily = min(cost, account.daily)
    return daily, cost - daily


def repayment(charge: Booking, pictures: int, of: int) -> tuple[Credits, Credits]:
    """What goes back into each pot for `pictures` of `of` that were not made; bonus credits first, they last longer."""
    paid_daily, paid_bonus = -charge.daily, -charge.bonus
    back = (paid_daily + paid_bonus) * pictures // of
    bonus = min(back, paid_bonus)
    return back - bonus, bonus
