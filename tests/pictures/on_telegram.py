"""A chat on Telegram: a photo with a caption, and what comes of it."""

from __future__ import annotations

from typing import Any, cast

from bot.ports.engine import Engine
from tests.e2e.telegram.world import make_world
from tests.pictures.references import DUSK, PROMPT, TEAPOT
from tests.pictures.scene import Button, Scene, Shown
from tests.servers.telegram.chats import Json
from tests.servers.telegram.people import Person


async def scenes(engine: Engine) -> list[Scene]:
    """Play the story on the test server and keep what is seen of it."""
    async with make_world() as world:
        ada = world.person()
        async with world.running(cast("Any", engine)):  # tests hold a fake engine; here a real one draws
            await engine.wait_ready()
            sent = ada.album(TEAPOT, DUSK, caption=f"{PROMPT} --seed 7")
            ada.send(*sent)
            await world.until(lambda: bool(ada.seen()) and "reply_markup" in ada.last())
            waiting = _shown(ada, ada.last())
            await world.until(lambda: "photo" in ada.last() and "Re-roll" in str(ada.last()))
            asked = Shown("Ada", f"{PROMPT} --seed 7", pictures=(TEAPOT, DUSK), is_person=True)
            await world.settled()
            return [
                Scene("telegram-asked", "telegram", [asked, waiting]),
                Scene("telegram-done", "telegram", [_shown(ada, ada.last())]),
            ]


def _shown(person: Person, message: Json) -> Shown:
    files = person.server.memory.files
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return Shown(
        author="USO Bot",
        text="" if "photo" in message else str(message.get("text", "")),
        below=str(message.get("caption", "")),
        pictures=(files[message["photo"][-1]["file_id"]],) if "photo" in message else (),
        rows=tuple(tuple(Button(one["text"]) for one in row) for row in rows),
    )
