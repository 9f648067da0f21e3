"""`uso-bot weights` from the outside, against a hub on the loopback interface."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from uso.hub import PARTIAL_FOLDER
from uso.inventory import FLUX_REPO, PUBLISHED_FILES

if TYPE_CHECKING:
    from tests.unit.weights.conftest import LoopbackHub

REPOSITORY = Path(__file__).parents[3]
GOLDEN_WEIGHTS = REPOSITORY / "tests" / "golden" / "toy" / "weights"
FLUX = f"{FLUX_REPO}/flux1-dev.safetensors"
FLUX_LOCAL = "FLUX.1-dev/flux1-dev.safetensors"
TOKEN = "hf_may_read"


@pytest.fixture
def stocked(hub: LoopbackHub) -> LoopbackHub:
    """Every published file, small, but for the transformer, which is worth resuming."""
    noise = random.Random(11)
    hub.files = {f"{one.repo}/{one.path}": noise.randbytes(200) for one in PUBLISHED_FILES if one.required}
    hub.files[FLUX] = noise.randbytes(4_000_000)
    hub.gated = {FLUX_REPO}
    hub.tokens = {TOKEN: True, "hf_not_accepted": False}
    return hub


def start(
    folder: Path, *arguments: str, token: str | None = None, hf_endpoint: str | None = None
) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment |= {"PYTHONPATH": str(REPOSITORY), "NO_PROXY": "127.0.0.1", "HF_HOME": str(folder / "hf-home")}
    environment |= {"HF_TOKEN": token} if token else {}
    environment |= {"HF_ENDPOINT": hf_endpoint} if hf_endpoint else {}
    return subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "weights", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(
    folder: Path, *arguments: str, token: str | None = None, hf_endpoint: str | None = None
) -> tuple[int, str, str]:
    process = start(folder, *arguments, token=token, hf_endpoint=hf_endpoint)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def last_line(err: str) -> str:
    return re.split(r"[\r\n]", err.strip())[-1]


def test_everything_arrives_in_the_published_layout(stocked: LoopbackHub, tmp_path: Path) -> None:
    code, out, err = run(tmp_path, "download", "--to", "w", "--endpoint", stocked.endpoint, token=TOKEN)
    assert code == 0, err
    assert "uso-bot weights verify w" in out
    assert TOKEN not in out + err
    arrived = {path.relative_to(tmp_path / "w").as_posix() for path in (tmp_path / "w").rglob("*") if path.is_file()}
    assert arrived == {one.local for one in PUBLISHED_FILES if one.required}
    for one in PUBLISHED_FILES:
        if one.required:
            assert (tmp_path / "w" / one.local).read_bytes() == stocked.files[f"{one.repo}/{one.path}"]


def test_the_endpoint_may_come_from_the_environment(stocked: LoopbackHub, tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "download", token=TOKEN, hf_endpoint=stocked.endpoint)
    assert code == 0, err
    assert (tmp_path / "weights" / FLUX_LOCAL).is_file()


def test_ctrl_c_keeps_what_came_and_the_next_run_goes_on(stocked: LoopbackHub, tmp_path: Path) -> None:
    stocked.held = {FLUX}
    arguments = ("download", "--to", "w", "--endpoint", stocked.endpoint)
    process = start(tmp_path, *arguments, token=TOKEN)
    try:
        assert stocked.half_sent.wait(60)
        (partial,) = (tmp_path / "w" / PARTIAL_FOLDER).glob("*.part")
        deadline = time.monotonic() + 60
        while partial.stat().st_size == 0 and time.monotonic() < deadline:
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not (tmp_path / "w" / FLUX_LOCAL).exists()
    kept = partial.stat().st_size
    assert 0 < kept < len(stocked.files[FLUX])
    stocked.release.set()
    stocked.asked.clear()
    code, _, err = run(tmp_path, *arguments, token=TOKEN)
    assert code == 0, err
    assert [one.range for one in stocked.gets(FLUX)] == [f"bytes={kept}-"]
    assert (tmp_path / "w" / FLUX_LOCAL).read_bytes() == stocked.files[FLUX]
    assert not (tmp_path / "w" / PARTIAL_FOLDER).exists()


@pytest.mark.parametrize("token", [None, "hf_not_accepted"])
def test_the_gated_licence_is_explained(stocked: LoopbackHub, tmp_path: Path, token: str | None) -> None:
    code, out, err = run(tmp_path, "download", "--to", "w", "--endpoint", stocked.endpoint, token=token)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    for part in ("https://huggingface.co/black-forest-labs/FLUX.1-dev", "HF_TOKEN=", "no commercial use"):
        assert part in err
    assert not (tmp_path / "w").exists()


def test_a_wrong_token_is_explained_without_showing_it(stocked: LoopbackHub, tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "download", "--to", "w", "--endpoint", stocked.endpoint, token="hf_wrong")
    assert code == 1
    assert "does not accept the token in HF_TOKEN" in err
    assert "hf_wrong" not in err
    assert err.count("\n") == 1


def test_a_file_the_hub_lost_is_named(stocked: LoopbackHub, tmp_path: Path) -> None:
    del stocked.files["bytedance-research/USO/uso_flux_v1.0/projector.safetensors"]
    code, _, err = run(tmp_path, "download", "--to", "w", "--endpoint", stocked.endpoint, token=TOKEN)
    assert code == 1
    assert "The hub has no bytedance-research/USO/uso_flux_v1.0/projector.safetensors" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("download", "--endpoint", "huggingface.co"), "begins with https://"),
        (("download", "--to", "file"), "that is a file"),
        (("verify", "nowhere"), "uso-bot weights download --to nowhere"),
        (("verify",), "FOLDER"),
        (("convert", "nowhere", "new"), "no such folder"),
        (("convert", ".", "new"), "uso-bot weights verify ."),
        (("convert", ".", "."), "there already"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()
    code, out, err = run(tmp_path, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_verify_names_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN_WEIGHTS, tmp_path / "w"))
    code, out, _ = run(tmp_path, "verify", "w")
    assert code == 0
    assert "All 11 files are in order." in out
    (folder / FLUX_LOCAL).write_bytes((folder / FLUX_LOCAL).read_bytes()[:-1])
    (folder / "siglip" / "model.safetensors").unlink()
    code, out, err = run(tmp_path, "verify", "w")
    assert code == 1
    assert re.search(rf"^truncated +{re.escape(FLUX_LOCAL)} ", out, re.MULTILINE)
    assert re.search(r"^missing +siglip/model\.safetensors$", out, re.MULTILINE)
    assert last_line(err).startswith("uso-bot: 2 of 11 files in w")
    assert "uso-bot weights download --to w" in err


def test_a_converted_folder_is_in_order_and_is_not_written_twice(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN_WEIGHTS, tmp_path / "w")
    code, out, err = run(tmp_path, "convert", "w", "fast")
    assert code == 0, err
    assert 'weights_folder = "fast"' in out
    code, out, err = run(tmp_path, "verify", "fast")
    assert code == 0, out + err
    code, _, err = run(tmp_path, "convert", "w", "fast")
    assert code == 2
    assert "there already" in err
