"""`uso-bot config check`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_all_mistakes_are_listed_with_lines_and_columns(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[web]\nprot = 8080\n[engine]\nthreads = "all"\n')
    result = uso_bot("config", "check")
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        'config.toml:2:1: web.prot: there is no such setting; did you mean "port"?',
        "config.toml:4:11: engine.threads: should be a valid integer",
    ]
    assert result.stderr == "uso-bot: There are 2 mistakes.\n"


def test_a_file_in_order_and_one_that_is_missing(uso_bot: Run, tmp_path: Path) -> None:
    missing = uso_bot("config", "check")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "uso-bot init" in missing.stderr
    (tmp_path / "config.toml").write_text("[web]\nport = 1\n")
    assert uso_bot("config", "check").stdout == "config.toml is in order.\n"


def test_a_broken_env_file_is_named_without_what_it_holds(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    (tmp_path / ".env").write_text("# mine\nDISCORD_TOKEN=se same\n")
    result = uso_bot("config", "check")
    assert result.returncode == 1
    assert ".env:2:1: write NAME=value" in result.stdout
    assert "same" not in result.stdout + result.stderr
