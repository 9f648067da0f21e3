"""A model in a process whose address space is limited: `python -m tests.e2e.engine.short_of_memory`.

Draws a picture of a megapixel with the toy's weights with enough memory, with so little that decoding it at once really
fails, with next to none, and with enough again; prints a JSON line for each.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
from pathlib import Path

import torch

from adapters.engine import wire
from adapters.engine.painter import UsoPainter
from tests.support.tasks import wire_task
from uso.pipeline import UsoPipeline
from uso.toy import build_toy_weights
from uso.upscaler import load_upscaler

# At a megapixel the toy's decoder takes about 550 MB at once and 180 MB in tiles.
ROOMS_MB = (None, 350, 60, None)
TASK = wire_task()


def main() -> None:
    """Draw with each room."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        build_toy_weights(Path(folder) / "toy")
        pipeline = UsoPipeline.from_weights(Path(folder) / "toy")
    pipeline.is_toy = False  # so that a megapixel is drawn where one is asked
    painter = UsoPainter(pipeline, load_upscaler(None, "cpu"), torch.device("cpu"))
    before = resource.getrlimit(resource.RLIMIT_AS)
    for room_mb in ROOMS_MB:
        if room_mb is not None:
            resource.setrlimit(resource.RLIMIT_AS, (_address_space_bytes() + room_mb * 2**20, before[1]))
        outcome = painter.draw(TASK, tell=lambda _message: None, should_stop=lambda: False)
        resource.setrlimit(resource.RLIMIT_AS, before)
        sys.stdout.write(json.dumps(_told(outcome)) + "\n")


def _address_space_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _told(outcome: wire.Outcome) -> list[str | int | None]:
    match outcome:
        case wire.Drawn():
            return ["drawn", outcome.width, outcome.height, hashlib.sha256(outcome.rgb).hexdigest()]
        case wire.MemoryFull():
            return ["memory full", outcome.detail]
        case _:
            return [repr(outcome)]


if __name__ == "__main__":
    main()
