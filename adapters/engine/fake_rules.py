"""What the fake engine refuses, as the model would."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from bot.ports.engine import EngineTask


def refusal_of(task: EngineTask) -> str | None:
    """One sentence, None if the fake can draw `task`."""
    if task.upscale_of is not None:
        return _upscale_refusal(task.upscale_of, (task.width, task.height))
    if not all(64 <= side_px <= 4096 and side_px % 16 == 0 for side_px in (task.width, task.height)):
        return f"The fake cannot draw {task.width}x{task.height}."
    if not task.prompt.strip() and task.subject is None:
        return "The fake needs a prompt or a subject."
    return None if task.steps > 0 else "The fake needs a step."


def _upscale_refusal(picture: bytes, size_px: tuple[int, int]) -> str | None:
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            doubled = (opened.width * 2, opened.height * 2)
    except UnidentifiedImageError:
        return "The fake cannot read the picture."
    if doubled != size_px or min(size_px) < 32:
        return "The fake enlarges to twice the sides, 16 pixels at least."
    return None
