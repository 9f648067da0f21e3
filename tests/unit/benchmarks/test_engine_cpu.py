"""The comparison on a processor, as small as it can be; its verdicts see what they are to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.engine_arm_process import ArmName, ArmProcess
from benchmarks.engine_cases import floor_cases
from benchmarks.engine_cpu import measure
from benchmarks.engine_cpu_report import Measured, Turn, as_data, as_markdown, plot_of, verdicts
from benchmarks.machine import machine

pytestmark = pytest.mark.timeout(900)  # several processes that import torch, one after the other
CASES = floor_cases(64, 2)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """One run for all tests, without the published code: no test may need somebody's checkout."""
    return measure(tmp_path_factory.mktemp("engine"), None, CASES, repeats=2, threads=1)


def answers(measured: Measured) -> list[bool | None]:
    return [verdict.holds for verdict in verdicts(measured)]


def turned(measured: Measured, seconds: Mapping[ArmName, float]) -> Measured:
    """The same with these times for all arms, in every stage."""
    stages = ("encode_s", "denoise_s", "decode_s", "total_s")
    times = {name: dict.fromkeys(stages, value) for name, value in seconds.items()}
    return replace(measured, turns=tuple(Turn(turn.case, times) for turn in measured.turns))


def test_what_does_not_hang_on_the_clock_holds(measured: Measured) -> None:
    published, plain, calls, _ = answers(measured)
    assert published is None
    assert plain is True
    assert calls is True


def test_each_arm_is_counted_and_weighed(measured: Measured) -> None:
    assert set(measured.counts) == {ArmName.DIFFUSERS, ArmName.OURS}
    ours, plain = measured.flops[ArmName.OURS], measured.flops[ArmName.DIFFUSERS]
    assert ours["text only"] == plain["text only"] > 0
    assert ours["content + 1 style"] > ours["content"] > ours["text only"]
    assert all(memory["peak_bytes"] >= memory["loaded_bytes"] > 0 for memory in measured.memory.values())


def test_no_shape_is_compiled_twice(measured: Measured) -> None:
    graphs = measured.graphs[ArmName.OURS]
    assert graphs["graphs"] > 0
    assert graphs["recompiles"] == 0


def test_the_report_says_who_was_not_there(measured: Measured) -> None:
    report = as_markdown(measured, machine())
    assert "The published code was **not given**" in report
    assert "| the same latents as the published code, to 1e-5 | not measured |" in report
    assert plot_of(measured).lstrip().startswith("<?xml")
    data = as_data(measured, machine())
    assert len(data["turns"]) == 2 * len(CASES)
    assert data["verdicts"][0]["holds"] is None


def test_a_slower_engine_is_seen(measured: Measured) -> None:
    assert answers(turned(measured, {ArmName.OURS: 1.1, ArmName.DIFFUSERS: 1.0}))[3] is False
    faster = turned(measured, {ArmName.OURS: 0.9, ArmName.DIFFUSERS: 1.0})
    assert answers(faster)[3] is True
    assert "0.90 (0.90 to 0.90)" in as_markdown(faster, machine())


def test_other_latents_are_seen(measured: Measured) -> None:
    other = {"text only": {"published, last latents": 2e-5, "diffusers, last latents": 0.0}}
    assert answers(replace(measured, differences=other))[:2] == [False, True]


def test_an_encoder_that_runs_twice_is_seen(measured: Measured) -> None:
    ours = {**measured.counts[ArmName.OURS], "text only": {"text_encoder": 2, "text_encoder_2": 1, "transformer": 2}}
    twice = replace(measured, counts={**measured.counts, ArmName.OURS: ours})
    assert answers(twice)[2] is False
    assert "text_encoder 2" in as_markdown(twice, machine())
    known = {**measured.known_counts, "1 style": {"image_encoder": 1, "transformer": 2}}
    assert answers(replace(measured, known_counts=known))[2] is False


def test_an_arm_that_ends_says_why(tmp_path: Path) -> None:
    with ArmProcess(ArmName.OURS, tmp_path / "nothing") as arm, pytest.raises(RuntimeError, match="WeightsError"):
        arm.ask("begin")
