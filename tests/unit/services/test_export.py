"""One's own data as a zip."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.access import Scope, Visit
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.errors import Rejected
from bot.domain.recipes import Recipe
from bot.domain.requests import Draft
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from tests.support.pictures import png
from tests.support.spine import running_spine

ANN = Actor(Platform.DISCORD, "1", name="Ann")
BOB = Actor(Platform.TELEGRAM, "2", name="Bob")
TIERS = Tiers((Tier("free", 9 * CREDIT),), default="free", page="free")


async def test_the_zip_holds_everything_of_the_person_and_nothing_of_others() -> None:
    async with running_spine(FakeEngine(), tiers=TIERS) as kit:
        application = kit.application
        drafts = [Draft(prompt="Föx", subject=png(64, 48), count=2), Draft(prompt="deleted"), Draft(prompt="private")]
        jobs = []
        for number, draft in enumerate(drafts):
            submitted = await application.submit(Origin(ANN, f"event {number}"), draft)
            await kit.until(submitted.job.id, Phase.DONE)
            jobs.append(await kit.job(submitted.job.id))
        others = (await application.submit(Origin(BOB, "event b"), Draft(prompt="others"))).job
        await kit.until(others.id, Phase.DONE)
        await application.history.delete(ANN, jobs[1].id)
        await application.history.favourite(ANN, jobs[0].id, 1, is_on=True)
        await application.history.favourite(ANN, others.id, 0, is_on=True)
        card = await application.styles.save(ANN, "Clay", (png(32, 32),))
        tray = await application.tray.put(ANN, png(16, 40), TrayPlace.STYLE)
        file = io.BytesIO()
        await application.export(ANN, file)
        assert jobs[0].request.subject is not None
        kept = {jobs[0].request.subject, *(one.picture for one in (*jobs[0].pictures, *jobs[2].pictures))}
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            data: dict[str, Any] = {
                name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")
            }
            pictures = {name for name in archive.namelist() if name.startswith("pictures/")}
            assert archive.read(f"pictures/{jobs[0].pictures[1].picture}.png") == await kit.images.get(
                jobs[0].pictures[1].picture
            )
    assert pictures == {f"pictures/{one}.png" for one in {*kept, *card.pictures, *tray.styles}}
    assert set(data) == {
        "account.json",
        "jobs.json",
        "favourites.json",
        "styles.json",
        "tray.json",
        "copies.json",
        "reports.json",
        "missing.json",
    }
    assert [one["request"]["prompt"] for one in data["jobs.json"]] == ["private", "deleted", "Föx"]
    recipe = data["jobs.json"][2]["pictures"][1]["recipe"]
    assert Recipe(**{**recipe, "styles": tuple(recipe["styles"])}).recipe_id == f"{jobs[0].id}-2"
    assert data["missing.json"] == [jobs[1].pictures[0].picture]
    assert data["account.json"]["identities"][0]["name"] == "Ann"
    assert data["account.json"]["credits_hundredths"] == {"daily": 5 * CREDIT, "bonus": 0}
    assert sum(one["daily"] for one in data["account.json"]["bookings"]) == 5 * CREDIT
    assert {(one["job"], one["picture"]) for one in data["favourites.json"]} == {(jobs[0].id, 2), (others.id, 1)}
    assert data["styles.json"][0]["name"] == "Clay"
    assert data["tray.json"] == {"subject": None, "styles": list(tray.styles)}
    assert "others" not in json.dumps(data)


async def test_somebody_never_seen_has_nothing_to_export() -> None:
    async with running_spine(FakeEngine()) as kit:
        with pytest.raises(Rejected, match="person-unknown"):
            await kit.application.export(ANN, io.BytesIO())


async def test_an_export_is_made_to_fit_first_without_pictures_then_not_at_all() -> None:
    async with running_spine(FakeEngine()) as kit:
        application = kit.application
        job = (await application.submit(Origin(ANN, "event"), Draft(prompt="a cat", count=4))).job
        await kit.until(job.id, Phase.DONE)
        limit_bytes = 2**24
        for has_pictures in (True, False):
            async with application.export_files(ANN, limit_bytes) as made:
                data = made.file.read()
            assert made.has_pictures is has_pictures
            assert len(data) <= limit_bytes
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert archive.testzip() is None
                assert "jobs.json" in archive.namelist()
                assert any(name.startswith("pictures/") for name in archive.namelist()) is has_pictures
            limit_bytes = len(data) - 1
        with pytest.raises(Rejected, match="export-too-large"):
            async with application.export_files(ANN, limit_bytes):
                pass
        with pytest.raises(Rejected, match="person-unknown"):
            async with application.export_files(BOB, 2**20):
                pass


async def test_the_account_tells_of_tokens_and_sessions_without_their_secrets() -> None:
    page = Actor(Platform.WEB, "local")
    async with running_spine(FakeEngine()) as kit:
        application = kit.application
        await application.sign_in.set_password("correct horse battery")
        await application.sign_in.enter("correct horse battery", Visit("192.0.2.7", "Firefox"))
        for holder in (page, ANN):
            await application.api_tokens.create(holder, f"of {holder.key}", Scope.DRAW, by=page.key)
        accounts = {}
        for actor in (page, ANN):
            file = io.BytesIO()
            await application.export(actor, file, with_pictures=False)
            with zipfile.ZipFile(file) as archive:
                accounts[actor] = json.loads(archive.read("account.json"))
    assert [token["name"] for token in accounts[ANN]["tokens"]] == ["of discord:1"]
    assert accounts[ANN]["signed_in"] == []
    assert [token["name"] for token in accounts[page]["tokens"]] == ["of web:local"]
    assert [one["visit"] for one in accounts[page]["signed_in"]] == [{"address": "192.0.2.7", "agent": "Firefox"}]
    assert "digest" not in json.dumps(list(accounts.values()))
