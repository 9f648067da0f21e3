"""The engine's soak: two hundred mixed requests through one real engine process, whose memory must not grow.

`python -m tests.soak.engine [--requests 200] [--seed N] [--weights FOLDER] [--device auto|cpu|cuda] [--out FOLDER]`

On a CPU its resident size is watched, on a card what torch keeps reserved there, under a cap of 22.5 GiB.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from benchmarks.plots import Line, line_plot
from bot.ports.engine import EngineInfo, EngineMemory, EngineOutOfMemory, PictureDone, StepDone, TaskStopped
from tests.soak.engine_plan import Request, requests

CAP_BYTES: Final = 45 << 29  # 22.5 GiB, which a card of 24 GB has left beside its screen
GROWTH_BYTES: Final = 64 << 20
"""How much more than after the warm-up it may be in the end: what an allocator keeps, and no leak of 200 pictures."""
_WARM_UP_SHARE: Final = 0.25
_MIB: Final = 2**20
_READY_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request; `late_steps` are those told after its cancelling was sent."""

    kind: str
    ending: str
    late_steps: int
    memory: EngineMemory


@dataclass(frozen=True, slots=True)
class Soak:
    """A whole run; `process_ids` has one entry unless the engine had to be replaced."""

    seed: int
    info: EngineInfo
    loaded: EngineMemory
    answers: tuple[Answer, ...]
    process_ids: tuple[int, ...]
    duration_s: float

    @property
    def warmed_up(self) -> int:
        """How many requests came first, so that all caches are filled and every kind was there."""
        return max(1, int(len(self.answers) * _WARM_UP_SHARE))

    @property
    def reserved(self) -> tuple[int, int, int]:
        """Bytes after the warm-up, at the end, and the most in between."""
        later = [answer.memory.reserved_bytes for answer in self.answers[self.warmed_up - 1 :]]
        return later[0], later[-1], max(later)

    @property
    def growth_bytes(self) -> int:
        """How much more is reserved at the end than after the warm-up."""
        start, end, _ = self.reserved
        return end - start

    @property
    def faults(self) -> list[str]:
        """What is not as it has to be."""
        found = []
        if self.growth_bytes > GROWTH_BYTES:
            found.append(f"{self.growth_bytes / _MIB:.0f} MiB more in the end, {GROWTH_BYTES / _MIB:.0f} are allowed")
        if len(self.process_ids) > 1:
            found.append(f"the engine was replaced {len(self.process_ids) - 1} times")
        if late := [answer for answer in self.answers if answer.late_steps > 1]:
            found.append(f"{len(late)} cancelled requests went on for more than the step under way")
        return found


async def soak(count: int, seed: int, settings: EngineSettings) -> Soak:
    """Make `count` requests one after the other."""
    engine = EngineProcess(settings)
    await engine.start()
    try:
        info = await asyncio.wait_for(engine.wait_ready(), _READY_S)
        loaded = _memory_of(engine)
        started = time.perf_counter()
        answers, pids = [], {engine.pid: None}
        for request in requests(count, seed):
            answers.append(await _answer(engine, request))
            pids[engine.pid] = None
        known = tuple(pid for pid in pids if pid is not None)
        return Soak(seed, info, loaded, tuple(answers), known, time.perf_counter() - started)
    finally:
        await engine.close()


async def _answer(engine: EngineProcess, request: Request) -> Answer:
    ending, late_steps, is_stopping = "", 0, False
    try:
        async for event in engine.generate(request.task):
            match event:
                case PictureDone(shrunk_to=None):
                    ending = "done"
                case PictureDone():
                    ending = "done, smaller"
                case StepDone():
                    late_steps += is_stopping
                    if event.step == request.cancelled_after:
                        await engine.stop(request.task.job_id)
                        is_stopping = True
    except TaskStopped:
        ending = "cancelled"
    except EngineOutOfMemory:
        ending = "memory full"
    return Answer(request.kind.value, ending, late_steps, _memory_of(engine))


def _memory_of(engine: EngineProcess) -> EngineMemory:
    memory = engine.status.memory
    assert memory is not None, "the engine is ready"
    return memory


