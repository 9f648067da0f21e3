"""What is asked for in the pictures."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from tests.browser.screenshots import dusk, teapot


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


PROMPT: Final = "A clay teapot on a mossy stone, morning light"
TEAPOT: Final = _encoded(teapot())
DUSK: Final = _encoded(dusk())
