"""Making one person of two, and two of one, in the in-memory twin."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.actors import Platform, UserId
from bot.domain.credits import Account, user_account
from bot.domain.styles import style_key, user_shelf
from storage.errors import ConstraintViolated
from storage.memory.tables import Tables
from storage.people import (
    blocked_as_well,
    merged_account,
    merged_user,
    new_user_id,
    numbered,
    split_account,
    split_user,
)


def merge_users(tables: Tables, source: UserId, target: UserId, *, now: datetime) -> None:
    """Make `source` a part of `target`.

    Raises `ConstraintViolated` when one of them is not there, ValueError when they are the same; either changes
    nothing.
    """
    if source == target:
        raise ValueError(f"{source} merged with itself")
    if not {source, target} <= tables.users.keys():
        raise ConstraintViolated(f"{source} merged with {target}")
    tables.users[target] = merged_user(tables.users.pop(source), tables.users[target], now=now)
    tables.jobs.update({job.id: replace(job, owner=target) for job in tables.jobs.values() if job.owner == source})
    theirs = {key: identity for key, identity in tables.identities.items() if identity.user_id == source}
    tables.identities.update({key: replace(identity, user_id=target) for key, identity in theirs.items()})
    _merge_accounts(tables, source, target)
    _merge_favourites(tables, source, target)
    _merge_styles(tables, source, target)
    _merge_reports(tables, source, target)
    if source in tables.trays:
        tables.trays.setdefault(target, tables.trays.pop(source))
    if source in tables.user_settings:
        tables.user_settings.setdefault(target, tables.user_settings.pop(source))
    tables.codes = {digest: code for digest, code in tables.codes.items() if code.user_id != source}
    _pass_blocks_on(tables, source, target, instead=True)


def split_identity(tables: Tables, platform: Platform, external_id: str, *, now: datetime) -> UserId:
    """Make a fresh user of one identity; all that was made stays with the others. Returns the new user.

    Blocks pass on, those of servers too. Raises `ConstraintViolated` when the identity is unknown or the only one of
    its user; that changes nothing.
    """
    identity = tables.identities.get((platform, external_id))
    if identity is None or sum(one.user_id == identity.user_id for one in tables.identities.values()) < 2:
        raise ConstraintViolated(f"{platform.value}:{external_id} split off")
    old_id, new_id = identity.user_id, new_user_id()
    tables.users[new_id] = split_user(tables.users[old_id], new_id, now=now)
    tables.identities[platform, external_id] = replace(identity, user_id=new_id)
    account = tables.accounts.get(user_account(old_id))
    if account is not None:
        apart = split_account(account, new_id, now=now)
        tables.accounts[apart.id] = apart
    _pass_blocks_on(tables, old_id, new_id, instead=False)
    return new_id


def _merge_accounts(tables: Tables, source: UserId, target: UserId) -> None:
    old, new = user_account(source), user_account(target)
    tables.accounts[new] = merged_account(
        tables.accounts.pop(old, Account(old)), tables.accounts.get(new) or Account(new)
    )
    moved = {number: booking for number, booking in tables.bookings.items() if booking.account == old}
    tables.bookings.update({number: replace(booking, account=new) for number, booking in moved.items()})


def _merge_favourites(tables: Tables, source: UserId, target: UserId) -> None:
    for user_id, job_id, index in [key for key in tables.favourites if key[0] == source]:
        marked_at = tables.favourites.pop((user_id, job_id, index))
        tables.favourites.setdefault((target, job_id, index), marked_at)


def _merge_reports(tables: Tables, source: UserId, target: UserId) -> None:
    """Hand the source's reports over, but for those about a picture that the target reported, too."""
    known = {(one.job_id, one.index) for one in tables.reports.values() if one.reporter == target}
    for report in [one for one in tables.reports.values() if one.reporter == source]:
        if (report.job_id, report.index) in known:
            del tables.reports[report.id]
            tables.closed_reports.pop(report.id, None)
        else:
            tables.reports[report.id] = replace(report, reporter=target)


def _merge_styles(tables: Tables, source: UserId, target: UserId) -> None:
    """Move the cards to the target's shelf; one whose name is taken there gets a number that neither shelf has."""
    old, new = user_shelf(source), user_shelf(target)
    there = {style_key(card.name) for card in tables.styles.values() if card.shelf == new}
    moving = sorted(
        (card for card in tables.styles.values() if card.shelf == old), key=lambda card: (card.created_at, card.id)
    )
    taken = there | {style_key(card.name) for card in moving}
    for card in moving:
        name = numbered(card.name, taken) if style_key(card.name) in there else card.name
        taken.add(style_key(name))
        tables.styles[card.id] = replace(card, shelf=new, name=name)
    owned = [card for card in tables.styles.values() if card.owner == source]
    tables.styles.update({card.id: replace(card, owner=target) for card in owned})


def _pass_blocks_on(tables: Tables, known: UserId, other: UserId, *, instead: bool) -> None:
    """Shut `other` out on all servers that shut `known` out: `instead` of them, or beside them."""
    changed = {
        server: blocked_as_well(settings, known, other, instead=instead)
        for server, settings in tables.server_settings.items()
    }
    tables.server_settings.update(changed)
