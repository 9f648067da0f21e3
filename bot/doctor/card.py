"""The graphics card: what its driver says, and what PyTorch makes of it."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from bot.doctor.findings import Finding, failure, ok, warning

_DRIVER_TIMEOUT_S: Final = 15.0
_TORCH_TIMEOUT_S: Final = 120.0
_QUERY: Final = ("--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits")
_COMFORTABLE_MIB: Final = 22_000  # a 24 GB card says a little less
# In a process of its own: a broken driver can end the one that asks, and torch takes seconds to import.
_PROBE: Final = """
import json, torch
is_there = torch.cuda.is_available()
print(json.dumps({
    "version": torch.__version__,
    "cuda": torch.version.cuda or "",
    "name": torch.cuda.get_device_name(0) if is_there else "",
}))
"""


@dataclass(frozen=True, slots=True)
class _Torch:
    version: str
    cuda: str
    name: str


async def card(device: str) -> AsyncIterator[Finding]:
    """The driver, then PyTorch. `device` is as configured: without a card, `cuda` can not start and `auto` can."""
    driver = await _driver()
    torch = await _torch()
    if driver is None:
        yield _without_driver(device)
    else:
        yield driver
    if torch is None:
        remedy = "Install the bot anew (`make install`); if it stays, look at `python -c 'import torch'`."
        yield failure("pytorch", "PyTorch can not be imported", remedy)
    elif torch.name:
        yield ok("pytorch", f"PyTorch {torch.version} draws on {torch.name}")
    elif driver is not None and torch.cuda:
        remedy = f"Update the NVIDIA driver so that it knows CUDA {torch.cuda}, then restart the machine."
        yield _by_device(device, f"PyTorch {torch.version} (CUDA {torch.cuda}) does not see the card", remedy)
    elif driver is not None:
        remedy = "Install the CUDA build of PyTorch: pip install --force-reinstall torch==2.13.0"
        yield _by_device(device, f"PyTorch {torch.version} is built without CUDA", remedy)
    else:
        yield ok("pytorch", f"PyTorch {torch.version} draws on the processor")


def _without_driver(device: str) -> Finding:
    remedy = "Install NVIDIA's driver for a card with 16 GB or more; without one, only the toy model is quick."
    if device == "cuda":
        return failure("gpu", "no NVIDIA driver is found, and [engine] device is cuda", f"{remedy} Or set it to auto.")
    return warning("gpu", "no NVIDIA driver is found; the processor draws", remedy)


def _by_device(device: str, detail: str, remedy: str) -> Finding:
    return failure("pytorch", detail, remedy) if device == "cuda" else warning("pytorch", detail, remedy)


async def _driver() -> Finding | None:
    """What NVIDIA's own tool tells of the cards; None where it is not installed."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    said = await _output(program, *_QUERY, timeout_s=_DRIVER_TIMEOUT_S)
    rows = [[part.strip() for part in line.split(",")] for line in (said or "").splitlines()]
    if not rows or any(len(row) != 3 for row in rows):
        return failure(
            "gpu", "the NVIDIA driver does not answer (nvidia-smi)", "Restart the machine, or reinstall the driver."
        )
    name, version, total = rows[0]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    detail = f"{name}, {total} MiB, driver {version}{more}"
    if not total.isdecimal() or int(total) < _COMFORTABLE_MIB:
        remedy = 'The full model wants 24 GB; with less, keep [engine] profile on "auto" or set it to "low-memory".'
        return warning("gpu", detail, remedy)
    return ok("gpu", detail)


async def _torch() -> _Torch | None:
    said = await _output(sys.executable, "-c", _PROBE, timeout_s=_TORCH_TIMEOUT_S)
    try:
        return None if said is None else _Torch(**json.loads(said.splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        return None


async def _output(*command: str, timeout_s: float) -> str | None:
    """What a program prints; None where it fails or hangs."""
    try:
        process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=DEVNULL, stdin=DEVNULL)
    except OSError:
        return None
    try:
        async with asyncio.timeout(timeout_s):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    return said.decode(errors="replace") if process.returncode == 0 else None
