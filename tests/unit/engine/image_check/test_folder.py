"""What a folder says about the classifier in it, with nothing loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.engine.image_check.folder import state
from bot.ports.image_check import CheckState
from tests.support.tiny_classifier import make_classifier


def test_without_a_folder_it_is_off_and_says_where_it_looked(tmp_path: Path) -> None:
    status = state(tmp_path / "none", ["nsfw"])
    assert status.state is CheckState.OFF
    assert str(tmp_path / "none") in status.reason


def test_a_classifier_that_knows_a_label_is_ready(tmp_path: Path) -> None:
    status = state(make_classifier(tmp_path), ["nsfw", "porn"])
    assert (status.state, status.reason) == (CheckState.READY, "looks for NSFW")


def test_what_can_not_be_used_is_broken_and_says_why(tmp_path: Path) -> None:
    folder = make_classifier(tmp_path)
    assert state(folder, ["violence"]).reason.endswith("knows none of the flagged_labels, but normal, NSFW")
    config = json.loads((folder / "config.json").read_text())
    for damage, words in (
        (json.dumps(config | {"architectures": ["BertForMaskedLM"]}), "holds no image classifier"),
        ("{", "can not be read"),
        ("[]", "can not be read"),
    ):
        (folder / "config.json").write_text(damage)
        status = state(folder, ["nsfw"])
        assert status.state is CheckState.BROKEN
        assert words in status.reason
    (folder / "model.safetensors").unlink()
    assert "has no model.safetensors" in state(folder, ["nsfw"]).reason


@pytest.mark.parametrize("module", ["adapters.engine.image_check.folder", "adapters.engine.image_check.process"])
def test_looking_imports_no_tensor_library(module: str) -> None:
    code = f"import sys, {module}; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
