"""`uso-bot` as a person runs it: a process of its own, with its own cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
GOLDEN = Path(__file__).parents[2] / "golden" / "toy"


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """No hub, no proxy, a cache folder that only these tests share; one thread, as test processes share the cores."""
    unwanted = ("HF_TOKEN", "HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    kept = {name: value for name, value in os.environ.items() if name.upper() not in unwanted}
    return kept | {
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", "from bot.cli import main; main()", *map(str, arguments)]


@pytest.fixture
def uso_bot(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run a command in an empty folder."""
    repository = str(Path(__file__).parents[3])

    def run(*arguments: str | Path, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            input=typed,
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": repository},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def start_uso_bot(
    environment: dict[str, str], tmp_path: Path
) -> Callable[[Sequence[str | Path]], subprocess.Popen[str]]:
    """Start a command and leave it running."""
    repository = str(Path(__file__).parents[3])

    def start(arguments: Sequence[str | Path]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command(*arguments),
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": repository},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
