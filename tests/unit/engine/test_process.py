"""The small decisions around the process: what it may know, and when weights are worth another look."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from adapters.engine.child import child_environment
from adapters.engine.weights_folder import folder_print

if TYPE_CHECKING:
    from pathlib import Path


def test_secrets_stay_with_the_bot_and_hubs_stay_closed() -> None:
    ours = {
        "PATH": "/bin",
        "CUDA_VISIBLE_DEVICES": "1",
        "DISCORD_TOKEN": "x",
        "telegram_token": "x",
        "HF_TOKEN": "x",
        "DB_PASSWORD": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "SOME_API_KEY": "x",
        "DATABASE_URL": "x",
        "HF_HUB_OFFLINE": "0",
    }
    theirs = child_environment(ours)
    assert {name: theirs[name] for name in ("PATH", "CUDA_VISIBLE_DEVICES", "HF_HUB_OFFLINE")} == {
        "PATH": "/bin",
        "CUDA_VISIBLE_DEVICES": "1",
        "HF_HUB_OFFLINE": "1",
    }
    assert "x" not in theirs.values()


def test_a_folder_print_changes_with_its_files(tmp_path: Path) -> None:
    assert folder_print(None) == ()
    assert folder_print(tmp_path / "nowhere") == ()
    weights = tmp_path / "sub" / "model.safetensors"
    weights.parent.mkdir()
    prints = [folder_print(tmp_path)]
    weights.write_bytes(b"half")
    prints.append(folder_print(tmp_path))
    weights.write_bytes(b"whole thing")
    prints.append(folder_print(tmp_path))
    os.utime(weights, ns=(1, 1))
    prints.append(folder_print(tmp_path))
    assert len(set(prints)) == 4
    assert folder_print(tmp_path) == prints[-1]
