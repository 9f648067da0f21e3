"""What has to be so of every account at any time."""

from __future__ import annotations

from bot.domain.credits import Account, AccountId
from bot.ports.storage import UnitOfWork


async def check_ledger(unit: UnitOfWork, account: AccountId) -> Account:
    """The account, whose bookings explain its balance, pot by pot."""
    kept = await unit.accounts.find(account)
    assert kept is not None
    bookings = await unit.accounts.bookings(account, limit=1_000_000)
    assert (sum(one.daily for one in bookings), sum(one.bonus for one in bookings)) == (kept.daily, kept.bonus)
    return kept
