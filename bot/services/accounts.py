"""What people have, and what operators decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.actors import Actor, UserId
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.credits import (
    CREDIT,
    MOST_CREDITS,
    MOST_GRANTED,
    Balance,
    Booking,
    Credits,
    Quote,
    price_of,
    user_account,
)
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.people import Identity, Overview, User
from bot.domain.requests import Draft
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.quotas import Quotas
from bot.services.validation import most_pixels

_SHOWN_BOOKINGS: Final = 20
_TOLD_BOOKINGS: Final = 5


@dataclass(frozen=True, slots=True)
class AccountView:
    """A person's account as they and operators see it; the bookings are the latest, newest first."""

    user: User
    identities: Sequence[Identity]
    balance: Balance
    bookings: Sequence[Booking]


class Accounts:
    """Looks at accounts and changes them.

    `by` names who decides, such as `discord:80351110224678912`, and goes into the audit log; adapters check that they
    may.
    """

    def __init__(self, *, open_unit: UnitOfWorkFactory, quotas: Quotas, limits: Limits, clock: Clock) -> None:
        self._open_unit = open_unit
        self._quotas = quotas
        self._limits = limits
        self._clock = clock

    async def balance(self, actor: Actor) -> Balance:
        """What the actor can spend where they are; somebody never seen has what everybody begins with."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            return await self._quotas.balance(unit, actor, user_id or "", now=now)

    async def view(self, actor: Actor) -> AccountView:
        """The actor's account with its latest bookings. Raises `Rejected` for somebody never seen."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            user_id = await self._known(unit, actor)
            user = await unit.users.get(user_id)
            assert user is not None, "an identity has a user"
            return AccountView(
                user=user,
                identities=await unit.users.identities(user_id),
                balance=await self._quotas.balance(unit, actor, user_id, now=now),
                bookings=await unit.accounts.bookings(user_account(user_id), limit=_SHOWN_BOOKINGS),
            )

    async def overview(self, actor: Actor) -> Overview:
        """What the actor sees of their account where they are; also for somebody never seen."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            balance = await self._quotas.balance(unit, actor, user_id or "", now=now)
            identities = await unit.users.identities(user_id) if user_id is not None else ()
            bookings = await unit.accounts.bookings(user_account(user_id), limit=_TOLD_BOOKINGS) if user_id else ()
        fills_in_s = (balance.resets_at - now).total_seconds()
        return Overview(balance, tuple(identities), tuple(bookings), fills_in_s)

    async def quote(self, actor: Actor, draft: Draft) -> Quote:
        """What a request would cost the actor where they are, its pictures aside. Raises `Rejected`."""
        width, height = most_pixels(draft, self._limits)
        balance = await self.balance(actor)
        is_limited = balance.tier.daily is not None
        cost = draft.count * price_of(width, height, draft.steps) if is_limited else 0
        return Quote(cost, balance, fills_in_s=(balance.resets_at - self._clock.now()).total_seconds())

    async def grant(self, actor: Actor, amount: Credits, *, by: str) -> None:
        """Give bonus credits, or take some with a negative amount; a million at once at most. Raises `Rejected`."""
        if abs(amount) > MOST_GRANTED:
            raise _out_of_range(-MOST_GRANTED, MOST_GRANTED)
        now = self._clock.now()
        async with self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            account = user_account(user_id)
            if not await self._quotas.grant(unit, account, amount, by=by, now=now):
                kept = await unit.accounts.find(account)
                bonus = kept.bonus if kept is not None else 0
                raise _out_of_range(-min(bonus, MOST_GRANTED), min(MOST_CREDITS - bonus, MOST_GRANTED))
            await unit.audit.add(AuditEntry(now, by, AuditAction.GRANT, actor.key, f"{amount / CREDIT:+g}"))
            await unit.commit()

    async def set_tier(self, actor: Actor, tier: str | None, *, by: str, until: datetime | None = None) -> None:
        """Put a person into a tier until a time (None: for good), or back to the default. Raises `Rejected`."""
        if tier is not None and self._quotas.tiers.get(tier) is None:
            known = ", ".join(one.name for one in self._quotas.tiers.all)
            raise Rejected(Rejection.TIER_UNKNOWN, given=tier[:40], choices=known)
        now = self._clock.now()
        detail = (tier or "default") + (f" until {until.isoformat()}" if until is not None else "")
        async with self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            await unit.users.grant_tier(user_id, tier, until=until)
            await unit.audit.add(AuditEntry(now, by, AuditAction.TIER, actor.key, detail))
            await unit.commit()

    async def block(self, actor: Actor, *, reason: str, by: str) -> None:
        """Shut a person out, also one that never asked for anything yet."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            await unit.users.block(user_id, reason=reason, now=now)
            await unit.audit.add(AuditEntry(now, by, AuditAction.BLOCK, actor.key, reason))
            await unit.commit()

    async def unblock(self, actor: Actor, *, by: str) -> None:
        """Let a person in again. Raises `Rejected` for somebody never seen."""
        async with self._open_unit() as unit:
            await unit.users.unblock(await self._known(unit, actor))
            await unit.audit.add(AuditEntry(self._clock.now(), by, AuditAction.UNBLOCK, actor.key))
            await unit.commit()

    async def _known(self, unit: UnitOfWork, actor: Actor) -> UserId:
        user_id = await unit.users.find(actor)
        if user_id is None:
            raise Rejected(Rejection.PERSON_UNKNOWN)
        return user_id


def _out_of_range(low: Credits, high: Credits) -> Rejected:
    return Rejected(Rejection.CREDITS_OUT_OF_RANGE, low=low / CREDIT, high=high / CREDIT)
