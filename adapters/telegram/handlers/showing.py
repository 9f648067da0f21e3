"""/show: an earlier result once more, with its buttons and its original files."""

from __future__ import annotations

from typing import Final

from telegram.error import TelegramError

from adapters.telegram.calls import Call, Reply
from adapters.telegram.errors import report
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.pictures import file_name
from adapters.telegram.results import result_in
from adapters.telegram.voice import File
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobState
from bot.ports.images import PictureMissing
from bot.services.follow_up import parse_recipe_id

_TRIPTYCH: Final = "triptych"


async def show(tools: Tools, call: Call) -> Reply | None:
    """The result of an id, or the one that is replied to; with `triptych` beside what it was made from."""
    recipe_id, wants = call.split()
    if recipe_id == _TRIPTYCH and not wants:
        recipe_id, wants = "", _TRIPTYCH
    if not recipe_id and (answered := result_in(call.answered)) is not None:
        recipe_id = f"{answered.job_id}-{answered.index + 1}"
    if not recipe_id or wants not in {"", _TRIPTYCH}:
        return Reply(call.catalog.text("telegram-show-how"))
    job, index = await find_result(tools, call, recipe_id)
    if job.request.private and not call.is_private:
        return Reply(call.catalog.text("telegram-private-result"))
    if wants:
        await _show_triptych(tools, call, job, index or 0)
    else:
        await _show_again(tools, call, job, index)
    return None


async def find_result(tools: Tools, call: Call, recipe_id: str) -> tuple[Job, int | None]:
    """The ended job of an id such as `JOB-2`, and which of its pictures; None for `JOB`. Raises `Rejected`."""
    parts = parse_recipe_id(recipe_id)
    if parts is None:
        raise Rejected(Rejection.RECIPE_UNKNOWN)
    job_id, index = parts
    job = await tools.application.history.job(call.actor, job_id)
    if not job.state.is_final:
        raise Rejected(Rejection.JOB_NOT_DONE)
    if index is not None and all(picture.index != index for picture in job.pictures):
        raise Rejected(Rejection.PICTURE_UNKNOWN)
    return job, index


async def _show_triptych(tools: Tools, call: Call, job: Job, index: int) -> None:
    data = await tools.application.triptych(call.actor, job.id, index)
    await tools.voice.show(call.address, [File(data, f"uso-{job.id}-{index + 1}-triptych.png")], "")


async def _show_again(tools: Tools, call: Call, job: Job, index: int | None) -> None:
    """As it was delivered, then the files as they were made; of one picture only where the id names one."""
    wanted = [picture for picture in job.pictures if index in {None, picture.index}]
    try:
        if job.state is JobState.DONE and not all(picture.is_kept for picture in wanted):
            raise PictureMissing
        originals = [
            File(await tools.application.images.get(one.picture), file_name(job.id, one.index)) for one in wanted
        ]
    except PictureMissing:
        raise Rejected(Rejection.RESULT_GONE) from None
    try:
        await tools.delivery.show_again(job, call.address)
    except TelegramError as error:
        report(error, f"showing job {job.id} again")
        return
    await tools.voice.hand_over_all(call.address, originals)
