"""/admin: what those decide who look after a group, and those who run the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final, assert_never

from adapters.telegram.calls import Call, Reply
from adapters.telegram.handlers.operating import block, grant, set_tier, switch_mode, unblock
from adapters.telegram.handlers.reports import decide_reports
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.handlers.words import keep_words
from bot.domain.credits import CREDIT
from bot.domain.errors import Rejected, Rejection
from bot.domain.people import ServerSettings
from bot.messages.cards import credits_number
from bot.messages.operations import stats_text
from bot.messages.settings import server_settings_text
from bot.services.parsing import parse_number, parse_whole_number

_OFF: Final = frozenset({"off", "0", "-"})
_AUTOMATIC: Final = "auto"


class AdminVerb(StrEnum):
    """What can be administered."""

    QUOTA = "quota"
    LIMITS = "limits"
    BLOCK = "block"
    UNBLOCK = "unblock"
    WORDS = "words"
    STATS = "stats"
    GRANT = "grant"
    PAUSE = "pause"
    DRAIN = "drain"
    RESUME = "resume"
    REPORTS = "reports"


async def admin(tools: Tools, call: Call) -> Reply:
    """Do it and say how things stand; how it is typed where that did not fit. Raises `Rejected`."""
    word, rest = call.split()
    if not word:
        return await _overview(tools, call)
    try:
        verb = AdminVerb(word)
    except ValueError as error:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=word[:40], choices=", ".join(AdminVerb)) from error
    match verb:
        case AdminVerb.QUOTA | AdminVerb.LIMITS | AdminVerb.WORDS:
            return await _look_after(tools, call, verb, rest)
        case AdminVerb.BLOCK:
            return await block(tools, call, rest)
        case AdminVerb.UNBLOCK:
            return await unblock(tools, call, rest)
        case AdminVerb.STATS:
            return await _stats(tools, call)
        case AdminVerb.GRANT | AdminVerb.REPORTS:
            return await (grant if verb is AdminVerb.GRANT else decide_reports)(tools, call, rest)
        case AdminVerb.PAUSE | AdminVerb.DRAIN | AdminVerb.RESUME:
            return await switch_mode(tools, call, verb.value)
        case _:
            assert_never(verb)


async def _look_after(tools: Tools, call: Call, verb: AdminVerb, rest: str) -> Reply:
    """What a group has and allows."""
    match verb:
        case AdminVerb.QUOTA:
            return await _quota(tools, call, rest)
        case AdminVerb.LIMITS:
            return await _limits(tools, call, rest)
        case _:
            return await keep_words(tools, call, rest)


async def _overview(tools: Tools, call: Call) -> Reply:
    """How things stand, and what can be typed, for those who may."""
    is_operator = tools.application.operations.is_operator(call.actor)
    if call.actor.is_moderator:
        settings = await _server(tools, call)
        told = [server_settings_text(settings, call.catalog), call.catalog.text("telegram-admin-group")]
    elif is_operator:
        told = []
    else:
        raise Rejected(Rejection.OPERATORS_ONLY if call.is_private else Rejection.MODERATORS_ONLY)
    if is_operator:
        told.append(call.catalog.text("telegram-admin-operator"))
    return Reply("\n\n".join(told))


async def _quota(tools: Tools, call: Call, words: str) -> Reply:
    what, _, value = words.partition(" ")
    match what.lower(), value.strip():
        case "", "":
            return Reply(server_settings_text(await _server(tools, call), call.catalog))
        case "pool", amount if amount:
            pool = None if amount.lower() in _OFF else round(parse_number("pool", amount) * CREDIT)
            return await _change(tools, call, lambda before: replace(before, pool=pool))
        case "tier", name if name:
            return await set_tier(tools, call, name)
        case _:
            return Reply(call.catalog.text("telegram-admin-quota-how"))


async def _limits(tools: Tools, call: Call, words: str) -> Reply:
    what, _, value = words.partition(" ")
    value = value.strip().lower()
    if not what:
        return Reply(server_settings_text(await _server(tools, call), call.catalog))
    if not value or what.lower() not in {"count", "waiting", "language"}:
        return Reply(call.catalog.text("telegram-admin-limits-how"))
    if what.lower() == "language":
        locale = None if value == _AUTOMATIC else value
        return await _change(tools, call, lambda before: replace(before, locale=locale))
    most = None if value in _OFF else parse_whole_number(what.lower(), value)
    if what.lower() == "count":
        return await _change(tools, call, lambda before: replace(before, max_count=most))
    return await _change(tools, call, lambda before: replace(before, max_waiting=most))


async def _stats(tools: Tools, call: Call) -> Reply:
    """The bot's numbers for operators; for the others how their group stands, and what its pool still shares."""
    operations = tools.application.operations
    if operations.is_operator(call.actor) or call.is_private:
        return Reply(stats_text(await operations.stats(call.actor), call.catalog))
    told = [server_settings_text(await _server(tools, call), call.catalog)]
    balance = await tools.application.accounts.balance(call.actor)
    if balance.pool is not None:
        told.append(call.catalog.text("account-pool", left=credits_number(balance.pool)))
    return Reply("\n".join(told))


async def _change(tools: Tools, call: Call, change: Callable[[ServerSettings], ServerSettings]) -> Reply:
    changed = await tools.application.preferences.change_server(call.actor, change)
    return Reply(server_settings_text(changed, call.catalog))


async def _server(tools: Tools, call: Call) -> ServerSettings:
    """The settings of the group, for those who look after it. Raises `Rejected`."""
    if call.actor.server is None:
        raise Rejected(Rejection.SERVER_NEEDED)
    if not call.actor.is_moderator:
        raise Rejected(Rejection.MODERATORS_ONLY)
    return await tools.application.preferences.of_server(call.actor.server)
