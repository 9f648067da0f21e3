"""The part of /admin that is about people and about the whole bot."""

from __future__ import annotations

import re
from typing import Final

from adapters.telegram.calls import Call, Reply
from adapters.telegram.handlers.tools import Tools
from bot.domain.actors import Actor, Platform
from bot.domain.credits import CREDIT
from bot.messages.cards import credits_number
from bot.services.parsing import parse_number

_EVERYWHERE: Final = "everywhere"
_NO_TIER: Final = frozenset({"none", "-"})
_KEY: Final = re.compile(r"(?:(discord|telegram):)?(-?[0-9]{1,20})")


async def switch_mode(tools: Tools, call: Call, mode: str) -> Reply:
    """Pause, drain or resume the whole bot. Raises `Rejected`."""
    operations = tools.application.operations
    switch = {"pause": operations.pause, "drain": operations.drain, "resume": operations.resume}[mode]
    await switch(call.actor)
    return Reply(call.catalog.text(f"admin-{mode}-done"))


async def grant(tools: Tools, call: Call, words: str) -> Reply:
    """`/admin grant 10` as an answer to a person, or `/admin grant telegram:42 10`. Raises `Rejected`."""
    person, amount = _named(call, words)
    if person is None or not amount:
        return Reply(call.catalog.text("telegram-admin-grant-how"))
    given = round(parse_number("amount", amount) * CREDIT)
    balance = await tools.application.operations.grant(call.actor, person, given)
    left = credits_number(balance.account.left)
    return Reply(call.catalog.text("admin-granted", name=_name(person), amount=credits_number(given), left=left))


async def set_tier(tools: Tools, call: Call, words: str) -> Reply:
    """`/admin quota tier NAME` as an answer to a person, or with their key before it. Raises `Rejected`."""
    person, tier = _named(call, words)
    if person is None or not tier:
        return Reply(call.catalog.text("telegram-admin-quota-how"))
    chosen = None if tier.lower() in _NO_TIER else tier
    balance = await tools.application.operations.set_tier(call.actor, person, chosen)
    return Reply(call.catalog.text("admin-tier-set", name=_name(person), tier=balance.tier.name))


async def block(tools: Tools, call: Call, words: str) -> Reply:
    """Shut a person out of the group; in private or with `everywhere` of the whole bot. Raises `Rejected`."""
    person, reason = _named(call, words)
    if person is None:
        return Reply(call.catalog.text("telegram-admin-block-how"))
    is_everywhere, reason = _scope(call, reason)
    if is_everywhere:
        await tools.application.operations.block(call.actor, person, reason)
        return Reply(call.catalog.text("admin-blocked-everywhere", name=_name(person)))
    await tools.application.preferences.block_member(call.actor, person)
    return Reply(call.catalog.text("admin-blocked", name=_name(person)))


async def unblock(tools: Tools, call: Call, words: str) -> Reply:
    """Let a person in again. Raises `Rejected`."""
    person, rest = _named(call, words)
    if person is None:
        return Reply(call.catalog.text("telegram-admin-block-how"))
    if _scope(call, rest)[0]:
        await tools.application.operations.unblock(call.actor, person)
        return Reply(call.catalog.text("admin-unblocked-everywhere", name=_name(person)))
    await tools.application.preferences.unblock_member(call.actor, person)
    return Reply(call.catalog.text("admin-unblocked", name=_name(person)))


def _named(call: Call, words: str) -> tuple[Actor | None, str]:
    """Whom the words begin with, such as `telegram:42`, else who wrote the answered message; and the words left."""
    first, _, rest = words.partition(" ")
    answered = _author(call)
    key = _KEY.fullmatch(first.lower())
    # Without a platform a number is an amount, if somebody is meant already.
    if key is not None and (key[1] is not None or answered is None):
        return Actor(Platform(key[1] or Platform.TELEGRAM.value), key[2]), rest.strip()
    return answered, words.strip()


def _author(call: Call) -> Actor | None:
    message = call.answered
    if message is None:
        return None
    if message.sender_chat is not None:
        return Actor(Platform.TELEGRAM, str(message.sender_chat.id), message.sender_chat.effective_name or "")
    user = message.from_user
    if user is None or user.is_bot:
        return None
    return Actor(Platform.TELEGRAM, str(user.id), user.full_name)


def _scope(call: Call, words: str) -> tuple[bool, str]:
    """Whether the whole bot is meant, and the words left: the reason."""
    first, _, rest = words.partition(" ")
    if first.lower() == _EVERYWHERE:
        return True, rest.strip()
    return call.is_private, words


def _name(person: Actor) -> str:
    return person.name or person.key
