"""What becomes of pictures that the image check flags."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.cards import Card, Phase
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import FailureKind, Job, JobState
from bot.domain.requests import Draft
from bot.services.picture_check import CheckRules, FlaggedResults
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from storage.memory import MemoryImageStore
from tests.support.image_check import Turns
from tests.support.pictures import png
from tests.support.spine import SpineKit, running_spine

ANN = Actor(Platform.DISCORD, "1", name="Ann")
LIMITED = Tiers((Tier("free", 25 * CREDIT),), default="free", page="free")
SPOILERS = CheckRules(results=FlaggedResults.SPOILER)


async def ended(kit: SpineKit, draft: Draft) -> tuple[Job, Card]:
    job = (await kit.application.submit(Origin(ANN, "a", ReplyAddress(Platform.DISCORD, {})), draft)).job
    async for card in kit.application.board.watch(job.id):
        last = card
    return await kit.job(job.id), last


async def left(kit: SpineKit) -> int:
    return (await kit.application.accounts.balance(ANN)).account.left


async def test_a_flagged_result_is_withheld_and_paid_back() -> None:
    async with running_spine(image_check=Turns(0), tiers=LIMITED, preview_every=0) as kit:
        assert isinstance(kit.images, MemoryImageStore)
        before = await left(kit)
        job, _ = await ended(kit, Draft("x", steps=2))
        assert (job.state, job.failure, job.pictures) == (JobState.FAILED, FailureKind.WITHHELD, ())
        assert job.cost > 0
        assert job.refunded == job.cost
        assert await left(kit) == before
        assert len(kit.images) == 0, "no file of it is kept"


async def test_of_several_results_the_others_are_shown_and_the_withheld_ones_paid_back() -> None:
    async with running_spine(image_check=Turns(0, 2), tiers=LIMITED, preview_every=0) as kit:
        job, _ = await ended(kit, Draft("x", steps=2, count=4))
        assert job.state is JobState.DONE
        assert [picture.index for picture in job.pictures] == [1, 3]
        assert job.refunded == job.cost // 2


async def test_a_flagged_result_becomes_a_spoiler_where_that_is_chosen() -> None:
    async with running_spine(image_check=Turns(1), checking=SPOILERS, tiers=LIMITED, preview_every=0) as kit:
        job, card = await ended(kit, Draft("x", steps=2, count=2))
        assert job.state is JobState.DONE
        assert len(job.pictures) == 2
        assert job.request.spoiler
        assert card.job.request.spoiler
        assert job.refunded == 0
    async with running_spine(image_check=Turns(), checking=SPOILERS, preview_every=0) as kit:
        job, _ = await ended(kit, Draft("x", steps=2))
        assert not job.request.spoiler


async def test_a_result_that_can_not_be_looked_at_is_not_shown_and_paid_back() -> None:
    async with running_spine(image_check=Turns(is_down=True), tiers=LIMITED, preview_every=0) as kit:
        job, _ = await ended(kit, Draft("x", steps=2))
        assert (job.state, job.failure, job.refunded) == (JobState.FAILED, FailureKind.INTERNAL, job.cost)


async def previews_of(check: Turns) -> set[bytes | None]:
    engine = FakeEngine(Play(hold_at_step=3))
    async with running_spine(engine, image_check=check, preview_every=2) as kit:
        job = (await kit.application.submit(Origin(ANN, "a"), Draft("x", steps=4))).job
        seen: set[bytes | None] = set()
        async for card in kit.application.board.watch(job.id):
            if card.phase is Phase.RUNNING and card.progress is not None:
                seen.add(card.progress.preview)
                if card.progress.step == 3:
                    engine.release()
        return seen


async def test_a_flagged_preview_is_not_shown_and_one_that_can_not_be_looked_at_neither() -> None:
    shown = await previews_of(Turns())
    assert any(preview is not None for preview in shown)
    assert await previews_of(Turns(*range(10))) == {None}
    assert await previews_of(Turns(is_down=True)) == {None}


@pytest.mark.parametrize("role", ["subject", "style", "second style"])
async def test_a_flagged_upload_is_refused_and_leaves_nothing_behind(role: str) -> None:
    draft, turn = {
        "subject": (Draft("x", subject=png(64, 64)), 0),
        "style": (Draft("x", styles=(png(64, 64),)), 0),
        "second style": (Draft("x", subject=png(64, 64), styles=(png(48, 48), png(32, 32))), 2),
    }[role]
    async with running_spine(image_check=Turns(turn), tiers=LIMITED) as kit:
        assert isinstance(kit.images, MemoryImageStore)
        before = await left(kit)
        with pytest.raises(Rejected) as raised:
            await kit.application.submit(Origin(ANN, "a"), draft)
        assert raised.value.rejection is Rejection.PICTURE_NOT_ALLOWED
        assert await left(kit) == before
        assert len(kit.images) == 0


async def test_what_is_put_into_the_tray_or_saved_as_a_style_is_looked_at_too() -> None:
    async with running_spine(image_check=Turns(*range(10))) as kit:
        for asked in (
            kit.application.tray.put(ANN, png(64, 64), TrayPlace.STYLE),
            kit.application.styles.save(ANN, "ink", [png(64, 64)]),
        ):
            with pytest.raises(Rejected, match="picture-not-allowed"):
                await asked


async def test_flagged_uploads_are_taken_where_that_is_chosen_and_not_even_looked_at() -> None:
    check = Turns(*range(10))
    async with running_spine(image_check=check, checking=CheckRules(refuses_uploads=False)) as kit:
        await kit.application.tray.put(ANN, png(64, 64), TrayPlace.STYLE)
    assert check.seen == []
    assert check.is_closed


async def test_an_upload_that_can_not_be_looked_at_is_refused_for_the_moment() -> None:
    async with running_spine(image_check=Turns(is_down=True)) as kit:
        with pytest.raises(Rejected, match="picture-unchecked"):
            await kit.application.tray.put(ANN, png(64, 64), TrayPlace.STYLE)


async def test_large_pictures_are_looked_at_in_small() -> None:
    check = Turns()
    async with running_spine(image_check=check) as kit:
        await kit.application.tray.put(ANN, png(2000, 1000), TrayPlace.STYLE)
    with Image.open(io.BytesIO(check.seen[0])) as seen:
        assert seen.size == (512, 256)


async def test_without_a_check_everything_passes() -> None:
    async with running_spine() as kit:
        job, _ = await ended(kit, Draft("x", steps=2, subject=png(64, 64)))
        assert job.state is JobState.DONE
        assert not job.request.spoiler
