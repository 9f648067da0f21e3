"""/privacy: everything that is kept about the sender, as a file or gone."""

from __future__ import annotations

from typing import Final

from adapters.telegram.calls import Call, Reply, button, keyboard
from adapters.telegram.commands import Command
from adapters.telegram.handlers.tools import Tools
from bot.domain.errors import Rejected, Rejection

_FILE_NAME: Final = "uso-bot-data.zip"
_EXPORT: Final = "export"
_DELETE: Final = "delete"
_FOR_SURE: Final = "delete!"


async def privacy(tools: Tools, call: Call) -> Reply | None:
    """Export, delete after a question, or say that both can be done."""
    asked = call.words.lower()
    if asked == _EXPORT:
        return await _export(tools, call)
    if asked == _DELETE:
        sure = button(call.catalog.text("button-forget-me"), Command.PRIVACY, _FOR_SURE)
        return Reply(call.catalog.text("privacy-sure"), keyboard([sure]), is_new=True)
    if asked == _FOR_SURE and call.pressed_id is not None:
        await tools.application.erase(call.actor)
        return Reply(call.catalog.text("privacy-deleted"))
    if asked:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=asked[:40], choices=f"{_EXPORT}, {_DELETE}")
    rows = [
        [button(call.catalog.text("telegram-button-export"), Command.PRIVACY, _EXPORT)],
        [button(call.catalog.text("telegram-button-forget"), Command.PRIVACY, _DELETE)],
    ]
    return Reply(call.catalog.text("telegram-privacy"), keyboard(*rows))


async def _export(tools: Tools, call: Call) -> Reply | None:
    try:
        async with tools.application.export_files(call.actor, tools.upload_bytes) as made:
            key = "privacy-exported" if made.has_pictures else "privacy-exported-without-pictures"
            await tools.voice.hand_over(call.address, made.file.read(), _FILE_NAME, call.catalog.text(key))
    except Rejected as rejected:
        if rejected.rejection is not Rejection.PERSON_UNKNOWN:
            raise
        return Reply(call.catalog.text("privacy-nothing-kept"), is_new=True)
    return None
