"""Allocations that really fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space are Linux's")
def test_want_of_memory_is_met_by_tiles_then_told_and_over_once_there_is_enough() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.e2e.engine.short_of_memory"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    enough, little, next_to_none, enough_again = [json.loads(line) for line in run.stdout.splitlines()]
    assert enough[:3] == ["drawn", 1024, 1024]
    assert little[:3] == ["drawn", 1024, 1024]
    assert little[3] != enough[3], "decoded in tiles"
    assert "trying in tiles" in run.stderr
    assert next_to_none[0] == "memory full"
    assert "can't allocate memory" in next_to_none[1]
    assert enough_again == enough
