"""The Dockerfile's install steps in a clean folder, as far as a machine without a container engine can go.

What it copies is copied, what it runs with pip is run, into a fresh environment from the same constraints; then the
installed bot is set up, examined and started as in the image, and the image's health check asks it. The steps for
apt-get and for accounts are the container engine's. Run as `python -m tests.soak.install`; takes minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.dockerfile import copied, do_runs, stages

START_S = 180.0


def main() -> None:
    """Do it all; a step that fails ends it with its own message."""
    with tempfile.TemporaryDirectory(prefix="uso-install-") as name:
        folder = Path(name)
        source, environment, home = folder / "src", folder / "opt", folder / "home"
        for place in (source, home):
            place.mkdir()
        build, image = stages()
        copied(build, source)
        started = time.monotonic()
        for command in do_runs(build, source, {"/opt/uso-bot": str(environment), "python3 -m venv": _venv()}):
            print(f"done: {command}")
        print(f"installed in {time.monotonic() - started:.0f} s")
        program = str(environment / "bin" / "uso-bot")
        for arguments in (["--version"], ["init", "--no-input", "--port", "0"], ["config", "check"], ["doctor"]):
            subprocess.run([program, *arguments], cwd=home, check=True)
        (health,) = [step for step in image if step.name == "HEALTHCHECK"]
        _start(program, home, folder / "cache", health.words)


def _venv() -> str:
    """The interpreter that runs this, whatever it is called here."""
    return f"{sys.executable} -m venv"


def _start(program: str, home: Path, cache: Path, health: str) -> None:
    """Start the bot and ask it as the image's health check does."""
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    bot = subprocess.Popen([program, "run"], cwd=home, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert bot.stderr is not None
        page = next(line.split()[-1] for line in bot.stderr if "ready at" in line)
        script = health[health.index('"-c", "') + 7 : health.rindex('"')].replace("http://127.0.0.1:8080", page)
        subprocess.run([sys.executable, "-c", script], check=True, timeout=START_S)
        print(f"the installed bot answers at {page}")
    finally:
        bot.terminate()
        bot.wait(timeout=60)


if __name__ == "__main__":
    main()
