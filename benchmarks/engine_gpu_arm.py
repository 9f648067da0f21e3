"""One set-up of the full-size benchmark in a process of its own; prints its figures as one line of JSON.

`python -m benchmarks.engine_gpu_arm --setup JSON --folder FOLDER --device cuda ...`; asked by `engine_gpu`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import torch

from benchmarks.engine_arm_process import answers_only
from benchmarks.engine_cases import Case, floor_cases
from benchmarks.engine_gpu_plan import CAP_BYTES, Plan, Setup
from benchmarks.engine_watch import Watch, clock_of

if TYPE_CHECKING:
    from benchmarks.engine_arms import Arm

_PREVIEW_EVERY_STEPS: Final = 5


class Measuring:
    """Everything that is measured of one loaded arm."""

    def __init__(self, arm: Arm, plan: Plan, device: torch.device, *, is_slow: bool = False) -> None:
        self._arm, self._plan, self._device, self._is_slow = arm, plan, device, is_slow
        self._watch = Watch(arm.encoders, arm.transformer, arm.decoder, clock_of(device))
        self._cases = floor_cases(plan.side_px, plan.steps)
        self._main = next(case for case in self._cases if case.name == plan.main_case)

    def cold(self) -> dict[str, float]:
        """The very first picture, compiling included."""
        return self._times(self._main)

    def cases(self) -> dict[str, dict[str, Any]]:
        """Milliseconds a step and a picture of every row of the floor table, memory included, nothing known before.

        Of what takes minutes a picture, one picture of one row.
        """
        found = {}
        for case in [self._main] if self._is_slow else self._cases:
            self._times(replace(case, steps=2))
            self._forget_peak()
            times = [self._times(case) for _ in range(1 if self._is_slow else self._plan.repeats)]
            found[case.name] = {
                "step_s": [one["denoise_s"] / case.steps for one in times],
                "picture_s": [one["total_s"] for one in times],
                "encode_s": median(one["encode_s"] for one in times),
                "decode_s": median(one["decode_s"] for one in times),
                **self._memory(),
            }
        return found

    def four(self) -> dict[str, float]:
        """Four pictures of one request, which share one encoding, and when the first of them is there."""
        setattr(self._arm, "keeps_caches", False)  # noqa: B010 -- only this project's arm has caches and previews
        first = self._times(self._main)["total_s"]
        setattr(self._arm, "keeps_caches", True)  # noqa: B010
        others = sum(self._times(replace(self._main, seed=seed))["total_s"] for seed in (1, 2, 3))
        setattr(self._arm, "keeps_caches", False)  # noqa: B010
        return {"first_s": first, "all_s": first + others}

    def previews(self) -> dict[str, list[float]]:
        """Seconds of stepping without and with previews, in turns."""
        found: dict[str, list[float]] = {"without_s": [], "with_s": []}
        for every in (_PREVIEW_EVERY_STEPS, *([0, _PREVIEW_EVERY_STEPS] * self._plan.repeats)):
            setattr(self._arm, "preview_every", every)  # noqa: B010
            seconds = self._times(self._main)["denoise_s"]
            found["with_s" if every else "without_s"].append(seconds)
        setattr(self._arm, "preview_every", 0)  # noqa: B010
        # The first one fits the preview's map.
        return {"without_s": found["without_s"], "with_s": found["with_s"][1:]}

    def soak(self) -> dict[str, Any]:
        """Pictures of mixed cases and sizes; what torch keeps reserved after a quarter of them and in the end."""
        reserved = []
        for number in range(self._plan.soak):
            case = self._cases[number % len(self._cases)]
            width, height = self._plan.sizes[number % len(self._plan.sizes)]
            self._times(replace(case, width=width, height=height, steps=2, seed=number))
            reserved.append(self._memory()["reserved_bytes"])
        start = reserved[len(reserved) // 4] if reserved else None
        return {"pictures": len(reserved), "start_bytes": start, "end_bytes": reserved[-1] if reserved else None}

    def _times(self, case: Case) -> dict[str, float]:
        drawn = self._watch.look(lambda: self._arm.draw(case))
        return {**asdict(drawn.times), "total_s": drawn.times.total_s}

    def _forget_peak(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)

    def _memory(self) -> dict[str, int | None]:
        if self._device.type != "cuda":
            return dict.fromkeys(("allocated_bytes", "reserved_bytes", "peak_allocated_bytes", "peak_reserved_bytes"))
        return {
            "allocated_bytes": torch.cuda.memory_allocated(self._device),
            "reserved_bytes": torch.cuda.memory_reserved(self._device),
            "peak_allocated_bytes": torch.cuda.max_memory_allocated(self._device),
            "peak_reserved_bytes": torch.cuda.max_memory_reserved(self._device),
        }


def measure(
    setup: Setup, plan: Plan, folder: Path, device: torch.device, peer: Path | None, *, is_cold_only: bool
) -> dict[str, Any]:
    """Build one arm and measure it, or only its first picture."""
    started = time.perf_counter()
    arm, counts = _build(setup, plan, folder, device, peer)
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.synchronize(device)
    loaded = time.perf_counter() - started
    is_capped = setup.is_capped and _cap(device)
    measuring = Measuring(arm, plan, device, is_slow=setup.is_offloaded and setup.is_published)
    found: dict[str, Any] = {"load_s": loaded, "is_capped": is_capped, "departures": list(arm.departures)}
    found["cold"] = measuring.cold()
    if is_cold_only:
        return found
    found["cases"] = measuring.cases()
    # Every shape of the floor table has been there; what is compiled from now on is one graph too many.
    end_warm_up, tell = counts
    end_warm_up()
    if not setup.is_published:
        found["four"] = measuring.four()
        found["previews"] = measuring.previews()
        found["soak"] = measuring.soak()
    found["counts"] = tell()
    found["config"] = _transformer_sizes(arm.transformer) if not setup.is_published else None
    return found


def _build(
    setup: Setup, plan: Plan, folder: Path, device: torch.device, peer: Path | None
) -> tuple[Arm, tuple[Callable[[], None], Callable[[], dict[str, Any]]]]:
    if setup.is_published:
        from benchmarks.published_random import PublishedRandom  # noqa: PLC0415 -- never beside this project's uso

        assert peer is not None
        return PublishedRandom(peer, folder, device, is_offloaded=setup.is_offloaded), (lambda: None, dict)
    from benchmarks.engine_arms import Ours  # noqa: PLC0415 -- imports this project's uso
    from benchmarks.engine_gpu_models import profile_of, random_pipeline  # noqa: PLC0415

    profile = profile_of(setup.profile, is_compiled=setup.is_compiled, device=device)
    pipeline = random_pipeline(folder, profile, device, is_merged=setup.is_merged, backend=plan.backend)
    return Ours(pipeline), (pipeline.tally.end_warm_up, lambda: asdict(pipeline.counts))


def _cap(device: torch.device) -> bool:
    """From here on the process gets no more of the card than a 24 GB one has to give."""
    if device.type != "cuda":
        return False
    total = torch.cuda.get_device_properties(device).total_memory
    if total <= CAP_BYTES:
        return False
    torch.cuda.set_per_process_memory_fraction(CAP_BYTES / total, device)
    return True


def _transformer_sizes(transformer: Any) -> dict[str, int]:
    names = ("num_layers", "num_single_layers", "num_attention_heads", "attention_head_dim")
    more = ("joint_attention_dim", "pooled_projection_dim", "in_channels")
    return {name: int(getattr(transformer.config, name)) for name in (*names, *more)}


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", required=True, help="a `Setup` as JSON, or `rates`")
    parser.add_argument("--plan", required=True, help="a `Plan` as JSON")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--device", type=torch.device, required=True)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--cold-only", action="store_true", help="end after the first picture")
    options = parser.parse_args()
    output = answers_only()
    if options.device.type == "cpu":
        # Toy-size layers are too small to share, and processor time adds up over threads.
        torch.set_num_threads(1)
    if options.setup == "rates":
        from benchmarks.engine_work import matrix_rates  # noqa: PLC0415

        found: dict[str, Any] = matrix_rates(options.device)
    else:
        setup, plan = Setup(**json.loads(options.setup)), Plan.from_json(options.plan)
        found = measure(setup, plan, options.folder, options.device, options.peer, is_cold_only=options.cold_only)
    output.write(json.dumps(found) + "\n")
    output.flush()


if __name__ == "__main__":
    main()
