"""A channel on Discord: asked, waiting, drawn, looked into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from bot.ports.engine import Engine
from tests.e2e.discord.conftest import Stage
from tests.pictures.references import DUSK, PROMPT, TEAPOT
from tests.pictures.scene import Button, Scene, Shown
from tests.servers.discord.rules import walk
from tests.servers.discord.server import discord_server
from tests.servers.discord.world import Message

_ROW, _BUTTON, _SELECT, _TEXT, _GALLERY, _CONTAINER = 1, 2, 3, 10, 12, 17
_DANGER = 4
_STEPS = 25
_PATIENCE_S = 240.0


async def scenes(engine: Engine, folder: Path) -> list[Scene]:
    """Play the story on the test server and keep what is seen of it."""
    async with discord_server() as server:
        stage = Stage(server, folder)
        await stage.up(cast("Any", engine))  # tests hold a fake engine; here a real one draws
        try:
            return await _play(stage)
        finally:
            await stage.down()


async def _play(stage: Stage) -> list[Scene]:
    await stage.kit.engine.wait_ready()
    asked = {"prompt": PROMPT, "subject": TEAPOT, "style": DUSK, "seed": 7, "steps": _STEPS}
    first = await stage.server.slash("imagine", asked)
    card = await stage.card(first)
    second = await stage.card(await stage.server.slash("imagine", {"prompt": "the same stone in snow"}))
    await stage.world.until(lambda: bool(card.gallery) and "### Done" not in card.text, patience_s=_PATIENCE_S)
    drawing = Scene("discord-drawing", "discord", [_shown(stage, card), _shown(stage, second)])
    await stage.world.until(lambda: "### Done" in card.text, patience_s=_PATIENCE_S)
    done = Scene("discord-done", "discord", [_shown(stage, card)])
    info = await stage.answered(await stage.server.press(card, "Info"))
    sure = await stage.answered(await stage.server.press(card, "Delete"))
    history = await stage.answered(await stage.server.slash("history", {}))
    aside = [_shown(stage, one) for one in (info, sure, history)]
    return [drawing, done, Scene("discord-asides", "discord", aside)]


def _shown(stage: Stage, message: Message) -> Shown:
    """The message as it stands now."""
    names = {f"<@{person.id}>": f"@{person.name}" for person in stage.world.people.values()}
    texts = [one["content"] for one in walk(message.components) if one["type"] == _TEXT]
    above, below = (texts[:-1], texts[-1:]) if message.gallery and len(texts) > 1 else (texts, [])

    def named(text: str) -> str:
        for mention, name in names.items():
            text = text.replace(mention, name)
        return text

    box = next((one for one in message.components if one["type"] == _CONTAINER), {})
    menus = [one for one in walk(message.components) if one["type"] == _SELECT]
    return Shown(
        author="USO Bot",
        text=named("\n".join([message.content] * bool(message.content) + above)),
        below=named("\n".join(below)),
        pictures=tuple(file.data for file, _ in message.gallery),
        rows=tuple(_rows(message.components)),
        menu=menus[0].get("placeholder", "") if menus else "",
        colour=f"#{box['accent_color']:06x}" if box.get("accent_color") is not None else "",
        is_private=message.is_ephemeral,
    )


def _rows(components: list[dict[str, Any]]) -> Iterator[tuple[Button, ...]]:
    for row in walk(components):
        buttons = [one for one in row.get("components", []) if one["type"] == _BUTTON] if row["type"] == _ROW else []
        if buttons:
            yield tuple(Button(_label(one), one["style"] == _DANGER) for one in buttons)


def _label(button: dict[str, Any]) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name", ""))
