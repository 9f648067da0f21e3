"""Downloads against a hub on the loopback interface: whole, resumed, refused."""

from __future__ import annotations

import random
from collections import namedtuple
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from uso.hub import PARTIAL_FOLDER, HubError, HubProblem, Stage, download
from uso.inventory import FLUX_REPO, PUBLISHED_FILES, Licence, PublishedFile

if TYPE_CHECKING:
    from tests.unit.weights.conftest import LoopbackHub

BIG = PublishedFile(
    FLUX_REPO, "flux1-dev.safetensors", "FLUX.1-dev/flux1-dev.safetensors", Licence.FLUX_DEV, gated=True
)
SMALL = PublishedFile("google/siglip", "config.json", "siglip/config.json", Licence.APACHE_2)
OPTIONAL = PublishedFile("google/siglip", "extra.json", "siglip/extra.json", Licence.APACHE_2, required=False)
BIG_NAME, SMALL_NAME = f"{FLUX_REPO}/flux1-dev.safetensors", "google/siglip/config.json"
DATA = random.Random(7).randbytes(3_000_000)


@pytest.fixture
def stocked(hub: LoopbackHub) -> LoopbackHub:
    hub.files = {BIG_NAME: DATA, SMALL_NAME: b'{"a": 1}'}
    hub.gated = {FLUX_REPO}
    hub.tokens = {"hf_accepted": True, "hf_not_accepted": False}
    return hub


def fetch(hub: LoopbackHub, folder: Path, *files: PublishedFile, token: str | None = "hf_accepted") -> None:
    download(folder, files=files or (BIG, SMALL), endpoint=hub.endpoint, token=token)


def test_files_arrive_whole_and_nothing_else_stays(stocked: LoopbackHub, tmp_path: Path) -> None:
    stages: list[tuple[str, Stage]] = []
    download(
        tmp_path / "weights",
        files=(BIG, SMALL, OPTIONAL),
        endpoint=stocked.endpoint,
        token="hf_accepted",
        on_stage=lambda file, stage, size: stages.append((file.path, stage)),
    )
    left = {path.relative_to(tmp_path / "weights").as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {BIG.local, SMALL.local}
    assert (tmp_path / "weights" / BIG.local).read_bytes() == DATA
    assert ("extra.json", Stage.LEFT_OUT) in stages
    assert [stage for path, stage in stages if path == "config.json"] == [
        Stage.DOWNLOADING,
        Stage.CHECKING,
        Stage.DONE,
    ]


def test_what_is_optional_is_left_out_with_its_whole_repository(stocked: LoopbackHub, tmp_path: Path) -> None:
    stages: list[tuple[str, Stage]] = []
    extra = PublishedFile("nobody/nothing", "x.bin", "x.bin", Licence.APACHE_2, required=False)
    download(
        tmp_path,
        files=(SMALL, extra),
        endpoint=stocked.endpoint,
        on_stage=lambda file, stage, size: stages.append((file.path, stage)),
    )
    assert (tmp_path / SMALL.local).is_file()
    assert ("x.bin", Stage.LEFT_OUT) in stages


def test_the_token_goes_to_the_hub_and_never_to_the_storage_host(stocked: LoopbackHub, tmp_path: Path) -> None:
    fetch(stocked, tmp_path)
    tokens = {(one.host, one.authorization) for one in stocked.asked}
    assert tokens == {("hub", "Bearer hf_accepted"), ("storage", None)}


def test_a_dropped_connection_is_resumed_by_range(stocked: LoopbackHub, tmp_path: Path) -> None:
    stocked.cuts[BIG_NAME] = [1_000_000]
    fetch(stocked, tmp_path, BIG)
    first, second = stocked.gets(BIG_NAME)
    assert first.range is None
    assert second.range is not None
    assert second.range.startswith("bytes=")
    assert 0 < int(second.range.removeprefix("bytes=").rstrip("-")) <= 1_000_000
    assert (tmp_path / BIG.local).read_bytes() == DATA


def test_what_an_earlier_run_left_is_continued(stocked: LoopbackHub, tmp_path: Path) -> None:
    stocked.cuts[BIG_NAME] = [2_000_000, *[0] * 30]
    with pytest.raises(HubError) as caught:
        fetch(stocked, tmp_path, BIG)
    assert caught.value.problem is HubProblem.UNREACHABLE
    assert not (tmp_path / BIG.local).exists()
    (partial,) = (tmp_path / PARTIAL_FOLDER).glob("*.part")
    kept = partial.stat().st_size
    assert kept > 0
    stocked.cuts.clear()
    stocked.asked.clear()
    fetch(stocked, tmp_path, BIG)
    assert [one.range for one in stocked.gets(BIG_NAME)] == [f"bytes={kept}-"]
    assert (tmp_path / BIG.local).read_bytes() == DATA
    assert not (tmp_path / PARTIAL_FOLDER).exists()


def test_changed_content_never_continues_an_old_part(stocked: LoopbackHub, tmp_path: Path) -> None:
    stocked.cuts[BIG_NAME] = [2_000_000, *[0] * 30]
    with pytest.raises(HubError):
        fetch(stocked, tmp_path, BIG)
    stocked.cuts.clear()
    stocked.asked.clear()
    stocked.files[BIG_NAME] = DATA[::-1]
    fetch(stocked, tmp_path, BIG)
    assert [one.range for one in stocked.gets(BIG_NAME)] == [None]
    assert (tmp_path / BIG.local).read_bytes() == DATA[::-1]


def test_a_present_file_is_left_alone(stocked: LoopbackHub, tmp_path: Path) -> None:
    fetch(stocked, tmp_path)
    stocked.asked.clear()
    fetch(stocked, tmp_path)
    assert {one.method for one in stocked.asked} == {"HEAD"}


@pytest.mark.parametrize("name", [BIG_NAME, SMALL_NAME])
def test_damaged_content_never_gets_its_name(stocked: LoopbackHub, tmp_path: Path, name: str) -> None:
    stocked.corrupt = {name}
    file = BIG if name == BIG_NAME else SMALL
    with pytest.raises(HubError) as caught:
        fetch(stocked, tmp_path / "new", file)
    assert (caught.value.problem, caught.value.file) == (HubProblem.DAMAGED, file)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        (None, HubProblem.GATED),
        ("hf_not_accepted", HubProblem.GATED),
        ("hf_wrong", HubProblem.TOKEN_REFUSED),
    ],
)
def test_a_refusal_comes_before_the_first_byte(
    stocked: LoopbackHub, tmp_path: Path, token: str | None, problem: HubProblem
) -> None:
    with pytest.raises(HubError) as caught:
        fetch(stocked, tmp_path / "new", SMALL, BIG, token=token)
    assert caught.value.problem is problem
    assert not [one for one in stocked.asked if one.method == "GET"]
    assert not (tmp_path / "new").exists()


