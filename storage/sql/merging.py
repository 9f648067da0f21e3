"""Making one person of two, in SQL.

Locks are taken in the order in which all transactions take them: rows of jobs (the end of a job changes one, then
its account), accounts (a request locks its account, then inserts a job, which holds on to the person), people. Once
a person's row is locked, no other transaction can add anything of theirs.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.actors import UserId
from bot.domain.credits import user_account
from bot.domain.styles import style_key, user_shelf
from storage.errors import ConstraintViolated
from storage.people import merged_account, merged_user, numbered
from storage.sql.accounts import SqlAccountRepository
from storage.sql.person_rows import account_values, user_of, user_values
from storage.sql.settings import pass_blocks_on
from storage.sql.statements import change
from storage.tables.jobs import JobRow
from storage.tables.library import FavouriteRow, StyleRow, TrayPictureRow
from storage.tables.moderation import ReportRow
from storage.tables.people import AccountRow, BookingRow, IdentityRow, LinkCodeRow, UserRow, UserSettingsRow


async def merge_users(session: AsyncSession, source: UserId, target: UserId, *, now: datetime) -> None:
    """Make `source` a part of `target`.

    Raises `ConstraintViolated` when one of them is not there, ValueError when they are the same; either leaves the
    transaction as it was.
    """
    if source == target:
        raise ValueError(f"{source} merged with itself")
    try:
        async with session.begin_nested():
            await change(session, update(JobRow).where(JobRow.owner == source).values(owner=target))
            await _merge_accounts(session, source, target, now=now)
            await _merge_standing(session, source, target, now=now)
            # What was accepted between the first statement and the locks.
            await change(session, update(JobRow).where(JobRow.owner == source).values(owner=target))
            await change(session, update(IdentityRow).where(IdentityRow.user_id == source).values(user_id=target))
            await _merge_favourites(session, source, target)
            await _merge_styles(session, source, target)
            await _merge_reports(session, source, target)
            for table in (TrayPictureRow, UserSettingsRow):
                await _hand_over(session, table, source, target)
            await change(session, delete(LinkCodeRow).where(LinkCodeRow.user_id == source))
            await pass_blocks_on(session, source, target, instead=True)
            await change(session, delete(UserRow).where(UserRow.id == source))
    except IntegrityError as error:
        raise ConstraintViolated(f"{source} merged with {target}") from error


async def _merge_accounts(session: AsyncSession, source: UserId, target: UserId, *, now: datetime) -> None:
    old, new = user_account(source), user_account(target)
    accounts = SqlAccountRepository(session)
    # Both are made where missing: another transaction may be about to make one.
    locked = {account: await accounts.lock(account, now=now) for account in sorted((old, new))}
    merged = merged_account(locked[old], locked[new])
    await change(session, update(AccountRow).where(AccountRow.id == new).values(**account_values(merged)))
    await change(session, update(BookingRow).where(BookingRow.account == old).values(account=new))
    await change(session, delete(AccountRow).where(AccountRow.id == old))


async def _merge_standing(session: AsyncSession, source: UserId, target: UserId, *, now: datetime) -> None:
    """Lock both people; pass a block and a tier on."""
    rows = await session.scalars(
        select(UserRow)
        .where(UserRow.id.in_((source, target)))
        .order_by(UserRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    users = {row.id: user_of(row) for row in rows}
    if len(users) != len({source, target}):
        raise ConstraintViolated(f"{source} merged with {target}")
    merged = merged_user(users[source], users[target], now=now)
    await change(session, update(UserRow).where(UserRow.id == target).values(**user_values(merged)))


async def _merge_favourites(session: AsyncSession, source: UserId, target: UserId) -> None:
    kept = aliased(FavouriteRow)
    marked_by_both = exists().where(
        kept.user_id == target, kept.job_id == FavouriteRow.job_id, kept.index == FavouriteRow.index
    )
    await change(session, delete(FavouriteRow).where(FavouriteRow.user_id == source, marked_by_both))
    await change(session, update(FavouriteRow).where(FavouriteRow.user_id == source).values(user_id=target))


async def _merge_reports(session: AsyncSession, source: UserId, target: UserId) -> None:
    """Hand the source's reports over, but for those about a picture that the target reported, too."""
    kept = aliased(ReportRow)
    made_by_both = exists().where(
        kept.reporter == target, kept.job_id == ReportRow.job_id, kept.index == ReportRow.index
    )
    await change(session, delete(ReportRow).where(ReportRow.reporter == source, made_by_both))
    await change(session, update(ReportRow).where(ReportRow.reporter == source).values(reporter=target))


async def _merge_styles(session: AsyncSession, source: UserId, target: UserId) -> None:
    """Move the cards to the target's shelf; one whose name is taken there gets a number that neither shelf has."""
    old, new = user_shelf(source), user_shelf(target)
    there = set(await session.scalars(select(StyleRow.name_folded).where(StyleRow.shelf == new)))
    found = await session.execute(
        select(StyleRow.id, StyleRow.name, StyleRow.name_folded)
        .where(StyleRow.shelf == old)
        .order_by(StyleRow.created_at, StyleRow.id)
    )
    moving = found.all()
    taken = there | {card.name_folded for card in moving}
    for card in moving:
        if card.name_folded in there:
            name = numbered(card.name, taken)
            taken.add(style_key(name))
            values = {"name": name, "name_folded": style_key(name)}
            await change(session, update(StyleRow).where(StyleRow.id == card.id).values(**values))
    await change(session, update(StyleRow).where(StyleRow.shelf == old).values(shelf=new))
    await change(session, update(StyleRow).where(StyleRow.owner == source).values(owner=target))


async def _hand_over(
    session: AsyncSession, table: type[TrayPictureRow] | type[UserSettingsRow], source: UserId, target: UserId
) -> None:
    """Give the source's rows to the target unless it has some of its own."""
    if await session.scalar(select(table.user_id).where(table.user_id == target).limit(1)) is None:
        await change(session, update(table).where(table.user_id == source).values(user_id=target))
    else:
        await change(session, delete(table).where(table.user_id == source))
