"""Who may ask for what, and what it costs them; everything here happens inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.credits import (
    CREDIT,
    Account,
    AccountId,
    Balance,
    Booking,
    BookingKind,
    Credits,
    Tier,
    Tiers,
    filled,
    payment,
    repayment,
    server_account,
    user_account,
)
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId
from bot.domain.people import ServerSettings
from bot.ports.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Standing:
    """A person where they ask from: their account, their tier, and what the server there decided."""

    user_id: UserId
    tier: Tier
    server: ServerSettings


class Quotas:
    """Credits are spent when a request is accepted and come back for every picture that was not begun or failed."""

    def __init__(self, tiers: Tiers) -> None:
        self.tiers: Final = tiers

    async def admit(self, unit: UnitOfWork, actor: Actor, *, now: datetime) -> Standing:
        """Tell how the person stands, making them known on first sight. Raises `Rejected` when they are shut out.

        Locks their account, so that the requests of one person are accepted one after another.
        """
        user_id = await unit.users.resolve(actor, now=now)
        await unit.accounts.lock(user_account(user_id), now=now)
        standing = await self.standing(unit, actor, user_id, now=now)
        user = await unit.users.get(user_id)
        if (user is not None and user.blocked_at is not None) or user_id in standing.server.blocked:
            raise Rejected(Rejection.BLOCKED)
        return standing

    async def standing(self, unit: UnitOfWork, actor: Actor, user_id: UserId, *, now: datetime) -> Standing:
        """The same for somebody known, without lock or refusal; writes nothing."""
        user = await unit.users.get(user_id)
        server = await unit.settings.of_server(actor.server) if actor.server is not None else ServerSettings()
        names = [server.role_tiers[role] for role in actor.roles if role in server.role_tiers]
        if user is not None and (granted := user.granted_tier(now)) is not None:
            names.append(granted)
        if actor.platform is Platform.WEB:
            names.append(self.tiers.page)
        return Standing(user_id, self.tiers.best(names), server)

    async def charge(
        self, unit: UnitOfWork, actor: Actor, standing: Standing, *, job_id: JobId, cost: Credits, now: datetime
    ) -> Credits:
        """Spend what a job costs: from the server's pool while it lasts, else from the person's own credits.

        Returns what was charged, 0 for a tier without limit. Raises `Rejected`.
        """
        daily = standing.tier.daily
        if daily is None:
            return 0
        if actor.server is not None and standing.server.pool is not None:
            pool = await self._filled(unit, server_account(actor.server), standing.server.pool, now=now)
            if await self._spend(unit, pool, job_id=job_id, cost=cost, now=now):
                return cost
        own = await self._filled(unit, user_account(standing.user_id), daily, now=now)
        if not await self._spend(unit, own, job_id=job_id, cost=cost, now=now):
            raise self._too_little(own, daily, cost, now)
        return cost

    async def grant(self, unit: UnitOfWork, account: AccountId, amount: Credits, *, by: str, now: datetime) -> bool:
        """Add bonus credits, or take some with a negative amount; False if there are not so many to take."""
        await unit.accounts.lock(account, now=now)
        return await unit.accounts.book(Booking(account, BookingKind.GRANT, 0, amount, now, by=by))

    async def balance(self, unit: UnitOfWork, actor: Actor, user_id: UserId, *, now: datetime) -> Balance:
        """What the person has at this moment, the day's credits filled up; writes nothing."""
        standing = await self.standing(unit, actor, user_id, now=now)
        day = self.tiers.day_of(now)
        own_id = user_account(user_id)
        own = await unit.accounts.find(own_id) or Account(own_id)
        pool: Credits | None = None
        if actor.server is not None and standing.server.pool is not None:
            pool_id = server_account(actor.server)
            stored = await unit.accounts.find(pool_id) or Account(pool_id)
            pool = filled(stored, standing.server.pool, day).left
        own = own if standing.tier.daily is None else filled(own, standing.tier.daily, day)
        return Balance(standing.tier, own, self.tiers.resets_at(now), pool)

    async def _filled(self, unit: UnitOfWork, account_id: AccountId, allowance: Credits, *, now: datetime) -> Account:
        """The locked account with the day's credits in it."""
        account = await unit.accounts.lock(account_id, now=now)
        day = self.tiers.day_of(now)
        full = filled(account, allowance, day)
        if full == account:
            return account
        refill = Booking(account_id, BookingKind.REFILL, full.daily - account.daily, 0, now)
        took = await unit.accounts.fill(refill, allowance=allowance, day=day)
        return full if took else await unit.accounts.lock(account_id, now=now)

    async def _spend(self, unit: UnitOfWork, account: Account, *, job_id: JobId, cost: Credits, now: datetime) -> bool:
        paid = payment(account, cost)
        if paid is None:
            return False
        daily, bonus = paid
        return await unit.accounts.book(Booking(account.id, BookingKind.CHARGE, -daily, -bonus, now, job_id))

    def _too_little(self, account: Account, daily: Credits, cost: Credits, now: datetime) -> Rejected:
        if cost > max(daily, account.left):
            most = max(daily, account.left)
            return Rejected(Rejection.TOO_EXPENSIVE, cost=cost / CREDIT, most=most / CREDIT)
        resets_at = self.tiers.resets_at(now)
        hours, minutes = divmod(max(60, int((resets_at - now).total_seconds()) + 59) // 60, 60)
        return Rejected(
            Rejection.CREDITS_USED_UP,
            cost=cost / CREDIT,
            left=account.left / CREDIT,
            hours=hours,
            minutes=minutes,
            resets_at=resets_at.isoformat(),
        )


async def refund(unit: UnitOfWork, job: Job, *, pictures: int, now: datetime) -> Credits:
    """Give back what `pictures` of the job's pictures cost; once at most, whoever asks. Returns how much."""
    if pictures <= 0 or job.cost == 0:
        return 0
    charge = await unit.accounts.charge_of(job.id)
    if charge is None:
        return 0
    daily, bonus = repayment(charge, pictures, of=job.request.count)
    back = replace(charge, kind=BookingKind.REFUND, daily=daily, bonus=bonus, at=now, id=0)
    if not await unit.accounts.book(back):
        return 0
    await unit.jobs.note_refund(job.id, daily + bonus)
    return daily + bonus
