"""The published USO code, plain diffusers FLUX and this project's pipeline on one processor, toy size, same weights.

Run with `python -m benchmarks.engine_cpu [--peer DIR]`, where DIR is a checkout of bytedance/USO; writes
`benchmarks/results/engine_cpu.json`, `.md` and `.svg`. Each arm has a process of its own; they take turns, so that
whatever else the machine does hits all of them alike, and times are told as ratios within a turn.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.engine_arm_process import ArmName, ArmProcess
from benchmarks.engine_cases import Case, floor_cases
from benchmarks.engine_cpu_report import Measured, Turn, as_data, as_markdown, plot_of, verdicts
from benchmarks.machine import RESULTS, machine, write_results
from uso import build_toy_weights

SIDE_PX: Final = 256
STEPS: Final = 6
REPEATS: Final = 9
PREVIEW_EVERY_STEPS: Final = 2
"""A preview comes every five steps of 25 by default; here are fewer steps."""

Arms = Mapping[ArmName, ArmProcess]


def measure(folder: Path, peer: Path | None, cases: Sequence[Case], repeats: int, threads: int) -> Measured:
    """Make toy weights, start the arms and put all questions to them."""
    weights = folder / "weights"
    build_toy_weights(weights)
    names = [name for name in ArmName if name is not ArmName.PUBLISHED or peer is not None]
    with ExitStack() as stack:
        arms = {name: stack.enter_context(ArmProcess(name, weights, peer=peer, threads=threads)) for name in names}
        departures = {name: tuple(arm.ask("begin")["departures"]) for name, arm in arms.items()}
        differences = {case.name: _differences(arms, case, folder) for case in cases}
        counts = {name: {case.name: arm.ask("draw", case)["calls"] for case in cases} for name, arm in arms.items()}
        known = {case.name: _ask_again(arms[ArmName.OURS], case) for case in cases}
        turns = _take_turns(arms, cases, repeats)
        previews = _preview_turns(arms[ArmName.OURS], cases[-1], repeats)
        memory = {name: arm.ask("memory") for name, arm in arms.items()}
        flops = {name: {case.name: arm.ask("flops", case)["flops"] for case in cases} for name, arm in arms.items()}
        graphs = {name: arm.ask("graphs", **_shapes(cases)) for name, arm in arms.items()}
    return Measured(
        cases=tuple(cases),
        departures=departures,
        differences=differences,
        counts=counts,
        known_counts=known,
        turns=tuple(turns),
        preview_turns=tuple(previews),
        memory=memory,
        flops=flops,
        graphs=graphs,
    )


def _differences(arms: Arms, case: Case, folder: Path) -> dict[str, float]:
    """How far each arm's latents are from ours, before the first and after the last step, relative to their norm."""
    files = {}
    for name, arm in arms.items():
        files[name] = folder / f"{name}.npz"
        arm.ask("draw", case, save_to=str(files[name]))
    seen: dict[ArmName, Any] = {name: np.load(file) for name, file in files.items()}
    comparable = [ArmName.PUBLISHED] if case.content_px or case.styles else [ArmName.PUBLISHED, ArmName.DIFFUSERS]
    found = {}
    for name in comparable:
        if name in seen:
            theirs = seen[name]["velocity"]
            ours = seen[ArmName.OURS]["velocity"][:, : theirs.shape[1]]
            found[f"{name}, first velocity"] = _relative(ours, theirs)
            found[f"{name}, last latents"] = _relative(seen[ArmName.OURS]["decoded"], seen[name]["decoded"])
    return found


def _relative(ours: Any, theirs: Any) -> float:
    return float(np.linalg.norm((ours - theirs).astype(float)) / np.linalg.norm(theirs.astype(float)))


def _ask_again(ours: ArmProcess, case: Case) -> dict[str, int]:
    """What runs for a request whose prompt and pictures were seen before."""
    ours.ask("draw", case, keeps_caches=True)
    calls: dict[str, int] = ours.ask("draw", case, keeps_caches=True)["calls"]
    return calls


def _take_turns(arms: Arms, cases: Sequence[Case], repeats: int) -> list[Turn]:
    """Every arm draws every case once a turn; who begins changes from turn to turn."""
    turns = []
    names = list(arms)
    for number in range(repeats):
        for case in cases:
            order = names[number % len(names) :] + names[: number % len(names)]
            turns.append(Turn(case.name, {name: arms[name].ask("draw", case)["times"] for name in order}))
    return turns


def _preview_turns(ours: ArmProcess, case: Case, repeats: int) -> list[tuple[float, float]]:
    """Seconds of stepping without and with previews, in turns; the first preview of all fits its map beforehand."""
    ours.ask("draw", case, preview_every=PREVIEW_EVERY_STEPS)
    turns = []
    for _ in range(repeats):
        plain = ours.ask("draw", case)["times"]["denoise_s"]
        with_previews = ours.ask("draw", case, preview_every=PREVIEW_EVERY_STEPS)["times"]["denoise_s"]
        turns.append((plain, with_previews))
    return turns


def _shapes(cases: Sequence[Case]) -> dict[str, Any]:
    """Requests of every kind, and of other sizes, steps and guidance."""
    side = cases[0].width
    wide = Case("wide", 2 * side, side, 2, styles=1, guidance=2.5)
    return {"shapes": [case.as_data() for case in (*cases, wide)]}


def main() -> int:
    """Measure, print, write; exit code 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path, help="a checkout of the published code, github.com/bytedance/USO")
    parser.add_argument("--side", type=int, default=SIDE_PX, help="pixels of a side, a multiple of 64")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--threads", type=int, default=1, help="of each arm")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args()
    facts = machine()
    cases = floor_cases(options.side, options.steps)
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), options.peer, cases, options.repeats, options.threads)
    report = as_markdown(measured, facts)
    print(report)
    write_results(options.out, "engine_cpu", report, as_data(measured, facts))
    (options.out / "engine_cpu.svg").write_text(plot_of(measured), encoding="utf-8")
    return int(any(verdict.holds is False for verdict in verdicts(measured)))


if __name__ == "__main__":
    sys.exit(main())
