"""Statements that several repositories need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.errors import ConstraintViolated
from storage.tables.base import Table


async def change(session: AsyncSession, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE, past the session's own copies of rows, and return how many rows it met."""
    done = await session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount


async def upsert(
    session: AsyncSession, table: type[Table], *, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Give the row of `key` these values, or insert it with them.

    Raises `ConstraintViolated`, the transaction unharmed, when other rows forbid it.
    """
    change_it = update(table).where(*(getattr(table, name) == value for name, value in key.items())).values(**values)
    for is_last in (False, True):
        try:
            async with session.begin_nested():
                if not await change(session, change_it):
                    await session.execute(insert(table).values(**key, **values))
                return
        except IntegrityError as error:
            # Where transactions run side by side, another one may have inserted the row in between: then update it.
            if is_last:
                raise ConstraintViolated(f"{table.__tablename__} of {dict(key)}") from error
