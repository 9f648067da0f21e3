"""The package as the Dockerfile copies and installs it, without the repository: nothing it needs is left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.dockerfile import copied, stages

PIP_INSTALL = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
PIP_INSTALL += ["--no-deps", "--no-build-isolation", "--no-index"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our packages; what they depend on is that of this environment.

    `make soak` installs all of it anew (tests/soak/install.py).
    """
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    copied(stages()[0], source)
    subprocess.run(
        [*PIP_INSTALL, "--target", str(target), "."],
        cwd=source,
        check=True,
        timeout=280,
    )
    return target


@contextmanager
def running(installed: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`uso-bot run` in `folder`, and the address of its page."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_TOKEN")}
    environment |= {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1", "XDG_CACHE_HOME": str(folder / "cache")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "run"],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(r"ready at (http://\S+)", line):
                yield process, found[1]
                return
        raise AssertionError(said)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_everything_the_bot_needs_is_in_the_package(installed: Path, tmp_path: Path) -> None:
    places = subprocess.run(
        [sys.executable, "-c", "import bot.cli, uso, adapters, storage; print(bot.__path__[0])"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert places.startswith(str(installed)), "it is the copy that is tested"
    (tmp_path / "config.toml").write_text("[web]\nport = 0\n")
    with running(installed, tmp_path) as (process, page):
        for path, words in (("/healthz", ""), ("/", "USO"), ("/static/base.css", "{")):
            with urllib.request.urlopen(page + path, timeout=30) as answer:
                assert answer.status == 200
                assert words in answer.read().decode()
        started = time.monotonic()
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert time.monotonic() - started < 60


def test_the_health_check_of_the_image_tells_a_bot_that_answers_from_one_that_does_not(
    installed: Path, tmp_path: Path
) -> None:
    (health,) = [step for step in stages()[-1] if step.name == "HEALTHCHECK"]
    script = re.search(r'"-c", "(.+)"\]', health.words)
    assert script is not None

    def check(port: str) -> int:
        command = [sys.executable, "-c", script[1].replace("8080", port)]
        return subprocess.run(command, stderr=subprocess.DEVNULL, timeout=60, check=False).returncode

    (tmp_path / "config.toml").write_text("[web]\nport = 0\n")
    with running(installed, tmp_path) as (process, page):
        port = page.rpartition(":")[2]
        assert check(port) == 0
        process.terminate()
        process.wait(timeout=60)
        assert check(port) == 1
