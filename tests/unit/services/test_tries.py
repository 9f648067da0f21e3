"""How often something may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.services.tries import Tries

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_window_slides() -> None:
    tries = Tries(2, 10)
    for at in (0, 4):
        assert tries.wait_s("a", after(at)) == 0
        tries.note("a", after(at))
    assert tries.wait_s("a", after(5)) == 5
    assert tries.wait_s("b", after(5)) == 0
    assert tries.wait_s("a", after(10)) == 0
    tries.note("a", after(10))
    assert tries.wait_s("a", after(11)) == 3


def test_starting_over_and_taking_back() -> None:
    tries = Tries(1, 10)
    tries.note("a", NOW)
    tries.take_back("a", after(1))
    assert tries.wait_s("a", NOW) == 10
    tries.take_back("a", NOW)
    assert tries.wait_s("a", NOW) == 0
    tries.note("a", NOW)
    tries.forget("a")
    assert tries.wait_s("a", NOW) == 0


def test_a_clock_that_is_set_back_locks_nobody_out_for_long() -> None:
    tries = Tries(1, 10)
    tries.note("a", after(86_400))
    assert tries.wait_s("a", NOW) == 0


def test_memory_is_bounded() -> None:
    tries = Tries(1, 10, most_keys=3)
    for key in "abcd":
        tries.note(key, NOW)
    assert [tries.wait_s(key, NOW) for key in "abcd"] == [0, 10, 10, 10]
