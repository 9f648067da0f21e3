"""/info: how a picture was made, told by the result it is or by what its file carries."""

from __future__ import annotations

from telegram import Message

from adapters.telegram.calls import Call, Reply
from adapters.telegram.handlers.showing import find_result
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.pictures import picture_in
from adapters.telegram.results import result_in
from bot.messages.recipes import info_text, inspection_text


async def info(tools: Tools, call: Call) -> Reply:
    """Of an id, of an answered result, or of an answered or captioned file. Raises `Rejected`."""
    named = call.words
    if not named and (answered := result_in(call.answered)) is not None:
        named = f"{answered.job_id}-{answered.index + 1}"
    if named:
        return await _of_result(tools, call, named)
    message = next((one for one in (*call.messages, call.answered) if picture_in(one) is not None), None)
    if message is None:
        return Reply(call.catalog.text("telegram-info-how"))
    return await _of_file(tools, call, message)


async def _of_result(tools: Tools, call: Call, recipe_id: str) -> Reply:
    job, index = await find_result(tools, call, recipe_id)
    if job.request.private and not call.is_private:
        return Reply(call.catalog.text("telegram-private-result"))
    if not job.pictures:
        return Reply(call.catalog.text("reject-picture-unknown"))
    picture = next((one for one in job.pictures if one.index == index), job.pictures[0])
    return Reply(info_text(job, picture, call.catalog))


async def _of_file(tools: Tools, call: Call, message: Message) -> Reply:
    if message.photo:
        # Telegram makes a JPEG of its own from every photo.
        return Reply(call.catalog.text("telegram-info-photo"))
    sent = picture_in(message)
    assert sent is not None, "checked by the caller"
    inspection = await tools.application.inspect(await tools.downloads.get(sent))
    return Reply(inspection_text(inspection, call.catalog))
