"""Honest seconds: medians of what was measured, without what only the first step pays for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.jobs import ResultPicture
from bot.domain.requests import GenerationRequest, upscale_request
from bot.ports.engine import StepDone
from bot.services.estimates import Estimates
from bot.services.pace import Pace

REQUEST = GenerationRequest("a fish", None, (), 1024, 1024, False, 10, 4.0, 512, 1)


def a_picture(duration_s: float, revision: str = "r1") -> ResultPicture:
    return ResultPicture(0, "0" * 64, 1, None, 1024, 1024, duration_s, "model", revision, is_toy=False)


def a_pace(*elapsed_s: float, steps: int = 10) -> Pace:
    pace = Pace()
    for step, elapsed in enumerate(elapsed_s, start=1):
        pace.note(StepDone(step, steps, elapsed))
    return pace


def whole_pace(first_s: float, step_s: float, steps: int = 10) -> Pace:
    return a_pace(*(first_s + step_s * done for done in range(steps)), steps=steps)


def test_the_first_step_is_not_taken_for_a_usual_one() -> None:
    assert a_pace(40.0).step_s is None
    assert a_pace(40.0, 41.0).step_s == 1.0
    assert a_pace(40.0, 41.0, 42.0, 52.0).step_s == 1.0, "one slow step changes no median"


def test_nothing_is_guessed_in_the_first_step_that_was_ever_measured() -> None:
    estimates = Estimates()
    assert estimates.left_s(REQUEST, a_pace(40.0)) is None
    assert estimates.left_s(REQUEST, a_pace(40.0, 41.0)) == 8.0


def test_time_left_counts_the_decoding_once_it_is_known() -> None:
    estimates = Estimates()
    estimates.record(REQUEST, a_picture(12.5), whole_pace(1.0, 1.0))  # ten steps of 1 s, and 2.5 s beside them
    assert estimates.left_s(REQUEST, a_pace(1.0)) == 9 + 2.5
    assert estimates.left_s(REQUEST, a_pace(2.0, 4.0)) == 8 * 2 + 2.5, "a slower picture is believed"
    assert estimates.left_s(REQUEST, whole_pace(1.0, 1.0)) == 2.5, "after the last step"


def test_a_compiling_first_step_is_no_part_of_what_a_picture_takes() -> None:
    estimates = Estimates()
    estimates.record(REQUEST, a_picture(102.5), whole_pace(91.0, 1.0))
    assert estimates.picture_s(REQUEST) == 12.5
    assert estimates.left_s(REQUEST, a_pace(1.0)) == 9 + 2.5


def test_steps_of_other_sizes_are_scaled_by_pixels_and_not_by_how_many_there_are() -> None:
    estimates = Estimates()
    estimates.record(REQUEST, a_picture(10.0), whole_pace(1.0, 1.0))
    smaller = replace(REQUEST, width=512, steps=20)
    assert estimates.left_s(smaller, a_pace(0.5, steps=20)) == pytest.approx(19 * 0.5)


def test_steps_that_start_over_are_counted_from_there() -> None:
    pace = a_pace(4.0, 8.0, 12.0)
    for step, elapsed_s in ((1, 30.0), (2, 32.0), (3, 34.0)):
        pace.note(StepDone(step, 10, elapsed_s))
    assert (pace.step_s, pace.steps_left) == (2.0, 7)
    assert pace.steady_s(60.0) == 60.0 - (30.0 - 2.0)


def test_another_model_starts_afresh() -> None:
    estimates = Estimates()
    estimates.record(REQUEST, a_picture(10.0), whole_pace(1.0, 1.0))
    estimates.record(REQUEST, a_picture(50.0, "r2"), whole_pace(5.0, 5.0))
    assert estimates.left_s(REQUEST, a_pace(5.0)) == 45.0


def test_tiles_are_all_of_a_size_however_large_the_picture() -> None:
    estimates = Estimates()
    small, large = (upscale_request("6" * 64, size) for size in ((1024, 1024), (2048, 2048)))
    estimates.record(small, a_picture(4.0), whole_pace(1.0, 1.0, steps=4))
    assert estimates.left_s(large, a_pace(1.0, steps=16)) == pytest.approx(15.0)


def test_pictures_known_from_the_history_alone_have_no_steps() -> None:
    estimates = Estimates()
    estimates.record(REQUEST, a_picture(10.0))
    assert estimates.picture_s(REQUEST) == 10.0
    assert estimates.left_s(REQUEST, a_pace(1.0)) is None
    assert estimates.left_s(REQUEST, a_pace(1.0, 2.0)) == 8.0
