"""What making one person of two, and two of one, means; the same for every kind of storage."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import count
from secrets import token_hex

from bot.domain.actors import UserId
from bot.domain.credits import MOST_CREDITS, Account, Credits, user_account
from bot.domain.people import ServerSettings, User
from bot.domain.styles import STYLE_NAME_CHARS, style_key


def new_user_id() -> UserId:
    """Draw an id of 128 random bits."""
    return secrets.token_hex(16)


def merged_user(source: User, target: User, *, now: datetime) -> User:
    """`target` with the block and the tier of `source` where it has none; a tier that has run out is none."""
    if target.granted_tier(now) is None and source.granted_tier(now) is not None:
        target = replace(target, tier=source.tier, tier_until=source.tier_until)
    if target.blocked_at is None:
        target = replace(target, blocked_at=source.blocked_at, block_reason=source.block_reason)
    return target


def merged_account(source: Account, target: Account) -> Account:
    """`target` with all of `source`, filled on the later day for both allowances: that day is not given again."""
    return replace(
        target,
        daily=target.daily + source.daily,
        bonus=target.bonus + source.bonus,
        # What a refill on the same day is compared with; it is no money, and may stop growing.
        allowance=min(target.allowance + source.allowance, MOST_CREDITS),
        filled_on=max(target.filled_on, source.filled_on),
    )


def split_user(old: User, user_id: UserId, *, now: datetime) -> User:
    """Who leaves `old`: as blocked as before, but without the tier, which was given to one person."""
    return User(user_id, created_at=now, blocked_at=old.blocked_at, block_reason=old.block_reason)


def split_account(old: Account, user_id: UserId, *, now: datetime) -> Account:
    """The account of who leaves: nothing in it, and today's credits count as given.

    Else linking and unlinking would be a way to get them again.
    """
    filled_on = max(old.filled_on, now.date())
    return Account(user_account(user_id), allowance=old.allowance, filled_on=filled_on)


def pseudonym() -> str:
    """What stands in the audit log in place of an erased person's ids: drawn, so that it leads to nobody."""
    return f"erased-{token_hex(4)}"


def numbered(name: str, taken: Collection[str]) -> str:
    """The name with the first number from 2 behind it whose `style_key` is not `taken`, shortened where it must be."""
    suffixes = (f" {number}" for number in count(2))
    tried = (name[: STYLE_NAME_CHARS - len(suffix)].rstrip() + suffix for suffix in suffixes)
    return next(one for one in tried if style_key(one) not in taken)


def pot_bounds(change: Credits) -> tuple[Credits, Credits] | None:
    """The least and the most that may be in a pot before `change`; None if no pot can take or hold so much."""
    least, most = max(0, -change), MOST_CREDITS - max(0, change)
    return (least, most) if least <= most else None


def blocked_as_well(settings: ServerSettings, known: UserId, other: UserId, *, instead: bool) -> ServerSettings:
    """The settings with `other` shut out where `known` is: `instead` of them, or beside them."""
    if known not in settings.blocked:
        return settings
    kept = [user_id for user_id in settings.blocked if user_id != other and not (instead and user_id == known)]
    return replace(settings, blocked=(*kept, other))
