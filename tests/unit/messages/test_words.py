"""Every word that can be shown exists in every language, and takes the same arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest
from fluent.syntax import FluentParser, ast, visitor

from bot.domain.cards import Card, Phase, Progress
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import FailureKind, Job, JobState, ResultPicture
from bot.domain.requests import GenerationRequest, Mode
from bot.messages.cards import card_text, failure_text, rejection_text, time_left_text
from bot.messages.catalogs import load_catalogs

CATALOGS = load_catalogs()
DETAILS: dict[str, Any] = {
    "limit": 2,
    "given": "x",
    "length": 3,
    "low": 1,
    "high": 2,
    "name": "steps",
    "choices": "a, b",
    "limit_mb": 20,
    "limit_mpx": 40,
    "width": 10,
    "height": 20,
    "cost": 1.5,
    "left": 0.25,
    "most": 25,
    "hours": 3,
    "minutes": 20,
    "seconds": 30,
    "channels": "12, 13",
    "word": "naked",
}


class _Variables(visitor.Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 -- fluent's name
        self.names.add(node.id.name)


def messages(locale: str) -> dict[str, set[str]]:
    """Keys of a language with the arguments they use."""
    text = resources.files("bot.messages").joinpath(f"locales/{locale}.ftl").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(text).body:
        assert not isinstance(entry, ast.Junk), f"{locale}: {(entry.content or '')[:80]}"
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{locale}: {entry.id.name} twice"
            variables = _Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


def request(**changes: object) -> GenerationRequest:
    plain: dict[str, object] = {
        "prompt": "a fish",
        "subject": None,
        "styles": (),
        "width": 1024,
        "height": 768,
        "keep_size": False,
        "steps": 25,
        "guidance": 4.0,
        "subject_size": 512,
        "seed": 3407,
    }
    return GenerationRequest(**{**plain, **changes})  # type: ignore[arg-type]


def card(phase: Phase, **changes: object) -> Card:
    state = JobState(phase.value) if phase.is_final else JobState.QUEUED
    picture = ResultPicture(0, "0" * 64, 3407, None, 256, 192, 1.0, "toy model", "abc", is_toy=True)
    pictures = (picture,) if phase is Phase.DONE else ()
    job = Job("id", "ann", request(count=2), state, "e", datetime(2026, 1, 1, tzinfo=UTC), pictures=pictures)
    return Card(job=job, phase=phase, serial=1, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("locale", [locale for locale in CATALOGS.locales if locale != "en"])
def test_languages_have_the_same_keys_and_arguments(locale: str) -> None:
    assert messages(locale) == messages("en")


@pytest.mark.parametrize("locale", CATALOGS.locales)
def test_every_refusal_failure_phase_and_mode_has_words(locale: str) -> None:
    catalog = CATALOGS.for_locale(locale)
    for rejection in Rejection:
        assert rejection_text(Rejected(rejection, **DETAILS), catalog)
    for failure in FailureKind:
        assert failure_text(failure, catalog)
    for phase in Phase:
        text = card_text(card(phase), catalog)
        assert text.title
        assert text.detail
    for mode in Mode:
        assert catalog.text(f"mode-{mode.value}", styles=2)


def test_what_a_card_says() -> None:
    english = CATALOGS.for_locale("en-US")
    running = Progress(Phase.RUNNING, picture_index=1, step=12, steps=25)
    text = card_text(card(Phase.RUNNING, progress=running, seconds_left=41.2, is_toy=True), english)
    assert (text.title, text.detail, text.label) == (
        "Drawing, step 12 of 25",
        "picture 2 of 2 · about 42 s left",
        "toy model",
    )
    assert card_text(card(Phase.QUEUED, queue_place=3, seconds_left=125.0), english).detail == (
        "Place 3 in the queue · about 3 min left"
    )
    done = card(Phase.DONE)
    assert card_text(done, english).detail == (
        "Your picture is ready · drawn at 256 × 192 · 1 picture was not suited to be shown here and was withheld"
    )
    whole = replace(done, job=replace(done.job, request=request(count=1)))
    assert card_text(whole, english).detail == "Your picture is ready · drawn at 256 × 192"
    as_large = replace(card(Phase.DONE).job.pictures[0], is_toy=False, width=1024, height=768)
    smaller = replace(as_large, index=1, width=768, height=576)
    shrunk = Card(replace(card(Phase.DONE).job, pictures=(as_large, smaller)), Phase.DONE, 1)
    assert "memory ran out for the size you asked for, so drawn at 768 × 576" in card_text(shrunk, english).detail
    as_asked = Card(replace(card(Phase.DONE).job, pictures=(as_large, as_large)), Phase.DONE, 1)
    assert "drawn at" not in card_text(as_asked, english).detail
    paused = card_text(card(Phase.QUEUED, queue_place=3, is_paused=True), english)
    assert paused.title == "Paused"
    assert paused.detail == (
        "Whoever runs this bot has paused it. Your request is safe and starts by itself once it goes on."
    )
    assert "50 %" in card_text(card(Phase.WARMING_UP, warm_up_fraction=0.5), english).detail


def test_credits_are_said_as_people_count_them() -> None:
    english, german = CATALOGS.for_locale("en"), CATALOGS.for_locale("de")
    queued = card(Phase.QUEUED, queue_place=1)
    asked = replace(queued, job=replace(queued.job, cost=100))
    assert card_text(asked, english).detail == "You are next · costs 1 credit"
    half = replace(queued, job=replace(queued.job, cost=150))
    assert card_text(half, german).detail.endswith("kostet 1,5 Guthabenpunkte")
    failed = card(Phase.FAILED)
    refunded = replace(failed, job=replace(failed.job, cost=200, refunded=200))
    assert card_text(refunded, english).detail.endswith("Your 2 credits are back.")
    used_up = Rejected(Rejection.CREDITS_USED_UP, cost=1, left=0.5, hours=0, minutes=7, resets_at="")
    assert rejection_text(used_up, english) == (
        "This costs 1 credit, and you have 0.5 left. Your credits are filled up again in 7 min."
    )


def test_numbers_are_not_grouped_and_unknown_languages_are_english() -> None:
    assert CATALOGS.for_locale("de-AT").text("card-drawn-at", width=1024, height=1024).endswith("1024 × 1024")
    assert CATALOGS.for_locale("tlh").locale == "en"
    assert CATALOGS.for_locale(None).locale == "en"
    with pytest.raises(ValueError, match="card-drawn-at"):
        CATALOGS.for_locale("en").text("card-drawn-at", width=1024)


def test_times_are_rounded_up() -> None:
    english = CATALOGS.for_locale("en")
    assert time_left_text(None, english) == ""
    assert time_left_text(0.2, english) == "about 1 s left"
    assert time_left_text(89.5, english) == "about 90 s left"
    assert time_left_text(91, english) == "about 2 min left"