def limit_card(device: DeviceChoice) -> None:
    """Let engine processes have `CAP_BYTES` of the card, if there is one that is larger."""
    program = (
        "import torch; print(torch.cuda.get_device_properties(0).total_memory if torch.cuda.is_available() else 0)"
    )
    if device is DeviceChoice.CPU:
        return
    # In a process of its own: a look at the card costs half a gigabyte of it.
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    total = int(told.split()[-1])
    if total > CAP_BYTES:
        os.environ["PYTORCH_CUDA_ALLOC_CONF"] = f"per_process_memory_fraction:{CAP_BYTES / total:.4f}"


def as_markdown(run: Soak, facts: Facts) -> str:
    """The figures, what they are of above them."""
    start, end, most = (value / _MIB for value in run.reserved)
    endings = Counter((answer.kind, answer.ending) for answer in run.answers)
    what = "resident size of the process" if run.info.device == "cpu" else "memory that torch keeps reserved"
    verdict = "; ".join(run.faults) or "holds"
    late = sum(answer.late_steps for answer in run.answers)
    return "\n".join(
        [
            "# The engine's soak",
            "",
            f"{len(run.answers)} requests of all kinds and sizes, one after the other, to one engine process with the "
            f"{run.info.label} on {run.info.device}: {run.duration_s:.0f} s. Watched is the {what}; the first "
            f"{run.warmed_up} requests fill the caches. Seed {run.seed}.",
            "",
            "| moment | MiB |",
            "|---|---|",
            f"| loaded | {run.loaded.reserved_bytes / _MIB:.0f} |",
            f"| start: after {run.warmed_up} requests | {start:.0f} |",
            f"| end: after {len(run.answers)} requests | {end:.0f} |",
            f"| the most in between | {most:.0f} |",
            "",
            f"{run.growth_bytes / _MIB:+.0f} MiB from start to end, {GROWTH_BYTES / _MIB:.0f} allowed: **{verdict}**.",
            f"Steps told after a request was cancelled: {late} in all, one each is allowed.",
            "",
            "![Memory after each request](engine_soak.svg)",
            "",
            "| kind | ended | requests |",
            "|---|---|---|",
            *(f"| {kind} | {ending} | {number} |" for (kind, ending), number in sorted(endings.items())),
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def as_data(run: Soak, facts: Facts) -> dict[str, object]:
    """The same for programs."""
    start, end, most = run.reserved
    return {
        "seed": run.seed,
        "requests": len(run.answers),
        "device": run.info.device,
        "model": run.info.label,
        "duration_s": round(run.duration_s, 1),
        "loaded_bytes": run.loaded.reserved_bytes,
        "start_bytes": start,
        "end_bytes": end,
        "most_bytes": most,
        "allowed_growth_bytes": GROWTH_BYTES,
        "faults": run.faults,
        "endings": Counter(answer.ending for answer in run.answers),
        "answers": [asdict(answer) for answer in run.answers],
        "machine": facts,
    }


def plot_of(answers: Sequence[Answer]) -> str:
    """Memory after each request, as SVG."""
    numbers = list(range(1, len(answers) + 1))
    reserved = [answer.memory.reserved_bytes / _MIB for answer in answers]
    return line_plot("Memory after each request", "request", "MiB", [Line("reserved", numbers, reserved)])


def main() -> int:
    """Soak, print, write; exit code 1 if the memory grew, or anything else is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="drawn and printed if not given")
    parser.add_argument("--weights", type=Path, default=None, help="folder of the model; the toy model without")
    parser.add_argument("--device", type=DeviceChoice, default=DeviceChoice.AUTO, choices=list(DeviceChoice))
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    facts = machine()
    limit_card(options.device)
    with tempfile.TemporaryDirectory() as folder:
        settings = EngineSettings(Path(folder), weights_folder=options.weights, device=options.device, threads=1)
        run = asyncio.run(soak(options.requests, options.seed, settings))
    report = as_markdown(run, facts)
    print(report)
    write_results(options.out, "engine_soak", report, as_data(run, facts))
    (options.out / "engine_soak.svg").write_text(plot_of(run.answers), encoding="utf-8")
    return int(bool(run.faults))


if __name__ == "__main__":
    sys.exit(main())
