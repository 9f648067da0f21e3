"""Tasks for engines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from adapters.engine import wire
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


def wire_task(**changes: Any) -> wire.Draw:
    """The same as the engine process is asked for it, with `changes`."""
    plain = wire.Draw(
        number=1,
        prompt="a cat",
        subject=None,
        styles=(),
        width=1024,
        height=1024,
        keep_size=False,
        steps=1,
        guidance=4.0,
        subject_size=512,
        seed=1,
        variation_seed=None,
        variation_strength=0.0,
        preview_every=0,
    )
    return msgspec.structs.replace(plain, **changes)
