"""How long the bot's event loop ever stands still while the engine loads and draws.

Run with `python -m benchmarks.event_loop`; writes `benchmarks/results/event_loop.json` and `.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from bot.ports.engine import EngineTask, PictureDone

TICK_S = 0.001
NOISE_S = 3.0
LIMIT_S = 0.100
PICTURES = 3
SIDE_PX = 1024
STEPS = 25
PREVIEW_EVERY = 5
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Stall:
    """One phase: how late ticks of `TICK_S` came; the worst one is the longest that a click would have waited.

    `own_work_ms` is the most processor time that the loop itself used between two ticks: what is worse than that was
    the machine giving the processor to somebody else.
    """

    phase: str
    duration_s: float
    ticks: int
    worst_ms: float
    p999_ms: float
    own_work_ms: float


class LoopWatch:
    """A task that asks to be woken every millisecond and notes how late it was."""

    def __init__(self) -> None:
        self._late_s: list[float] = []
        self._work_s: list[float] = []
        self._started = time.perf_counter()
        self._task = asyncio.create_task(self._tick())

    def take(self, phase: str) -> Stall:
        """Everything since the last call."""
        late_s, self._late_s = sorted(self._late_s), []
        work_s, self._work_s = max(self._work_s), []
        started, self._started = self._started, time.perf_counter()
        p999 = late_s[int(len(late_s) * 0.999)]
        return Stall(phase, self._started - started, len(late_s), late_s[-1] * 1000, p999 * 1000, work_s * 1000)

    async def stop(self) -> None:
        """End the ticking."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, worked_s = loop.time() + TICK_S, time.thread_time()
            await asyncio.sleep(TICK_S)
            self._late_s.append(max(0.0, loop.time() - due))
            self._work_s.append(time.thread_time() - worked_s)


async def measure(cache_folder: Path) -> list[Stall]:
    """Start an engine with the toy model, draw, close; one `Stall` for each phase."""
    watch = LoopWatch()
    await asyncio.sleep(NOISE_S)
    stalls = [watch.take("no engine: the machine's own noise")]
    engine = EngineProcess(EngineSettings(cache_folder=cache_folder, device=DeviceChoice.CPU))
    await engine.start()
    await engine.wait_ready()
    stalls.append(watch.take("load (first start, toy is built)"))
    for index in range(PICTURES):
        await draw(engine, index)
        stalls.append(watch.take(f"picture {index + 1} of {PICTURES}"))
    await engine.close()
    stalls.append(watch.take("close"))
    await watch.stop()
    return stalls


async def draw(engine: EngineProcess, index: int) -> None:
    """One picture with previews."""
    task = EngineTask(
        job_id=f"benchmark-{index}",
        prompt="a cat on a chair",
        subject=None,
        styles=(),
        width=SIDE_PX,
        height=SIDE_PX,
        keep_size=False,
        steps=STEPS,
        guidance=4.0,
        subject_size=512,
        seed=index,
        variation=None,
        preview_every=PREVIEW_EVERY,
    )
    pictures = [event async for event in engine.generate(task) if isinstance(event, PictureDone)]
    if len(pictures) != 1:
        raise RuntimeError(f"expected one picture, got {len(pictures)}")


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    names = [line for line in _cpu_info() if line.startswith("model name")]
    return {
        "processor": names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "load_average": f"{os.getloadavg()[0]:.2f}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": version("torch"),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def as_markdown(stalls: list[Stall], facts: dict[str, str | int]) -> str:
    """The figures as a small table with the machine below."""
    worst_ms = max(stall.worst_ms for stall in stalls)
    verdict = "holds" if worst_ms < LIMIT_S * 1000 else "DOES NOT HOLD"
    rows = [
        f"| {stall.phase} | {stall.duration_s:.2f} | {stall.ticks} | {stall.p999_ms:.1f} | {stall.worst_ms:.1f} "
        f"| {stall.own_work_ms:.1f} |"
        for stall in stalls
    ]
    return "\n".join(
        [
            "# Event loop: worst stall while the engine works",
            "",
            f"{PICTURES} pictures of the toy model, {SIDE_PX}x{SIDE_PX} asked, {STEPS} steps, "
            f"a preview every {PREVIEW_EVERY} steps.",
            "",
            "| phase | seconds | ticks | 99.9 % under, ms | worst, ms | most work of the loop's own, ms |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "Lateness beyond the loop's own work is the machine serving other processes.",
            "",
            f"Worst stall {worst_ms:.1f} ms; the limit of {LIMIT_S * 1000:.0f} ms {verdict}.",
            "",
            *(f"- {name.replace('_', ' ')}: {value}" for name, value in facts.items()),
            "",
        ]
    )


def main() -> int:
    """Measure, print, write; exit code 1 when the limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    out: Path = parser.parse_args().out
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        stalls = asyncio.run(measure(Path(folder)))
    report = as_markdown(stalls, facts)
    print(report)
    out.mkdir(parents=True, exist_ok=True)
    (out / "event_loop.md").write_text(report, encoding="utf-8")
    data = {"limit_ms": LIMIT_S * 1000, "stalls": [asdict(stall) for stall in stalls], "machine": facts}
    (out / "event_loop.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    return int(max(stall.worst_ms for stall in stalls) >= LIMIT_S * 1000)


def _cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