def test_a_missing_file_and_a_missing_repository_are_told_apart(stocked: LoopbackHub, tmp_path: Path) -> None:
    gone = PublishedFile("google/siglip", "gone.bin", "siglip/gone.bin", Licence.APACHE_2)
    nowhere = PublishedFile("nobody/nothing", "x.bin", "x.bin", Licence.APACHE_2)
    for file, problem in ((gone, HubProblem.FILE_MISSING), (nowhere, HubProblem.REPO_MISSING)):
        with pytest.raises(HubError) as caught:
            fetch(stocked, tmp_path, file)
        assert (caught.value.problem, caught.value.file) == (problem, file)


def test_no_server_is_unreachable(stocked: LoopbackHub, tmp_path: Path) -> None:
    with pytest.raises(HubError) as caught:
        download(tmp_path, files=(SMALL,), endpoint="http://127.0.0.1:1", token=None)
    assert caught.value.problem is HubProblem.UNREACHABLE


def test_a_server_that_is_no_hub_is_told(stocked: LoopbackHub, tmp_path: Path) -> None:
    with pytest.raises(HubError) as caught:
        download(tmp_path, files=(SMALL,), endpoint=f"{stocked.storage}/mirror", token=None)
    assert caught.value.problem in (HubProblem.NOT_A_HUB, HubProblem.REPO_MISSING)


def test_a_full_disk_is_told_before_the_first_byte(
    stocked: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("uso.hub.shutil.disk_usage", lambda path: usage(10**9, 0, 1_000_000))
    with pytest.raises(HubError) as caught:
        fetch(stocked, tmp_path)
    assert caught.value.problem is HubProblem.DISK_FULL
    assert caught.value.needed_bytes > len(DATA)
    assert caught.value.free_bytes == 1_000_000
    assert not [one for one in stocked.asked if one.method == "GET"]


def test_two_downloads_into_one_folder_do_not_meet(stocked: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / PARTIAL_FOLDER).mkdir()
    with FileLock(tmp_path / PARTIAL_FOLDER / "lock"), pytest.raises(HubError) as caught:
        fetch(stocked, tmp_path)
    assert caught.value.problem is HubProblem.BUSY


def test_a_stored_token_of_the_hub_client_is_not_used(
    stocked: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    (tmp_path / "token").write_text("hf_accepted")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    with pytest.raises(HubError) as caught:
        fetch(stocked, tmp_path / "new", BIG, token=None)
    assert caught.value.problem is HubProblem.GATED
    assert {one.authorization for one in stocked.asked} == {None}


def test_every_published_file_has_its_own_place() -> None:
    places = [file.local for file in PUBLISHED_FILES]
    assert len(set(places)) == len(places)
    assert {file.repo for file in PUBLISHED_FILES if file.gated} == {FLUX_REPO}
