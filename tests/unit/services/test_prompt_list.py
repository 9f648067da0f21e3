"""Prompts that say what is on a list are refused before anything is stored or charged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.actors import Actor, Platform, Server
from bot.domain.audit import AuditAction
from bot.domain.cards import Phase
from bot.domain.credits import Tiers
from bot.domain.errors import Rejected, Rejection
from bot.domain.people import ServerSettings
from bot.domain.requests import Draft
from bot.domain.words import WordList
from bot.services.server_words import MOST_WORDS
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import SpineKit, make_spine, running_spine

ADA = Actor(Platform.DISCORD, "80351110224678912")
HERE, THERE = Server(Platform.DISCORD, "12"), Server(Platform.DISCORD, "13")
ANN = Actor(Platform.DISCORD, "1", name="Ann", server=HERE)
MODERATOR = Actor(Platform.DISCORD, "3", server=HERE, is_moderator=True)
EVERYWHERE = WordList(["naked", "*porn*"])


async def refusal(asked: object) -> Rejected:
    with pytest.raises(Rejected) as raised:
        await asked  # type: ignore[misc]
    return raised.value


async def test_a_listed_word_is_refused_and_leaves_nothing_behind() -> None:
    kit = make_spine(words=EVERYWHERE, tiers=Tiers())
    assert isinstance(kit.images, MemoryImageStore)
    before = await kit.application.accounts.balance(ANN)
    draft = Draft("a n\u200bÄkеd king", subject=png(64, 64), styles=(png(32, 32),))
    refused = await refusal(kit.application.submit(Origin(ANN, "a"), draft))
    assert (refused.rejection, dict(refused.details)) == (Rejection.WORD_NOT_ALLOWED, {"word": "nakеd"})
    assert await kit.application.accounts.balance(ANN) == before
    assert (await kit.application.history.page(ANN)).jobs == ()
    assert len(kit.images) == 0


async def test_a_refused_prompt_keeps_the_tray_and_another_one_is_taken() -> None:
    kit = make_spine(words=EVERYWHERE)
    tray = await kit.application.tray.put(ANN, png(64, 64), TrayPlace.SUBJECT)
    await refusal(kit.application.submit(Origin(ANN, "a"), Draft("naked", use_tray=True)))
    assert await kit.application.tray.show(ANN) == tray
    assert (await kit.application.submit(Origin(ANN, "b"), Draft("dressed", use_tray=True))).is_new


async def test_what_was_listed_since_is_neither_rerolled_nor_varied_nor_repeated_nor_upscaled() -> None:
    async with running_spine() as kit:
        job = (await kit.application.submit(Origin(ANN, "a"), Draft("a wild fox", steps=1))).job
        await kit.until(job.id, Phase.DONE)
        await kit.application.words.add(MODERATOR, "wild")
        application = kit.application
        for asked in (
            application.reroll(Origin(ANN, "b"), job.id),
            application.vary(Origin(ANN, "c"), job.id, 0, 0.5),
            application.repeat(Origin(ANN, "d"), f"{job.id}-1"),
            application.upscale(Origin(ANN, "e"), job.id, 0),
        ):
            assert (await refusal(asked)).rejection is Rejection.WORD_NOT_ALLOWED


async def test_a_servers_list_is_for_that_server() -> None:
    kit = make_spine()
    assert await kit.application.words.add(MODERATOR, " Cat* ") == ("Cat*",)
    refused = await refusal(kit.application.submit(Origin(ANN, "a"), Draft("two CÄTS")))
    assert refused.details["word"] == "cats"
    for key, elsewhere in (("b", replace(ANN, server=THERE)), ("c", replace(ANN, server=None))):
        assert (await kit.application.submit(Origin(elsewhere, key), Draft("two cats"))).is_new


async def log_of(kit: SpineKit) -> list[tuple[AuditAction, str, str]]:
    entries = await kit.application.audit.recent(Actor(Platform.WEB, "local"))
    return [(entry.action, entry.subject, entry.detail) for entry in reversed(entries)]


async def test_words_are_added_and_removed_whatever_their_spelling_and_that_is_in_the_audit_log() -> None:
    kit = make_spine()
    words = kit.application.words
    assert await words.listed(MODERATOR) == ()
    assert await words.add(MODERATOR, "wild  fox") == ("wild fox",)
    assert await words.add(MODERATOR, "Ass") == ("Ass", "wild fox")
    assert await words.add(MODERATOR, "ÁSS") == ("Ass", "wild fox")
    assert await words.remove(MODERATOR, "WILD FÖX") == ("Ass",)
    assert (await refusal(words.remove(MODERATOR, "wild fox"))).rejection is Rejection.WORD_UNKNOWN
    assert await words.listed(MODERATOR) == ("Ass",)
    assert await log_of(kit) == [
        (AuditAction.WORDS_ADD, HERE.key, "wild fox"),
        (AuditAction.WORDS_ADD, HERE.key, "Ass"),
        (AuditAction.WORDS_REMOVE, HERE.key, "WILD FÖX"),
    ]


async def test_only_moderators_of_a_server_keep_its_list() -> None:
    words = make_spine(operators=(ADA.key,)).application.words
    for actor, why in (
        (ANN, Rejection.MODERATORS_ONLY),
        (replace(MODERATOR, server=None), Rejection.SERVER_NEEDED),
        (ADA, Rejection.SERVER_NEEDED),
    ):
        for asked in (words.listed(actor), words.add(actor, "cat"), words.remove(actor, "cat")):
            assert (await refusal(asked)).rejection is why


async def test_what_would_match_everything_and_too_many_words_are_refused() -> None:
    kit = make_spine()
    words = kit.application.words
    for unfit in ("*", "a*", "", "!!", "x" * 65):
        refused = await refusal(words.add(MODERATOR, unfit))
        assert (refused.rejection, refused.details["given"]) == (Rejection.WORD_UNFIT, unfit[:64])
    full = tuple(f"word{number}" for number in range(MOST_WORDS))
    await kit.application.preferences.change_server(MODERATOR, lambda before: replace(before, words=full))
    assert (await refusal(words.add(MODERATOR, "one more"))).rejection is Rejection.TOO_MANY_WORDS
    assert await words.add(MODERATOR, "word7") == full


async def test_a_stored_list_that_can_not_be_read_any_more_hinders_nobody(caplog: pytest.LogCaptureFixture) -> None:
    kit = make_spine()
    async with kit.open_unit() as unit:
        await unit.settings.set_server(HERE, ServerSettings(words=("*",)))
        await unit.commit()
    assert (await kit.application.submit(Origin(ANN, "a"), Draft("two cats"))).is_new
    assert "passed over" in caplog.text
