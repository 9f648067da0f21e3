"""Pictures of the page for the README, from a page that runs: `python -m tests.browser.screenshots URL FOLDER`.

Asks for one picture with drawn references, waits for it, and writes `page.png`, `page-dark.png` and `page-phone.png`.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import FLAGS, chromium_path

PROMPT: Final = "A clay teapot on a mossy stone, morning light"
_WAIT_MS: Final = 10 * 60 * 1000
_SIDE: Final = 640
_DEVICES: Final[dict[str, dict[str, Any]]] = {
    "page": {"viewport": {"width": 1280, "height": 860}},
    "page-dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "page-phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True},
}


def teapot() -> Image.Image:
    """A subject: a plain clay teapot."""
    picture = Image.new("RGB", (_SIDE, _SIDE), "#e9e4dc")
    draw = ImageDraw.Draw(picture)
    clay, shade = "#b4623d", "#8d4728"
    draw.ellipse((120, 500, 540, 560), fill="#d3ccc1")
    draw.line([(200, 350), (120, 300), (80, 225)], fill=clay, width=46, joint="curve")
    draw.arc((420, 250, 590, 440), -100, 110, fill=shade, width=30)
    draw.ellipse((160, 210, 500, 540), fill=clay)
    draw.chord((160, 210, 500, 540), 20, 110, fill=shade)
    draw.ellipse((245, 190, 415, 260), fill=shade)
    draw.ellipse((255, 180, 405, 240), fill=clay)
    draw.ellipse((305, 140, 355, 190), fill=shade)
    draw.ellipse((215, 270, 285, 350), fill="#cd8159")
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def dusk() -> Image.Image:
    """A style: soft bands of an evening sky over hills."""
    picture = Image.new("RGB", (_SIDE, _SIDE))
    draw = ImageDraw.Draw(picture)
    for y in range(_SIDE):
        part = y / _SIDE
        draw.line((0, y, _SIDE, y), fill=(int(60 + 190 * part), int(80 + 90 * part), int(140 - 30 * part)))
    for base, colour in ((400, "#7d5a7a"), (470, "#55446b"), (550, "#2f2c4f")):
        ridge = [(x, base + 34 * math.sin(x / 70 + base) + 14 * math.sin(x / 23)) for x in range(0, _SIDE + 8, 8)]
        draw.polygon([(0, _SIDE), *ridge, (_SIDE, _SIDE)], fill=colour)
    draw.ellipse((400, 120, 500, 220), fill="#ffe3b0")
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def tiles() -> Image.Image:
    """A second style: printed tiles."""
    picture = Image.new("RGB", (_SIDE, _SIDE), "#f3ead8")
    draw = ImageDraw.Draw(picture)
    step = 160
    for x in range(0, _SIDE, step):
        for y in range(0, _SIDE, step):
            blue = "#1f5f8b" if (x + y) // step % 2 else "#2b8a87"
            draw.pieslice((x, y, x + 2 * step, y + 2 * step), 180, 270, fill=blue)
            draw.ellipse((x + 95, y + 95, x + 145, y + 145), fill="#e0a03c")
            draw.rectangle((x, y, x + step, y + step), outline="#f3ead8", width=6)
    return picture


def fill_in(page: Page, folder: Path, steps: int) -> None:
    """Fill in the form with the drawn references."""
    for place, picture in (("#subject", teapot()), ("#style", dusk()), ("#style-2", tiles())):
        path = folder / f"{place.strip('#')}.png"
        picture.save(path)
        page.locator(place).set_input_files(path)
    page.locator("#prompt").fill(PROMPT)
    page.locator("#steps").evaluate("(input, steps) => { input.value = steps; }", str(steps))


def take(browser: Browser, url: str, out: Path, steps: int) -> None:
    """Ask once, then photograph the page on every device."""
    with tempfile.TemporaryDirectory() as name:
        for number, (device, settings) in enumerate(_DEVICES.items()):
            page = browser.new_context(**settings).new_page()
            page.goto(url)
            fill_in(page, Path(name), steps)
            if number == 0:
                page.locator("#generate").click()
                page.locator("#generate:not([aria-disabled])").wait_for()
            page.locator('.card:first-child[data-phase="done"]').wait_for(timeout=_WAIT_MS)
            page.wait_for_function("[...document.images].every((image) => image.hidden || image.complete)")
            page.mouse.move(0, 0)
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            page.screenshot(path=out / f"{device}.png", full_page=device == "page-phone")


def main() -> int:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=25)
    arguments = parser.parse_args()
    path = chromium_path()
    if path is None:
        print("Chromium is not installed (Debian: apt-get install chromium).", file=sys.stderr)  # noqa: T201
        return 1
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        take(browser, arguments.url, arguments.folder, arguments.steps)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
