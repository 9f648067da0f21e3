"""/tray: shown with its pictures, emptied bit by bit or at once."""

from __future__ import annotations

from typing import Any

from bot.domain.actors import Actor, Platform
from bot.services.tray import TrayPlace
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.messages import Message
from tests.support.pictures import png


async def tray(stage: Stage, path: str, options: dict[str, Any] | None = None) -> Message:
    return await stage.answered(await stage.server.slash(path, options or {}))


async def fill(stage: Stage) -> None:
    actor = Actor(Platform.DISCORD, str(stage.server.ada.id))
    await stage.kit.application.tray.put(actor, png(20, 20), TrayPlace.SUBJECT)
    for side in (30, 40):
        await stage.kit.application.tray.put(actor, png(side, side), TrayPlace.STYLE)


async def test_the_tray_is_shown_with_its_pictures_the_subject_first(stage: Stage) -> None:
    assert (await tray(stage, "tray show")).gallery == []
    await fill(stage)
    answer = await tray(stage, "tray show")
    assert [file.size_px for file, _ in answer.gallery] == [(20, 20), (30, 30), (40, 40)]


async def test_single_pictures_are_dropped_and_all_of_them_cleared(stage: Stage) -> None:
    await fill(stage)
    answer = await tray(stage, "tray drop", {"what": "style2"})
    assert [file.size_px for file, _ in answer.gallery] == [(20, 20), (30, 30)]
    answer = await tray(stage, "tray drop", {"what": "subject"})
    assert [file.size_px for file, _ in answer.gallery] == [(30, 30)]
    answer = await tray(stage, "tray drop", {"what": "subject"})
    assert len(answer.gallery) == 1
    assert (await tray(stage, "tray clear")).gallery == []
    assert (await tray(stage, "tray show")).gallery == []
