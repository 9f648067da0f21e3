"""/me and /link: one's credits, and one account for all platforms."""

from __future__ import annotations

import hashlib
from typing import Final

from adapters.telegram.calls import Call, Reply, button, keyboard
from adapters.telegram.commands import Command
from adapters.telegram.handlers.tools import Tools
from bot.domain.errors import Rejected, Rejection
from bot.domain.people import Identity
from bot.messages.accounts import identities_text, issued_text, overview_text

# A code has no spaces, so words of our buttons can not be mistaken for one.
_PART: Final = "part"
_PART_FOR_SURE: Final = "part!"
_MARK_CHARS: Final = 16


async def me(tools: Tools, call: Call) -> Reply:
    """Tier, credits, when they are filled up, linked accounts."""
    return Reply(overview_text(await tools.application.accounts.overview(call.actor), call.catalog))


async def link(tools: Tools, call: Call) -> Reply:
    """Without words a fresh code, and buttons to part what is linked; with a code it joins the accounts."""
    linking = tools.application.linking
    verb, rest = call.split()
    if verb in {_PART, _PART_FOR_SURE} and rest:
        return await _part(tools, call, rest, is_sure=verb == _PART_FOR_SURE)
    if call.words:
        joined = await linking.redeem(call.actor, call.words)
        return Reply(call.catalog.text("link-joined", names=identities_text(joined)))
    text = issued_text(await linking.issue(call.actor), call.catalog)
    known = await linking.identities(call.actor)
    if len(known) < 2:
        return Reply(text)
    names = call.catalog.text("account-linked", names=identities_text(known))
    rows = [
        [button(call.catalog.text("telegram-button-part", name=_name(one)), Command.LINK, _PART, _mark(one))]
        for one in known
    ]
    return Reply(f"{text}\n\n{names}", keyboard(*rows))


async def _part(tools: Tools, call: Call, mark: str, *, is_sure: bool) -> Reply:
    """Ask, then part; the button names the identity by what can not be confused with another."""
    linking = tools.application.linking
    named = [one for one in await linking.identities(call.actor) if _mark(one) == mark]
    if not named:
        raise Rejected(Rejection.PERSON_UNKNOWN)
    (identity,) = named
    if not is_sure:
        label = call.catalog.text("telegram-button-part", name=_name(identity))
        return Reply(
            call.catalog.text("telegram-part-sure", name=_name(identity)),
            keyboard([button(label, Command.LINK, _PART_FOR_SURE, mark)]),
        )
    await linking.unlink(call.actor, identity.platform, identity.external_id)
    return Reply(call.catalog.text("link-parted", name=_name(identity)))


def _name(identity: Identity) -> str:
    return identities_text([identity])


def _mark(identity: Identity) -> str:
    key = f"{identity.platform.value}:{identity.external_id}"
    return hashlib.sha256(key.encode()).hexdigest()[:_MARK_CHARS]
