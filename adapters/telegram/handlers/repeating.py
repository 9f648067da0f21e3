"""/repeat: the identical picture once more, by the id of its recipe."""

from __future__ import annotations

from adapters.telegram.calls import Call, Reply
from adapters.telegram.desk import Asked
from adapters.telegram.handlers.showing import find_result
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.results import result_in
from bot.services.submit import Origin, Submitted


async def repeat(tools: Tools, call: Call) -> Reply | None:
    """The result of an id, or the one that is answered; what is private is drawn in private. Raises `Rejected`."""
    recipe_id = call.words
    if not recipe_id and (answered := result_in(call.answered)) is not None:
        recipe_id = f"{answered.job_id}-{answered.index + 1}"
    if not recipe_id:
        return Reply(call.catalog.text("telegram-repeat-how"))
    job, _ = await find_result(tools, call, recipe_id)

    async def enter(origin: Origin) -> Submitted:
        return await tools.application.repeat(origin, recipe_id)

    is_private = job.request.private and not call.is_private
    await tools.desk.take(Asked(call.actor, call.event_key, call.address, is_private), enter)
    return None
