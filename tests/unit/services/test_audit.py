"""The audit log: who decided what about whom is written down with the decision, and only operators read it."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, Server
from bot.domain.audit import COMMAND_LINE, AuditAction, AuditEntry
from bot.domain.cards import Phase
from bot.domain.credits import CREDIT
from bot.domain.errors import Rejected
from bot.domain.operations import RunMode
from bot.domain.requests import Draft
from bot.services.export import Export
from bot.services.privacy import Erasure
from bot.services.submit import Origin
from tests.support.faulty_storage import Fault, FaultyStorage
from tests.support.spine import SpineKit, make_spine, running_spine

ADA = Actor(Platform.DISCORD, "80351110224678912")
ANN = Actor(Platform.DISCORD, "1", name="Ann")
HERE = Server(Platform.DISCORD, "12")
MODERATOR = Actor(Platform.DISCORD, "3", server=HERE, is_moderator=True)
OPERATORS = (ADA.key,)


async def log_of(kit: SpineKit) -> list[tuple[str, AuditAction, str, str]]:
    """What the log says, oldest first."""
    entries = await kit.application.audit.recent(ADA)
    assert {entry.at for entry in entries} <= {kit.clock.now()}
    return [(entry.by, entry.action, entry.subject, entry.detail) for entry in reversed(entries)]


async def test_only_operators_read_it() -> None:
    audit = make_spine(operators=OPERATORS).application.audit
    for actor in (ANN, MODERATOR):
        with pytest.raises(Rejected, match="operators-only"):
            await audit.recent(actor)
    assert await audit.recent(ADA) == await audit.recent(Actor(Platform.WEB, "local")) == []


DECISIONS: dict[str, tuple[Callable[[SpineKit], Awaitable[object]], tuple[str, AuditAction, str, str]]] = {
    "grant": (
        lambda kit: kit.application.operations.grant(ADA, ANN, 5 * CREDIT // 2),
        (ADA.key, AuditAction.GRANT, ANN.key, "+2.5"),
    ),
    "tier": (
        lambda kit: kit.application.operations.set_tier(ADA, ANN, "unlimited"),
        (ADA.key, AuditAction.TIER, ANN.key, "unlimited"),
    ),
    "tier until": (
        lambda kit: kit.application.accounts.set_tier(
            ANN, None, by=COMMAND_LINE, until=datetime(2027, 1, 1, tzinfo=UTC)
        ),
        (COMMAND_LINE, AuditAction.TIER, ANN.key, "default until 2027-01-01T00:00:00+00:00"),
    ),
    "block": (
        lambda kit: kit.application.operations.block(ADA, ANN, "spam"),
        (ADA.key, AuditAction.BLOCK, ANN.key, "spam"),
    ),
    "pause": (lambda kit: kit.application.operations.pause(ADA), (ADA.key, AuditAction.PAUSE, "", "")),
    "drain": (lambda kit: kit.application.operations.drain(ADA), (ADA.key, AuditAction.DRAIN, "", "")),
    "resume": (lambda kit: kit.application.operations.resume(ADA), (ADA.key, AuditAction.RESUME, "", "")),
    "restart": (
        lambda kit: kit.application.operations.restart_engine(ADA),
        (ADA.key, AuditAction.RESTART_ENGINE, "", ""),
    ),
    "server block": (
        lambda kit: kit.application.preferences.block_member(MODERATOR, ANN),
        (MODERATOR.key, AuditAction.SERVER_BLOCK, ANN.key, HERE.key),
    ),
    "server settings": (
        lambda kit: kit.application.preferences.change_server(
            MODERATOR, lambda before: replace(before, max_count=1, locale="de")
        ),
        (MODERATOR.key, AuditAction.SERVER_SETTINGS, HERE.key, "locale, max_count"),
    ),
}


@pytest.mark.parametrize("name", DECISIONS)
async def test_a_decision_is_written_down(name: str) -> None:
    decide, entry = DECISIONS[name]
    kit = make_spine(operators=OPERATORS)
    await decide(kit)
    assert await log_of(kit) == [entry]


async def test_letting_people_in_again_is_written_down() -> None:
    kit = make_spine(operators=OPERATORS)
    await kit.application.operations.block(ADA, ANN, "spam")
    await kit.application.operations.unblock(ADA, ANN)
    await kit.application.preferences.unblock_member(MODERATOR, ANN)
    assert (await log_of(kit))[1:] == [
        (ADA.key, AuditAction.UNBLOCK, ANN.key, ""),
        (MODERATOR.key, AuditAction.SERVER_UNBLOCK, ANN.key, HERE.key),
    ]


async def test_what_is_refused_or_changes_nothing_is_not_written_down() -> None:
    kit = make_spine(operators=OPERATORS)
    for refused in (
        kit.application.operations.grant(ADA, ANN, -CREDIT),
        kit.application.operations.set_tier(ADA, ANN, "no such tier"),
        kit.application.operations.unblock(ADA, ANN),
        kit.application.operations.pause(ANN),
    ):
        with pytest.raises(Rejected):
            await refused
    await kit.application.preferences.change_server(MODERATOR, lambda before: before)
    assert await log_of(kit) == []


async def test_what_people_do_to_their_own_requests_is_not_written_down_what_moderators_do_is() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine, operators=OPERATORS) as kit:
        application = kit.application
        ann = replace(ANN, server=HERE)
        await application.operations.pause(ADA)
        jobs = [(await application.submit(Origin(ann, key), Draft("x", steps=2))).job for key in "abc"]
        await application.cancel(ann, jobs[0].id)
        await application.cancel(MODERATOR, jobs[1].id)
        await application.operations.resume(ADA)
        await engine.held.wait()
        await application.cancel(MODERATOR, jobs[2].id)
        engine.release()
        await kit.until(jobs[2].id, Phase.CANCELLED)
        await application.history.delete(ann, jobs[0].id)
        await application.history.delete(MODERATOR, jobs[1].id)
        assert [entry for entry in await log_of(kit) if entry[0] != ADA.key] == [
            (MODERATOR.key, AuditAction.CANCEL, jobs[1].id, ""),
            (MODERATOR.key, AuditAction.CANCEL, jobs[2].id, ""),
            (MODERATOR.key, AuditAction.DELETE, jobs[1].id, ""),
        ]


async def test_a_pause_works_while_the_database_is_away_and_is_missing_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    storage = FaultyStorage()
    kit = make_spine(operators=OPERATORS, storage=storage)
    storage.script.append(Fault.AWAY)
    await kit.application.operations.pause(ADA)
    assert kit.application.operations.mode is RunMode.PAUSED
    assert await log_of(kit) == []
    assert f"pause by {ADA.key} is missing in the audit log" in caplog.text


async def test_taking_and_erasing_somebody_elses_data_is_written_down_and_names_nobody() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        await kit.application.operations.block(ADA, ANN, "spam")
        exporter = Export(open_unit=kit.open_unit, images=kit.images, clock=kit.clock)
        await exporter(ANN, io.BytesIO())
        await exporter(ANN, io.BytesIO(), by=COMMAND_LINE)
        assert (await log_of(kit))[1:] == [(COMMAND_LINE, AuditAction.EXPORT, ANN.key, "")]

        erasure = Erasure(
            open_unit=kit.open_unit, keeper=kit.spine._parts.keeper, scrubber=kit.storage, clock=kit.clock
        )
        assert await erasure.remove_rows(ANN, by=COMMAND_LINE) is not None
        blocked, taken, erased = await log_of(kit)
        name = erased[2]
        assert name.startswith("erased-")
        assert [blocked, taken, erased] == [
            (ADA.key, AuditAction.BLOCK, name, ""),
            (COMMAND_LINE, AuditAction.EXPORT, name, ""),
            (COMMAND_LINE, AuditAction.ERASE, name, ""),
        ]


async def test_who_erases_their_own_data_leaves_no_entry() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        await kit.application.submit(Origin(ANN, "a"), Draft("x", steps=1))
        await kit.application.erase(ANN)
        assert await log_of(kit) == []


async def test_the_number_of_entries_is_bounded() -> None:
    kit = make_spine(operators=OPERATORS)
    for _ in range(3):
        await kit.application.operations.pause(ADA)
    assert len(await kit.application.audit.recent(ADA, limit=2)) == 2
    assert await kit.application.audit.recent(ADA, limit=-1) == []
    entry = (await kit.application.audit.recent(ADA, limit=1))[0]
    assert entry == AuditEntry(kit.clock.now(), ADA.key, AuditAction.PAUSE)
