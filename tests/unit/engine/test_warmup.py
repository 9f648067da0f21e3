"""The warm-up tells seconds only when it knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.engine import wire
from adapters.engine.warmup import WarmUpReport

if TYPE_CHECKING:
    from pathlib import Path


def begin(folder: Path, device: str = "cpu") -> wire.Begin:
    return wire.Begin(None, str(folder), device, "auto", 0)


def test_the_first_start_promises_nothing_and_the_next_one_knows(tmp_path: Path) -> None:
    told: list[wire.WarmingUp] = []
    first = WarmUpReport(begin(tmp_path), told.append)
    first.stage("model", 0.2)
    first.finish()
    WarmUpReport(begin(tmp_path), told.append).stage("model", 0.2)
    WarmUpReport(begin(tmp_path, "cuda"), told.append).stage("model", 0.2)
    assert [message.seconds_left is None for message in told] == [True, False, True]
    assert told[1].seconds_left is not None
    assert 0.0 <= told[1].seconds_left < 60.0


def test_the_fraction_never_goes_back(tmp_path: Path) -> None:
    told: list[wire.WarmingUp] = []
    report = WarmUpReport(begin(tmp_path), told.append)
    part = report.part(0.2, 0.6)
    for fraction in (0.0, 0.5, 0.25, 1.0, 2.0):
        part("vae", fraction)
    assert [message.fraction for message in told] == pytest.approx([0.2, 0.4, 0.4, 0.6, 1.0])


def test_the_stages_are_told_in_their_order_with_their_seconds(tmp_path: Path) -> None:
    report = WarmUpReport(begin(tmp_path), lambda _message: None)
    assert not report.stages_s
    report.stage("libraries", 0.0)
    report.part(0.1, 0.7)("vae", 0.5)
    stages_s = report.stages_s
    assert [name for name, _ in stages_s] == ["libraries", "vae"]
    assert all(0.0 <= seconds < 60.0 for _, seconds in stages_s)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"toy|cpu|auto": "soon"}'])
def test_a_damaged_memory_is_no_memory(content: str, tmp_path: Path) -> None:
    (tmp_path / "warm-up-seconds.json").write_text(content)
    told: list[wire.WarmingUp] = []
    WarmUpReport(begin(tmp_path), told.append).stage("model", 0.5)
    assert told == [wire.WarmingUp("model", 0.5, None)]


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    WarmUpReport(begin(blocked / "cache"), lambda _message: None).finish()
    assert blocked.read_text() == "in the way"
