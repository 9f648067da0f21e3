"""The engine at full size with random weights on a card: milliseconds, matrix rate, memory, for every profile.

Run with `python -m benchmarks.engine_gpu [--peer DIR]` where there is a CUDA card; DIR is a checkout of bytedance/USO.
`--size toy --device cpu` runs the same code on any machine and says of everything that needs a card that it was not
measured. Writes `benchmarks/results/engine_gpu.json`, `.md` and `.svg`. Each set-up has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch

from benchmarks.engine_gpu_plan import SETUPS, Plan, Setup, reason_to_skip
from benchmarks.engine_gpu_report import Card, Measured, as_data, as_markdown, plot_of, verdicts
from benchmarks.machine import RESULTS, machine, write_results
from benchmarks.published import find_checkout
from benchmarks.random_weights import Size, write_configs
from bot.domain.requests import Aspect

_FULL: Final = Plan(
    side_px=1024,
    steps=25,
    repeats=3,
    soak=40,
    backend="inductor",
    sizes=tuple(aspect.size_px for aspect in Aspect),
)
_TOY: Final = Plan(side_px=64, steps=2, repeats=1, soak=4, backend="eager", sizes=((64, 64), (96, 64), (64, 96)))


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure, on what."""

    size: Size
    device: torch.device
    peer: Path | None
    only: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """How much of everything."""
        return _FULL if self.size is Size.FULL else _TOY


def measure(options: Options) -> Measured:
    """Ask one process after the other; a set-up that fails is told as such and does not end the run."""
    card, has_peer = look_at(options.device), options.peer is not None
    capability, total = (card.capability, card.total_bytes) if card is not None else (None, 0)
    found: dict[str, dict[str, Any]] = {}
    skipped: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_configs(Path(folder) / "model", options.size)
        rates: dict[str, float] = _ask(options, Path(folder) / "model", "rates")
        for setup in SETUPS:
            reason = reason_to_skip(setup, capability, total, has_peer=has_peer)
            if reason is None and options.only and setup.title not in options.only:
                reason = "was not asked for"
            if reason is not None:
                skipped[setup.title] = reason
                continue
            print(f"{setup.title} ...", file=sys.stderr, flush=True)
            try:
                found[setup.title] = _measure_one(options, Path(folder), setup)
            except ArmError as error:
                skipped[setup.title] = f"failed: {error}"
    return Measured(options.size, options.device.type, card, options.plan, rates, found, skipped)


def _measure_one(options: Options, folder: Path, setup: Setup) -> dict[str, Any]:
    """Measure one set-up; where it is compiled, start it once more with what the first start left in the cache."""
    cache = folder / "compiled" / str(SETUPS.index(setup))
    asked = json.dumps(asdict(setup))
    found: dict[str, Any] = _ask(options, folder / "model", asked, cache=cache)
    if setup.is_compiled and options.plan.backend == "inductor":
        found["second_cold"] = _ask(options, folder / "model", asked, "--cold-only", cache=cache)["cold"]
    return found


def look_at(device: torch.device) -> Card | None:
    """What the card is; None for a processor."""
    if device.type != "cuda":
        return None
    properties = torch.cuda.get_device_properties(device)
    return Card(properties.name, (properties.major, properties.minor), properties.total_memory)


class ArmError(Exception):
    """A set-up's process ended without figures; `str()` is the last thing it said."""


def _ask(options: Options, folder: Path, setup: str, *more: str, cache: Path | None = None) -> Any:
    command = [sys.executable, "-m", "benchmarks.engine_gpu_arm", "--setup", setup, "--plan", options.plan.as_json()]
    command += ["--folder", str(folder), "--device", str(options.device), *more]
    if options.peer is not None:
        command += ["--peer", str(options.peer)]
    environment = dict(os.environ)
    if cache is not None:
        environment["TORCHINDUCTOR_CACHE_DIR"] = str(cache)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        print(done.stderr[-4000:], file=sys.stderr)
        raise ArmError((done.stderr.strip().splitlines() or ["nothing was said"])[-1][:200])
    return json.loads(done.stdout)


def main() -> int:
    """Measure, print, write; exit code 1 where something measured does not hold, or a set-up failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    has_card = torch.cuda.is_available()
    parser.add_argument("--size", type=Size, choices=list(Size), default=Size.FULL if has_card else Size.TOY)
    parser.add_argument("--device", type=torch.device, default=torch.device("cuda" if has_card else "cpu"))
    parser.add_argument("--peer", type=Path, help="a checkout of the published code, github.com/bytedance/USO")
    parser.add_argument("--only", action="append", default=[], help="a set-up's title; may be repeated")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    peer = find_checkout(given.peer) if given.peer is not None else None
    facts = machine()
    measured = measure(Options(given.size, given.device, peer, tuple(given.only)))
    report = as_markdown(measured, facts)
    print(report)
    write_results(given.out, "engine_gpu", report, as_data(measured, facts))
    (given.out / "engine_gpu.svg").write_text(plot_of(measured), encoding="utf-8")
    has_failed = any(reason.startswith("failed") for reason in measured.skipped.values())
    return int(has_failed or any(verdict.holds is False for verdict in verdicts(measured)))


if __name__ == "__main__":
    sys.exit(main())
