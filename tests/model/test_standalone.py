"""The model works without the bot, its plain parts without torch, and none of it asks the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]

_GENERATE = """
import socket, sys

def refuse(*_, **__):
    raise AssertionError("the network was asked")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
from uso import GenerationParams, UsoPipeline
pipeline = UsoPipeline.from_weights(sys.argv[1])
output = pipeline(GenerationParams(prompt="Alone.", width=64, height=64, steps=1, seed=1))
assert output.image.size == (64, 64)
ours = {name.partition(".")[0] for name in sys.modules} & {"bot", "adapters", "storage", "discord", "telegram"}
print("loaded", sorted(ours))
"""

_PLAIN = """
import sys
import uso, uso.errors, uso.layout, uso.params, uso.preprocess, uso.progress, uso.revision
assert uso.GenerationParams and uso.Mode.TEXT and uso.InvalidRequest
print("heavy", sorted({"torch", "diffusers", "transformers", "numpy"} & set(sys.modules)))
"""


def _python(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_generating_imports_nothing_of_the_bot_and_asks_no_network(golden: Path, converted_weights: Path) -> None:
    assert _python(_GENERATE, str(golden / "weights")) == "loaded []"
    assert _python(_GENERATE, str(converted_weights)) == "loaded []"


def test_plain_parts_import_no_torch() -> None:
    assert _python(_PLAIN) == "heavy []"
