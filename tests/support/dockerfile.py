"""Reading the Dockerfile, and doing its steps in a folder: what a machine without a container engine can."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_CONTINUED: Final = re.compile(r"\\\n\s*")


@dataclass(frozen=True)
class Step:
    """One instruction of a stage: `RUN`, `COPY`, and so on."""

    name: str
    words: str

    @property
    def arguments(self) -> list[str]:
        """The words, whether they are written as JSON or with blanks between."""
        return list(json.loads(self.words)) if self.words.startswith("[") else self.words.split()


def stages(file: Path = ROOT / "Dockerfile") -> list[list[Step]]:
    """The steps of each stage, from its FROM on."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found: list[list[Step]] = []
    for line in _CONTINUED.sub(" ", "\n".join(lines)).splitlines():
        name, _, words = line.strip().partition(" ")
        if name == "FROM":
            found.append([])
        if name and found:
            found[-1].append(Step(name, words.strip()))
    return found


def copied(stage: list[Step], target: Path) -> None:
    """Copy into `target` what the stage copies from the repository into its working folder."""
    for step in stage:
        if step.name == "COPY" and not step.words.startswith("--from"):
            *sources, place = step.arguments
            for source in sources:
                goal = target / place if not place.endswith("/") else target / place / Path(source).name
                copy = ROOT / source
                if copy.is_dir():
                    shutil.copytree(copy, goal, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    goal.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(copy, goal)


def do_runs(stage: list[Step], folder: Path, places: Mapping[str, str]) -> list[str]:
    """Do the RUN steps of a stage in `folder`, with other places than the image's; those for apt are left to Docker.

    Returns the commands that were done; raises `subprocess.CalledProcessError`.
    """
    done = []
    for step in stage:
        if step.name != "RUN" or "apt-get" in step.words:
            continue
        words = step.words
        for image, here in places.items():
            words = words.replace(image, here)
        subprocess.run(["/bin/sh", "-euc", words], cwd=folder, check=True)
        done.append(words)
    return done
