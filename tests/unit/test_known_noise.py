"""What people run says nothing that they could not act on."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["uso.pipeline", "uso.upscaler", "uso.conversion", "adapters.engine.painter"])
def test_loading_the_libraries_says_nothing(module: str) -> None:
    """In a process of its own, as imports happen once."""
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False, timeout=240
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_model_can_be_named_without_torch() -> None:
    code = "import sys, uso, uso.known_noise; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("name", ["torchao", "torch.utils._pytree", "diffusers.quantizers.torchao.torchao_quantizer"])
def test_what_the_same_loggers_say_otherwise_is_heard(name: str) -> None:
    import uso  # noqa: F401

    record = logging.LogRecord(name, logging.WARNING, __file__, 1, "something new about %s", ("kernels",), None)
    assert logging.getLogger(name).filter(record)
