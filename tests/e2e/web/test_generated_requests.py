"""Requests that schemathesis makes up from our own description; `make soak` sends more of them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.soak.interface import fuzz

EXAMPLES = 4
SEED = 20261125


@pytest.mark.timeout(900)  # on two cores that others use as well
@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
async def test_no_request_brings_the_page_down_or_gets_what_is_not_described(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, is_closed: bool
) -> None:
    caplog.set_level(logging.ERROR, logger="adapters")
    done = await fuzz(tmp_path, examples=EXAMPLES, is_closed=is_closed, seed=SEED)

    assert done.returncode == 0, done.output
    assert done.cases > 500, done.output
    assert [record.getMessage() for record in caplog.records if record.name.startswith("adapters")] == []


async def test_a_fault_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof that can fail: with a handler that breaks, the run does."""

    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("adapters.web.balance.read_numbers", break_down)
    done = await fuzz(tmp_path, examples=1, is_closed=False, seed=SEED)

    assert done.returncode == 1
    assert "Server error" in done.output
    assert "/api/balance" in done.output
