"""Take the pictures of cards for the guide: `python -m tests.pictures FOLDER`.

The bot runs with the model that is there without weights, against the test servers of both chats.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from playwright.sync_api import sync_playwright

from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from tests.browser.chromium import FLAGS, chromium_path
from tests.pictures import on_discord, on_telegram
from tests.pictures.markup import as_html
from tests.pictures.scene import Scene

_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"RIFF": "image/webp"}


async def play(folder: Path) -> list[Scene]:
    """Both stories, with an engine each."""

    def engine() -> EngineProcess:
        return EngineProcess(EngineSettings(cache_folder=folder / "cache", device=DeviceChoice.CPU, threads=1))

    return [*await on_discord.scenes(engine(), folder), *await on_telegram.scenes(engine())]


def draw(scenes: Sequence[Scene], out: Path, chromium: str) -> None:
    """Photograph each."""
    page_of = _template()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(device_scale_factor=1.5)
        for scene in scenes:
            page.set_content(page_of.render(scene=scene))
            page.locator("#scene").screenshot(path=out / f"{scene.name}.jpg", type="jpeg", quality=82)
        browser.close()


def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    environment.filters["markup"] = lambda text: Markup(as_html(text))
    environment.filters["data_url"] = _data_url
    return environment.get_template("chat.html")


def _data_url(data: bytes) -> str:
    kind = next(kind for begin, kind in _TYPES.items() if data.startswith(begin))
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def main() -> int:
    """Read the arguments, play and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    out: Path = parser.parse_args().folder
    chromium = chromium_path()
    if chromium is None:
        sys.stderr.write("Chromium is not installed (Debian: apt-get install chromium).\n")
        return 1
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        scenes = asyncio.run(play(Path(folder)))
    draw(scenes, out, chromium)
    return 0


if __name__ == "__main__":
    sys.exit(main())
