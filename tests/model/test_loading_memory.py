"""What loading takes of the machine's memory, measured in processes of their own on a transformer of 160 MB.

Counted is memory that is no page of a file: mapped weights cost none of it, and the system may drop them at any time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from uso.components import build_transformer

ROOT = Path(__file__).parents[2]
STATUS = Path("/proc/self/status")
CONFIG = {
    "in_channels": 64,
    "num_layers": 1,
    "num_single_layers": 3,
    "attention_head_dim": 64,
    "num_attention_heads": 16,
    "joint_attention_dim": 64,
    "pooled_projection_dim": 64,
    "guidance_embeds": True,
    "axes_dims_rope": (16, 24, 24),
}
MEASURE = """
import json, sys, threading
from pathlib import Path
import torch
from uso.checkpoint import open_checkpoint
from uso.components import build_transformer
from uso.mapping import identity_rules, load_strictly

def anonymous_bytes():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024

def watch():
    global peak
    while not over.wait(0.001):
        peak = max(peak, anonymous_bytes())

file, how, config = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
transformer = build_transformer(config)
over, before = threading.Event(), anonymous_bytes()
peak = before
watcher = threading.Thread(target=watch)
watcher.start()
load_strictly(
    transformer, open_checkpoint(file), identity_rules(transformer), device="cpu", dtype=torch.bfloat16,
    aligns=how == "for the processor",
)
over.set()
watcher.join()
print(max(peak, anonymous_bytes()) - before)
"""

pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="the kernel does not tell what a process takes")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The transformer's tensors in one file, in 16 bits."""
    tensors = {
        name: torch.full(tuple(tensor.shape), 0.01, dtype=torch.bfloat16)
        for name, tensor in build_transformer(CONFIG).state_dict().items()
    }
    file = tmp_path_factory.mktemp("large") / "diffusion_pytorch_model.safetensors"
    save_file(tensors, file)
    return file


@pytest.mark.parametrize(
    ("how", "share"),
    [
        pytest.param("for a card", 0.05, id="mapped, on their way to a card"),
        pytest.param("for the processor", 1.1, id="laid straight for the processor, once"),
    ],
)
def test_host_memory_never_holds_the_weights_twice(stored: Path, how: str, share: float) -> None:
    command = [sys.executable, "-c", MEASURE, str(stored), how, json.dumps(CONFIG)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    size_bytes = stored.stat().st_size
    assert size_bytes > 150_000_000
    assert int(done.stdout) < share * size_bytes
