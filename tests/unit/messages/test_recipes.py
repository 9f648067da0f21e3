"""What Info and an inspected file say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.inspections import Inspection
from bot.domain.jobs import Job, JobState, Lineage, LineageKind, ResultPicture
from bot.domain.requests import GenerationRequest, Variation, upscale_request
from bot.messages.catalogs import load_catalogs
from bot.messages.recipes import info_text, inspection_text
from bot.services.recipes import recipe_of_result

CATALOGS = load_catalogs()
ENGLISH = CATALOGS.for_locale("en")
PLAIN = GenerationRequest("a fish", None, (), 1024, 768, False, 25, 4.0, 512, 3407)
PICTURE = ResultPicture(1, "0" * 64, 3408, None, 1024, 768, 12.345, "USO", "0123456789abcdef", is_toy=False)
JOB = Job(
    "7k3m9qx2vt0a",
    "ada",
    PLAIN,
    JobState.DONE,
    "e",
    datetime(2026, 1, 1, tzinfo=UTC),
    finished_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    pictures=(PICTURE,),
)
FULL = replace(
    PLAIN,
    subject="a" * 64,
    styles=("b" * 64, "c" * 64),
    keep_size=True,
    guidance=3.5,
    variation=Variation(7, 0.15),
)


def test_info_of_a_plain_picture() -> None:
    assert info_text(JOB, PICTURE, ENGLISH).splitlines() == [
        "Prompt: a fish",
        "Mode: Text only",
        "Size: 1024 × 768",
        "Seed: 3408",
        "Steps: 25, guidance: 4",
        "Model: USO (0123456789ab)",
        "Drawn in 12.3 s",
        "Finished: 2026-01-02 03:04 UTC",
        "Recipe: 7k3m9qx2vt0a-2",
    ]


def test_info_of_a_variation_names_all_that_went_into_it() -> None:
    job = replace(JOB, request=FULL, lineage=Lineage(LineageKind.VARIATION, "parentparent", 2))
    text = info_text(job, replace(PICTURE, variation_seed=7, width=512, height=384), CATALOGS.for_locale("de"))
    for line in (
        "Variiert in Richtung Seed 7, Stärke 0.15",
        "Größe: 1024 × 768 gewünscht, 512 × 384 gezeichnet",
        "Schritte: 25, Führung: 3.5",
        "Motivgröße: 512 px",
        "Die Größe des Motivs bleibt.",
        "Motivbild: aaaaaaaa",
        "Stilbild: bbbbbbbb",
        "Stilbild: cccccccc",
        "Variation von parentparent-3",
    ):
        assert line in text.splitlines()


def test_info_of_an_enlarged_picture_leaves_out_what_only_drawing_needs() -> None:
    request = upscale_request("d" * 64, (2048, 1536), prompt="a fish")
    job = replace(JOB, request=request, lineage=Lineage(LineageKind.UPSCALE, "parentparent", 1))
    picture = replace(PICTURE, index=0, width=2048, height=1536, seed=0)
    info = info_text(job, picture, ENGLISH).splitlines()
    assert info[:4] == ["Prompt: a fish", "Mode: Upscale 2×", "Size: 2048 × 1536", "Enlarged picture: dddddddd"]
    assert info[-2:] == ["Enlarged from parentparent-2", "Recipe: 7k3m9qx2vt0a-1"]
    assert not any(line.startswith(("Seed", "Steps")) for line in info)
    read = inspection_text(Inspection(recipe_of_result(job, picture), "", 2048, 1536, "PNG"), ENGLISH).splitlines()
    assert read[1:5] == info[:4]


@pytest.mark.parametrize("locale", CATALOGS.locales)
@pytest.mark.parametrize("kind", LineageKind)
def test_every_lineage_has_words(locale: str, kind: LineageKind) -> None:
    job = replace(JOB, lineage=Lineage(kind, "parentparent", 0))
    assert "parentparent" in info_text(job, PICTURE, CATALOGS.for_locale(locale))


def test_an_automatic_subject_size_and_a_long_prompt() -> None:
    job = replace(JOB, request=replace(FULL, prompt="x" * 2000, subject_size=0, variation=None))
    text = info_text(job, PICTURE, ENGLISH)
    assert "Subject size: automatic" in text
    assert len(text) < 1_600


def test_an_inspected_file_tells_our_recipe_before_other_words() -> None:
    recipe = recipe_of_result(replace(JOB, request=FULL), replace(PICTURE, variation_seed=7))
    text = inspection_text(Inspection(recipe, "other words", 1024, 768, "PNG"), ENGLISH)
    assert text.splitlines()[0] == "This picture was made with USO Bot:"
    assert "Mode: Subject + 2 styles" in text
    assert "Recipe: 7k3m9qx2vt0a-2" in text
    assert text.splitlines()[-1] == "PNG file, 1024 × 768"
    assert "other words" not in text


def test_an_inspected_file_of_another_tool_and_of_none() -> None:
    text = inspection_text(Inspection(None, "y" * 100_000, 10, 20, "PNG"), ENGLISH)
    assert text.startswith("Another tool wrote this into the picture:\nyyy")
    assert len(text) < 1_700
    nothing = inspection_text(Inspection(None, "", 10, 20, "JPEG"), ENGLISH)
    assert nothing.startswith("This file does not say how it was made.")
    assert nothing.endswith("JPEG file, 10 × 20")
