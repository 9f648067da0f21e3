"""The full-size benchmark's code, run at toy size on a processor; what needs a card is skipped and said to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from benchmarks.engine_cases import floor_cases
from benchmarks.engine_gpu import Options, measure
from benchmarks.engine_gpu_plan import BF16, CAP_BYTES, MAIN_CASE, PUBLISHED, QUALITY, SETUPS, Setup, reason_to_skip
from benchmarks.engine_gpu_report import Card, Measured, as_data, as_markdown, plot_of, verdicts
from benchmarks.machine import machine
from benchmarks.random_weights import Size

pytestmark = pytest.mark.timeout(900)  # several processes that import torch, one after the other
MEASURED = ("int8, eager", "cpu (float32)")
ADA = Card("a card", (8, 9), 48 << 30)


@pytest.fixture(scope="module")
def measured() -> Measured:
    """One run for all tests."""
    return measure(Options(Size.TOY, torch.device("cpu"), None, MEASURED))


def setup(title: str) -> Setup:
    return next(setup for setup in SETUPS if setup.title == title)


def card_run(measured: Measured, steps_s: dict[str, float], peak_bytes: int) -> Measured:
    """What a run on a card might be: seconds of a step by set-up; all else as measured here."""
    one: dict[str, Any] = dict(measured.setups["cpu (float32)"])
    memory = dict.fromkeys(("peak_allocated_bytes", "peak_reserved_bytes"), peak_bytes)
    setups = {}
    for title, seconds in steps_s.items():
        times = {"step_s": [seconds], "picture_s": [25 * seconds]}
        cases = {name: {**case, **times, **memory} for name, case in one["cases"].items()}
        setups[title] = {**one, "cases": cases, "config": None if title == PUBLISHED else one["config"]}
    rates = {"bfloat16": 100.0, "float8": 200.0}
    return replace(measured, size=Size.FULL, card=ADA, device="cuda", setups=setups, skipped={}, rates=rates)


def test_what_a_processor_can_do_is_measured(measured: Measured) -> None:
    assert set(measured.setups) == set(MEASURED)
    for figures in measured.setups.values():
        assert set(figures["cases"]) == {case.name for case in floor_cases(64, 2)}
        assert all(min(case["step_s"]) > 0 for case in figures["cases"].values())
        assert figures["four"]["all_s"] > figures["four"]["first_s"] > 0
        assert figures["soak"]["pictures"] == measured.plan.soak
    assert sum(measured.setups["int8, eager"]["counts"]["quantized_layers"].values()) > 0
    assert sum(measured.setups["cpu (float32)"]["counts"]["quantized_layers"].values()) == 0


def test_nothing_is_claimed_of_a_card(measured: Measured) -> None:
    assert [verdict.holds for verdict in verdicts(measured)] == [None] * 4
    report = as_markdown(measured, machine())
    assert "**No GPU figures: this is the toy model on a processor.**" in report
    assert report.count("| not measured | no GPU |") == 4
    assert f"| {QUALITY} | needs a CUDA card |" in report
    assert f"| {PUBLISHED} | no checkout of the published code was given (`--peer DIR`) |" in report
    assert plot_of(measured).lstrip().startswith("<?xml")
    assert as_data(measured, machine())["skipped"][QUALITY] == "needs a CUDA card"


def test_a_card_that_does_well_is_told_so(measured: Measured) -> None:
    flops = measured.flops(floor_cases(64, 1)[3])
    assert flops is not None
    step = flops / 100.0 / 0.7
    good = card_run(measured, {BF16: step, QUALITY: step / 1.6, PUBLISHED: 2 * step}, CAP_BYTES - 1)
    # The tokens of a style are the full model's 192 now, so the share is a little more than the 0.7 set here.
    assert [verdict.holds for verdict in verdicts(good)] == [True] * 4
    assert "No GPU figures" not in as_markdown(good, machine())


def test_a_card_that_does_badly_is_told_so(measured: Measured) -> None:
    flops = measured.flops(floor_cases(64, 1)[3])
    assert flops is not None
    step = flops / 100.0 / 0.3
    bad = card_run(measured, {BF16: step, QUALITY: step / 1.4, PUBLISHED: step}, CAP_BYTES)
    assert [verdict.holds for verdict in verdicts(bad)] == [False] * 4
    assert "**NO**" in as_markdown(bad, machine())


def test_without_the_published_code_only_its_verdict_is_missing(measured: Measured) -> None:
    alone = card_run(measured, {BF16: 1.0, QUALITY: 0.5}, CAP_BYTES - 1)
    assert [verdict.holds is None for verdict in verdicts(alone)] == [False, False, True, False]


@pytest.mark.parametrize(
    ("title", "capability", "total_gb", "reason"),
    [
        (QUALITY, None, 0, "needs a CUDA card"),
        (QUALITY, (8, 6), 24, "needs compute capability 8.9"),
        (QUALITY, (8, 9), 24, None),
        ("int8", (8, 6), 24, None),
        ("int8", (7, 5), 24, "needs compute capability 8.0"),
        (BF16, (8, 9), 24, "needs a card of 42 GB"),
        (BF16, (9, 0), 80, None),
        (BF16, None, 0, None),
        ("low-memory (int8, offloaded)", None, 0, "needs a CUDA card"),
        ("cpu (float32)", (8, 9), 24, "is for machines without a card"),
    ],
)
def test_reasons_to_skip(title: str, capability: tuple[int, int] | None, total_gb: int, reason: str | None) -> None:
    assert reason_to_skip(setup(title), capability, total_gb * 10**9, has_peer=True) == reason


def test_the_main_case_is_in_the_floor_table() -> None:
    assert MAIN_CASE in {case.name for case in floor_cases(1024, 25)}
