"""One arm in a process of its own, asked through pipes: so that arms can take turns, and each one's memory is its own.

`python -m benchmarks.engine_arm_process published|diffusers|ours --weights FOLDER [--peer DIR] [--threads N]`
reads one JSON request a line and answers each with one line.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TextIO, assert_never

import numpy as np
import psutil
import torch

from benchmarks.engine_cases import Case
from benchmarks.engine_watch import Watch, clock_of, count_flops

if TYPE_CHECKING:
    from benchmarks.engine_arms import Arm

_KIB: Final = 1024


class ArmName(StrEnum):
    """Who draws."""

    PUBLISHED = "published"
    DIFFUSERS = "diffusers"
    OURS = "ours"


class ArmProcess:
    """The asking side; use it as a context manager. Raises `RuntimeError` with what the process said when it ended."""

    def __init__(self, name: ArmName, weights: Path, *, peer: Path | None = None, threads: int = 1) -> None:
        self.name = name
        command = [sys.executable, "-m", __name__, name, "--weights", str(weights), "--threads", str(threads)]
        if peer is not None:
            command += ["--peer", str(peer)]
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- closed by __exit__
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
        self._complaints.close()

    def ask(self, do: str, case: Case | None = None, **more: Any) -> dict[str, Any]:
        """Ask for one thing of `_Answers` and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"do": do, "case": case.as_data() if case is not None else None, **more}
        line = ""
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            pass
        if not line:
            self._process.wait()
            self._complaints.seek(0)
            raise RuntimeError(f"the arm {self.name} ended: {self._complaints.read()[-4000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer


class _Answers:
    """The answering side."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm
        self._watch = Watch(arm.encoders, arm.transformer, arm.decoder, clock_of(torch.device("cpu")))
        self._loaded_bytes = psutil.Process().memory_info().rss

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        case = Case(**request["case"]) if request["case"] is not None else None
        match request["do"]:
            case "begin":
                return {"departures": self._arm.departures}
            case "memory":
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
                return {"loaded_bytes": self._loaded_bytes, "peak_bytes": peak}
            case "graphs":
                return self._graphs([Case(**shape) for shape in request["shapes"]])
        assert case is not None
        if request["do"] == "flops":
            return {"flops": count_flops(lambda: self._arm.draw(case))}
        self._settle(request)
        drawn = self._watch.look(lambda: self._arm.draw(case))
        if (path := request.get("save_to")) is not None:
            np.savez(path, velocity=drawn.velocity.numpy(), decoded=drawn.decoded.numpy())
        return {"times": {**asdict(drawn.times), "total_s": drawn.times.total_s}, "calls": drawn.calls}

    def _graphs(self, shapes: Sequence[Case]) -> dict[str, Any]:
        """Compile, draw all shapes, and count; the first two requests are the warm-up."""
        if not self._arm.compile_blocks():
            return {"is_compiled": False, "shapes": len(shapes)}
        from torch._dynamo.utils import counters  # noqa: PLC0415 -- takes seconds

        after = []
        for shape in shapes:
            self._arm.draw(shape)
            after.append(int(counters["stats"]["unique_graphs"]))
        warm = after[:2][-1]
        return {"is_compiled": True, "shapes": len(shapes), "graphs": after[-1], "recompiles": after[-1] - warm}

    def _settle(self, request: Mapping[str, Any]) -> None:
        """What only this project's arm knows: whether to use its caches, and how often to draw a preview."""
        for name in ("keeps_caches", "preview_every"):
            if hasattr(self._arm, name):
                setattr(self._arm, name, request.get(name, 0))


def build_arm(name: ArmName, weights: Path, peer: Path | None) -> Arm:
    """Load an arm; the published one is never loaded beside another."""
    match name:
        case ArmName.PUBLISHED:
            from benchmarks.published import Published, find_checkout  # noqa: PLC0415 -- see there

            assert peer is not None
            return Published(find_checkout(peer), weights)
        case ArmName.DIFFUSERS:
            from benchmarks.engine_arms import Plain  # noqa: PLC0415 -- imports this project's uso

            return Plain(weights)
        case ArmName.OURS:
            from benchmarks.engine_arms import Ours  # noqa: PLC0415 -- imports this project's uso
            from uso import UsoPipeline  # noqa: PLC0415

            return Ours(UsoPipeline.from_weights(weights))
        case _:
            assert_never(name)


def answers_only() -> TextIO:
    """Keep the way to the asker for answers: what libraries print goes where errors go."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def main() -> None:
    """Answer until the asker has no more questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("arm", type=ArmName, choices=list(ArmName))
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    output = answers_only()
    torch.set_num_threads(options.threads)
    answers = _Answers(build_arm(options.arm, options.weights, options.peer))
    for line in sys.stdin:
        output.write(json.dumps(answers.answer(json.loads(line))) + "\n")
        output.flush()


if __name__ == "__main__":
    main()
