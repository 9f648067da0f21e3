"""What a benchmark ran on, and where its results go."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"

Facts = dict[str, str | int]


def machine() -> Facts:
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


def facts_as_markdown(facts: Facts) -> list[str]:
    """One line a fact."""
    return [f"- {name.replace('_', ' ')}: {value}" for name, value in facts.items()]


def write_results(folder: Path, name: str, report: str, data: dict[str, Any]) -> None:
    """Write `name.md` and `name.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(report, encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
