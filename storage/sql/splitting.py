"""Making a person of one identity of another, in SQL; locks are taken as in `storage.sql.merging`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Platform, UserId
from bot.domain.credits import user_account
from storage.errors import ConstraintViolated
from storage.people import new_user_id, split_account, split_user
from storage.sql.person_rows import account_of, account_values, user_of, user_values
from storage.sql.settings import pass_blocks_on
from storage.sql.statements import change
from storage.tables.people import AccountRow, IdentityRow, UserRow


async def split_identity(session: AsyncSession, platform: Platform, external_id: str, *, now: datetime) -> UserId:
    """Make a fresh user of one identity; all that was made stays with the others. Returns the new user.

    Blocks pass on, those of servers too. Raises `ConstraintViolated` when the identity is unknown or the only one of
    its user; that leaves the transaction as it was.
    """
    whose = (IdentityRow.platform == platform, IdentityRow.external_id == external_id)
    new_id = new_user_id()
    async with session.begin_nested():
        old_id = await session.scalar(select(IdentityRow.user_id).where(*whose))
        if old_id is None:
            raise ConstraintViolated(f"{platform.value}:{external_id} is nobody")
        await _split_account(session, old_id, new_id, now=now)
        await _split_user(session, old_id, new_id, now=now)
        moved = update(IdentityRow).where(*whose, IdentityRow.user_id == old_id).values(user_id=new_id)
        left = select(func.count()).where(IdentityRow.user_id == old_id)
        if not await change(session, moved) or not await session.scalar(left):
            raise ConstraintViolated(f"{platform.value}:{external_id} split off {old_id}")
        await pass_blocks_on(session, old_id, new_id, instead=False)
    return new_id


async def _split_account(session: AsyncSession, old_id: UserId, new_id: UserId, *, now: datetime) -> None:
    row = await session.scalar(
        select(AccountRow)
        .where(AccountRow.id == user_account(old_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is not None:
        account = split_account(account_of(row), new_id, now=now)
        await session.execute(insert(AccountRow).values(**account_values(account), created_at=now))


async def _split_user(session: AsyncSession, old_id: UserId, new_id: UserId, *, now: datetime) -> None:
    """Lock the person whose identity it was, and insert the new one."""
    row = await session.scalar(
        select(UserRow).where(UserRow.id == old_id).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise ConstraintViolated(f"user {old_id} is gone")
    await session.execute(insert(UserRow).values(**user_values(split_user(user_of(row), new_id, now=now))))
