"""USO's schedule: the recorded values at real sizes, and the sequence length it is shifted at."""

from __future__ import annotations

from typing import Any

import pytest

from uso.schedule import build_scheduler, schedule_mu, schedule_sequence_length, set_sigmas


def test_every_recorded_schedule(tables: dict[str, Any]) -> None:
    assert tables["schedules"]
    for name, recorded in tables["schedules"].items():
        size, steps = name.split("_")
        width, height = map(int, size.split("x"))
        assert set_sigmas(build_scheduler(), int(steps), width, height) == pytest.approx(recorded, abs=1e-6)


def test_the_shift_is_usos_not_fluxs() -> None:
    assert schedule_sequence_length(1024, 1024) == 64
    assert schedule_mu(1024, 1024) == pytest.approx(0.4675)


def test_a_scheduler_can_be_set_again() -> None:
    scheduler = build_scheduler()
    first = set_sigmas(scheduler, 4, 128, 96)
    set_sigmas(scheduler, 7, 512, 512)
    assert set_sigmas(scheduler, 4, 128, 96) == first
