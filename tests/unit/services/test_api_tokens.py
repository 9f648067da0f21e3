"""Tokens for programs."""

from __future__ import annotations

import pytest

from bot.domain.access import Scope
from bot.domain.actors import Actor, Platform
from bot.domain.audit import AuditAction
from bot.domain.errors import Rejected, Rejection
from bot.services.api_tokens import ApiTokens
from storage.memory import MemoryStorage
from tests.support.spine import SteadyClock

DAY_S = 86_400
ADA = Actor(Platform.DISCORD, "42", name="Ada")


class Kit:
    """Tokens on storage in memory, with a clock in the hand."""

    def __init__(self) -> None:
        self.storage = MemoryStorage()
        self.clock = SteadyClock()
        self.tokens = ApiTokens(open_unit=self.storage.unit_of_work, clock=self.clock, max_uses_a_minute=3)


@pytest.fixture
def kit() -> Kit:
    return Kit()


async def test_a_token_is_shown_once_and_recognised(kit: Kit) -> None:
    issued = await kit.tokens.create(ADA, "  nightly \n script ", Scope.DRAW, by="web:local")
    assert issued.secret.startswith("uso_")
    assert len(issued.secret) > 40
    assert issued.token.name == "nightly script"
    found = await kit.tokens.recognise(issued.secret)
    assert found is not None
    assert (found.holder.key, found.scope) == ("discord:42", Scope.DRAW)
    assert issued.secret not in f"{issued!r} {await kit.tokens.all()}"


@pytest.mark.parametrize("secret", ["", "uso_", "uso_wrong", "bearer", "uso_\ud800"])
async def test_anything_else_is_not(kit: Kit, secret: str) -> None:
    await kit.tokens.create(ADA, "nightly", Scope.DRAW, by="web:local")
    assert await kit.tokens.recognise(secret) is None


async def test_the_first_use_is_noted_and_then_one_every_five_minutes(kit: Kit) -> None:
    secret = (await kit.tokens.create(ADA, "nightly", Scope.DRAW, by="web:local")).secret
    first = kit.clock.now()
    await kit.tokens.recognise(secret)
    kit.clock.advance(299)
    await kit.tokens.recognise(secret)
    assert [token.used_at for token in await kit.tokens.all()] == [first]
    kit.clock.advance(1)
    await kit.tokens.recognise(secret)
    assert [token.used_at for token in await kit.tokens.all()] == [kit.clock.now()]


async def test_a_token_ends_with_its_days_or_when_it_is_revoked(kit: Kit) -> None:
    short = await kit.tokens.create(ADA, "short", Scope.DRAW, by="web:local", days=1)
    long = await kit.tokens.create(ADA, "long", Scope.DRAW, by="web:local")
    kit.clock.advance(DAY_S - 1)
    assert await kit.tokens.recognise(short.secret) is not None
    kit.clock.advance(1)
    assert await kit.tokens.recognise(short.secret) is None
    assert [kit.tokens.is_over(token) for token in await kit.tokens.all()] == [False, True]
    assert await kit.tokens.recognise(long.secret) is not None
    assert (await kit.tokens.revoke("long", by="command line")).name == "long"
    assert await kit.tokens.recognise(long.secret) is None
    assert (await kit.tokens.revoke(short.token.id, by="command line")).name == "short"
    with pytest.raises(Rejected) as refused:
        await kit.tokens.revoke("long", by="command line")
    assert refused.value.rejection is Rejection.TOKEN_UNKNOWN


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\x07b"])
async def test_a_name_can_be_read(kit: Kit, name: str) -> None:
    with pytest.raises(Rejected) as refused:
        await kit.tokens.create(ADA, name, Scope.DRAW, by="web:local")
    assert refused.value.rejection is Rejection.TOKEN_NAME_BAD


async def test_names_are_given_once(kit: Kit) -> None:
    await kit.tokens.create(ADA, "nightly", Scope.DRAW, by="web:local")
    with pytest.raises(Rejected) as refused:
        await kit.tokens.create(ADA, "nightly", Scope.METRICS, by="web:local")
    assert refused.value.rejection is Rejection.TOKEN_NAME_TAKEN


@pytest.mark.parametrize("days", [0, -1, 3651])
async def test_days_are_bounded(kit: Kit, days: int) -> None:
    with pytest.raises(Rejected) as refused:
        await kit.tokens.create(ADA, "nightly", Scope.DRAW, by="web:local", days=days)
    assert refused.value.rejection is Rejection.TOKEN_DAYS_OUT_OF_RANGE


async def test_a_token_that_is_used_too_often_has_to_wait_and_no_other(kit: Kit) -> None:
    secret = (await kit.tokens.create(ADA, "nightly", Scope.DRAW, by="web:local")).secret
    other = (await kit.tokens.create(ADA, "daily", Scope.DRAW, by="web:local")).secret
    for _ in range(3):
        assert await kit.tokens.recognise(secret) is not None
        kit.clock.advance(10)
    with pytest.raises(Rejected) as refused:
        await kit.tokens.recognise(secret)
    assert refused.value.rejection is Rejection.TOKEN_USED_TOO_OFTEN
    assert refused.value.details == {"seconds": 30}
    assert await kit.tokens.recognise(other) is not None
    kit.clock.advance(30)
    assert await kit.tokens.recognise(secret) is not None


def test_what_scopes_allow() -> None:
    allowed = {(had.value, needed.value) for had in Scope for needed in Scope if had.allows(needed)}
    same = {(scope.value, scope.value) for scope in Scope}
    assert allowed == same | {("operate", "draw"), ("operate", "metrics")}


async def test_making_and_revoking_go_into_the_audit_log(kit: Kit) -> None:
    await kit.tokens.create(ADA, "nightly", Scope.METRICS, by="web:local")
    await kit.tokens.revoke("nightly", by="command line")
    async with kit.storage.unit_of_work() as unit:
        removed, added = await unit.audit.recent(limit=5)
    assert (added.by, added.action, added.subject, added.detail) == (
        "web:local",
        AuditAction.TOKEN_ADD,
        "discord:42",
        "nightly (metrics)",
    )
    assert (removed.by, removed.action, removed.detail) == ("command line", AuditAction.TOKEN_REMOVE, "nightly")
