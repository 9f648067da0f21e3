"""/upscale: twice the size, of a result or of any picture."""

from __future__ import annotations

from adapters.telegram.calls import Call, Reply
from adapters.telegram.desk import Asked
from adapters.telegram.handlers.showing import find_result
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.pictures import picture_in
from adapters.telegram.results import result_in
from bot.services.submit import Origin, Submitted


async def upscale(tools: Tools, call: Call) -> Reply | None:
    """A result by its id or by answering it, else the captioned or answered picture. Raises `Rejected`."""
    application = tools.application
    sent = next((one for message in call.messages if (one := picture_in(message)) is not None), None)
    result = None if sent is not None else result_in(call.answered)
    if call.words:
        job, named = await find_result(tools, call, call.words)
        job_id, index = job.id, named or 0
        is_private = job.request.private and not call.is_private
    elif result is not None:
        job_id, index = result.job_id, result.index
        is_private = False  # it stands there for all to see
    elif (picture := sent or picture_in(call.answered)) is not None:

        async def enter_picture(origin: Origin) -> Submitted:
            return await application.upscale.of_picture(origin, await tools.downloads.get(picture))

        await tools.desk.take(Asked(call.actor, call.event_key, call.address), enter_picture)
        return None
    else:
        return Reply(call.catalog.text("telegram-upscale-how"))

    async def enter(origin: Origin) -> Submitted:
        return await application.upscale(origin, job_id, index)

    await tools.desk.take(Asked(call.actor, call.event_key, call.address, is_private), enter)
    return None
