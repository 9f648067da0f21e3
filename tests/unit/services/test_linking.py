"""One account for several identities."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.errors import Rejected, Rejection
from bot.domain.histories import Search
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.support.spine import SpineKit, running_spine

ON_DISCORD = Actor(Platform.DISCORD, "1", name="Ann")
ON_TELEGRAM = Actor(Platform.TELEGRAM, "2", name="ann_t")
BOB = Actor(Platform.DISCORD, "3", name="Bob")
TIERS = Tiers((Tier("free", 3 * CREDIT), Tier("boundless", None)), default="free", page="boundless")


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine(is_manual=True), tiers=TIERS) as made:
        yield made


async def refusal_of(kit: SpineKit, actor: Actor, code: str) -> Rejection:
    with pytest.raises(Rejected) as raised:
        await kit.application.linking.redeem(actor, code)
    return raised.value.rejection


async def test_a_code_joins_histories_and_credits(kit: SpineKit) -> None:
    application = kit.application
    for number, actor in enumerate((ON_DISCORD, ON_TELEGRAM)):
        await application.submit(Origin(actor, f"event {number}"), Draft(prompt=f"fish {number}"))
    issued = await application.linking.issue(ON_DISCORD)
    joined = await application.linking.redeem(ON_TELEGRAM, f" {issued.code.upper()} ")
    assert {(one.platform, one.name) for one in joined} == {(Platform.DISCORD, "Ann"), (Platform.TELEGRAM, "ann_t")}
    async with kit.open_unit() as unit:
        owner = await unit.users.find(ON_TELEGRAM)
        assert owner == await unit.users.find(ON_DISCORD)
        assert owner is not None
        page = await unit.history.search(Search(owner))
    assert {job.request.prompt for job in page.jobs} == {"fish 0", "fish 1"}
    balance = await application.accounts.balance(ON_DISCORD)
    assert balance.account.left == 4 * CREDIT
    assert balance == await application.accounts.balance(ON_TELEGRAM)
    assert {job.owner for job in application.board.unfinished()} == {owner}
    await application.cancel(ON_DISCORD, page.jobs[0].id)
    await application.cancel(ON_DISCORD, page.jobs[1].id)
    view = await application.accounts.view(ON_TELEGRAM)
    assert view.balance.account.left == 6 * CREDIT == sum(one.total for one in view.bookings)


async def test_a_code_works_once_for_minutes_and_not_for_its_own_account(kit: SpineKit) -> None:
    linking = kit.application.linking
    issued = await linking.issue(ON_DISCORD)
    assert await refusal_of(kit, ON_DISCORD, issued.code) is Rejection.LINK_TO_ITSELF
    await linking.redeem(ON_TELEGRAM, issued.code)
    assert await refusal_of(kit, BOB, issued.code) is Rejection.LINK_CODE_WRONG
    old = await linking.issue(ON_DISCORD)
    new = await linking.issue(ON_DISCORD)
    assert await refusal_of(kit, BOB, old.code) is Rejection.LINK_CODE_WRONG
    kit.clock.advance(601)
    assert await refusal_of(kit, BOB, new.code) is Rejection.LINK_CODE_WRONG


async def test_codes_can_not_be_guessed(kit: SpineKit) -> None:
    linking = kit.application.linking
    codes = {(await linking.issue(ON_DISCORD)).code for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {11}
    for _ in range(5):
        assert await refusal_of(kit, BOB, "00000-00000") is Rejection.LINK_CODE_WRONG
    issued = await linking.issue(ON_DISCORD)
    assert await refusal_of(kit, BOB, issued.code) is Rejection.LINK_TOO_MANY_TRIES
    kit.clock.advance(600)
    issued = await linking.issue(ON_DISCORD)
    await linking.redeem(BOB, issued.code)


async def test_only_a_digest_of_the_code_is_stored(kit: SpineKit) -> None:
    issued = await kit.application.linking.issue(ON_DISCORD)
    plain = issued.code.replace("-", "")
    async with kit.open_unit() as unit:
        assert await unit.links.take(plain, now=kit.clock.now()) is None
        assert await unit.links.take(issued.code, now=kit.clock.now()) is None


async def test_unlinking_starts_afresh_and_gives_no_second_day(kit: SpineKit) -> None:
    application = kit.application
    await application.submit(Origin(ON_DISCORD, "event"), Draft(prompt="fish", count=3))
    issued = await application.linking.issue(ON_DISCORD)
    await application.linking.redeem(ON_TELEGRAM, issued.code)
    before = (await application.accounts.balance(ON_DISCORD)).account.left
    await application.linking.unlink(ON_DISCORD, Platform.TELEGRAM, ON_TELEGRAM.external_id)
    assert [one.platform for one in await application.linking.identities(ON_DISCORD)] == [Platform.DISCORD]
    assert (await application.accounts.balance(ON_DISCORD)).account.left == before
    assert (await application.accounts.balance(ON_TELEGRAM)).account.left == 0
    async with kit.open_unit() as unit:
        fresh = await unit.users.find(ON_TELEGRAM)
        assert fresh is not None
        assert (await unit.history.search(Search(fresh))).jobs == ()
    for platform, external_id, rejection in (
        (Platform.DISCORD, ON_DISCORD.external_id, Rejection.LINK_LAST),
        (Platform.TELEGRAM, ON_TELEGRAM.external_id, Rejection.PERSON_UNKNOWN),
    ):
        with pytest.raises(Rejected) as raised:
            await application.linking.unlink(ON_DISCORD, platform, external_id)
        assert raised.value.rejection is rejection
