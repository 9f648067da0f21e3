"""/style save: from the picture of the caption, from the answered one, or from the tray."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.telegram.calls import Call, Reply
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.pictures import picture_in
from adapters.telegram.results import result_in
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Given, Stored
from bot.domain.styles import StyleCard


async def save(tools: Tools, call: Call, name: str) -> Reply:
    """Save it and say so. Raises `Rejected`, for want of a name before any picture is fetched."""
    if not name:
        return Reply(call.catalog.text("telegram-style-save-how"))
    card = await _save(tools, call, name)
    return Reply(call.catalog.text("style-saved", name=card.name, pictures=len(card.pictures)))


async def _save(tools: Tools, call: Call, name: str) -> StyleCard:
    styles = tools.application.styles
    sent = [picture for message in call.messages if (picture := picture_in(message)) is not None]
    result = result_in(call.answered)
    if not sent and result is not None:
        # Our own copy: what Telegram would give us is a compressed one.
        return await styles.save_from_job(call.actor, name, result.job_id, result.index)
    if not sent and (answered := picture_in(call.answered)) is not None:
        sent = [answered]
    most = tools.application.limits.max_styles
    if len(sent) > most:
        raise Rejected(Rejection.TOO_MANY_STYLES, limit=most, given=len(sent))
    pictures: Sequence[Given] = [await tools.downloads.get(picture) for picture in sent]
    return await styles.save(call.actor, name, pictures or await _tray(tools, call))


async def _tray(tools: Tools, call: Call) -> Sequence[Given]:
    return [Stored(picture) for picture in (await tools.application.tray.show(call.actor)).styles]
