"""What is deployed keeps to the rules of those who know: hadolint, yamllint, systemd."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from bot.config import load_config
from tests.support.dockerfile import ROOT, Step, stages

BIN = Path(sys.executable).parent


def lint(*command: str | Path) -> str:
    """What a linter says; nothing is best."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return result.stdout + result.stderr


def step(name: str) -> Step:
    """The last instruction of that name in the image."""
    return [one for one in stages()[-1] if one.name == name][-1]


def test_hadolint_finds_nothing() -> None:
    assert lint(BIN / "hadolint", "Dockerfile") == ""


def test_yamllint_finds_nothing() -> None:
    assert lint(BIN / "yamllint", "--strict", "compose.yaml", "deploy") == ""


def test_the_image_is_pinned_and_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    base = re.search(r"^ARG BASE=(\S+)$", text, re.MULTILINE)
    assert base is not None
    assert re.fullmatch(r"nvidia/cuda:[\d.]+-\w+-ubuntu24\.04@sha256:[0-9a-f]{64}", base[1])
    installs = [one.words for stage in stages() for one in stage if one.name == "RUN" and "pip install" in one.words]
    assert len(installs) == 2
    assert all("--constraint constraints.txt" in words for words in installs)
    assert step("USER").words == "10001:10001"
    assert step("VOLUME").arguments == ["/srv/uso-bot/data", "/srv/uso-bot/weights"]
    assert "/healthz" in step("HEALTHCHECK").words
    assert (step("ENTRYPOINT").arguments, step("CMD").arguments) == (["uso-bot"], ["run"])
    secrets = [one for stage in stages() for one in stage if one.name in {"ARG", "ENV"} and "TOKEN" in one.words]
    assert secrets == []


def test_what_is_copied_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [
        source
        for stage in stages()
        for one in stage
        if one.name == "COPY" and not one.words.startswith("--from")
        for source in one.arguments[:-1]
    ]
    assert len(sources) == 9
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source
    assert "*" in ignored


def test_the_container_has_settings_that_the_bot_takes() -> None:
    config = load_config(ROOT / "deploy/container.toml")
    assert (config.web.host, config.web.port) == ("0.0.0.0", 8080)
    assert config.storage.folder == "data"
    torch = re.search(r"torch==([\d.]+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert torch is not None
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert f"torch=={torch[1]}" in wanted


def test_compose_publishes_the_page_on_this_machine_only_and_reserves_the_card() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose) == {"name", "services", "volumes"}
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    assert bot["ports"] == ["127.0.0.1:8080:8080"]
    (device,) = bot["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    places = {volume.split(":")[1] for volume in bot["volumes"]}
    assert places == set(step("VOLUME").arguments)
    assert database["profiles"] == ["postgres"]
    assert bot["depends_on"]["database"] == {"condition": "service_healthy", "required": False}
    named = {volume.split(":")[0] for one in (bot, database) for volume in one["volumes"]} - {"./weights"}
    assert named == set(compose["volumes"])
    assert "privileged" not in bot
    assert bot["cap_drop"] == ["ALL"]


def systemd(tmp_path: Path, *arguments: str) -> str:
    """What systemd-analyze says of the unit, with a program that is here; skipped where there is no systemd."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (Debian: apt-get install systemd)")
    text = (ROOT / "deploy/systemd/uso-bot.service").read_text(encoding="utf-8")
    assert "ExecStart=/opt/uso-bot/bin/uso-bot run\n" in text
    unit = tmp_path / "uso-bot.service"
    unit.write_text(text.replace("/opt/uso-bot/bin", str(BIN)), encoding="utf-8")
    environment = os.environ | {"SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0", "LC_ALL": "C"}
    result = subprocess.run(
        ["systemd-analyze", *arguments, str(unit)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    assert systemd(tmp_path, "verify", "--man=no") == ""


def test_the_unit_is_shut_in(tmp_path: Path) -> None:
    # Tenths on systemd's own scale, where 100 is an ordinary service.
    assert "Overall exposure level" in systemd(tmp_path, "security", "--offline=yes", "--threshold=25")
