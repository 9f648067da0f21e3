"""Tasks for engines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.ports.engine import EngineTask


def engine_task(**changes: Any) -> EngineTask:
    """A small picture from words alone, with `changes`."""
    plain = EngineTask(
        job_id="job",
        prompt="a cat on a chair",
        subject=None,
        styles=(),
        width=256,
        height=256,
        keep_size=False,
        steps=5,
        guidance=4.0,
        subject_size=512,
        seed=42,
        variation=None,
        preview_every=2,
    )
    return replace(plain, **changes)
