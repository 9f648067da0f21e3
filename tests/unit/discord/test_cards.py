"""What a card looks like, and the limits of Discord that every card keeps."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from discord import ui

from adapters.discord.buttons import ASIDE_ID, CANCEL_ID, DELETE_ID, ERASE_ID, PICK_ID, REMIX_ID, REPORT_ID, RESULT_ID
from adapters.discord.cards import bar, draw_card, draw_live
from bot.domain.cards import Card, Phase, Progress
from bot.domain.jobs import FailureKind, Job, JobState, ResultPicture, new_job_id
from bot.domain.requests import GenerationRequest
from bot.messages.catalogs import load_catalogs
from tests.servers.discord.rules import faults_in_components

CATALOGS = load_catalogs()
ALL_IDS = (CANCEL_ID, PICK_ID, RESULT_ID, REMIX_ID, ASIDE_ID, DELETE_ID, ERASE_ID, REPORT_ID)


def job(state: JobState, *, count: int = 1, prompt: str = "a cat") -> Job:
    pictures = tuple(
        ResultPicture(
            index=index,
            picture="0" * 64,
            seed=index,
            variation_seed=None,
            width=64,
            height=64,
            duration_s=1.0,
            model_label="toy",
            model_revision="1",
            is_toy=True,
        )
        for index in range(count if state is JobState.DONE else 0)
    )
    request = GenerationRequest(
        prompt=prompt,
        subject=None,
        styles=(),
        width=64,
        height=64,
        keep_size=False,
        steps=25,
        guidance=4.0,
        subject_size=512,
        seed=4294967295,
        count=count,
    )
    return Job(
        id=new_job_id(),
        owner="1",
        request=request,
        state=state,
        event_key="discord:1",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        failure=FailureKind.REFUSED_BY_MODEL if state is JobState.FAILED else None,
        pictures=pictures,
    )


_STATES = {
    Phase.DONE: JobState.DONE,
    Phase.FAILED: JobState.FAILED,
    Phase.CANCELLED: JobState.CANCELLED,
    Phase.RUNNING: JobState.RUNNING,
}


@pytest.mark.parametrize("locale", CATALOGS.locales)
@pytest.mark.parametrize("phase", list(Phase))
async def test_every_card_keeps_discords_limits_at_its_fullest(phase: Phase, locale: str) -> None:
    count = 10
    shown = job(_STATES.get(phase, JobState.QUEUED), count=count, prompt="*_~`|\n" * 333)
    card = Card(shown, phase, 1, queue_place=1000, seconds_left=1e6, warm_up_fraction=0.99)
    view = draw_card(
        card,
        CATALOGS.for_locale(locale),
        requester_id=2**63,
        pictures=[f"uso-{shown.id}-{index + 1}.png" for index in range(count)] if phase is Phase.DONE else (),
        notes=["Subject size rounded from 1023 to 1008."] * 3,
        selected=count - 1,
    )
    assert faults_in_components(view.to_components()) == []  # type: ignore[no-untyped-call]
    assert view.has_components_v2()
    assert view.is_persistent()
    assert view.is_finished(), "discord.py keeps every card in memory that still listens"
    for custom_id in button_ids(view):
        answering = [pattern for pattern in ALL_IDS if re.fullmatch(pattern, custom_id)]
        assert len(answering) == 1, custom_id


async def test_the_prompt_can_not_format_the_card() -> None:
    card = Card(job(JobState.QUEUED, prompt="# big\n> **x** ||y||"), Phase.QUEUED, 1)
    view = draw_card(card, CATALOGS.for_locale("en"), requester_id=1)
    (prompt,) = [text for text in texts(view) if text.startswith(">")]
    assert prompt == r"> \# big > \*\*x\*\* \|\|y\|\|"


async def test_only_a_running_card_carries_its_preview() -> None:
    progress = Progress(Phase.RUNNING, step=5, steps=25, preview=b"jpeg")
    running = Card(job(JobState.RUNNING), Phase.RUNNING, 7, progress=progress)
    drawing = draw_live(running, CATALOGS.for_locale("en"), requester_id=1)
    assert [one.filename for one in drawing.attached] == ["preview-7.jpg"]
    assert [file.fp.read() for file in drawing.files()] == [b"jpeg"]
    assert [file.fp.read() for file in drawing.files()] == [b"jpeg"], "files are fresh for every send"
    retrying = draw_live(replace(running, phase=Phase.RETRYING), CATALOGS.for_locale("en"), requester_id=1)
    assert retrying.attached == ()


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [(0.0, "▱" * 20 + " 0 %"), (0.5, "▰" * 10 + "▱" * 10 + " 50 %"), (1.0, "▰" * 20 + " 100 %")],
)
def test_the_bar(fraction: float, shown: str) -> None:
    assert bar(fraction) == shown


def button_ids(view: ui.LayoutView) -> list[str]:
    return [item.custom_id or "" for item in view.walk_children() if isinstance(item, ui.Button)]


def texts(view: ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
