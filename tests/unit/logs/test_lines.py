"""Lines of the log: as text, as JSON, with the job they are about."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from typing import Any

import pytest

from bot.logs.handlers import KeepErrors
from bot.logs.lines import JsonLines, TextLines, add_job
from bot.logs.redaction import HIDDEN, Redactor
from bot.services.job_context import working_on
from bot.services.recent_errors import RecentErrors

SECRET = "sesame-open-now"


class Log:
    """A logger of its own, with one handler."""

    def __init__(self, formatter: logging.Formatter) -> None:
        self._stream = io.StringIO()
        self.errors = RecentErrors(kept=3)
        self.logger = logging.Logger("test.lines")
        lines = logging.StreamHandler(self._stream)
        lines.setFormatter(formatter)
        for handler in (lines, KeepErrors(self.errors, Redactor([SECRET]))):
            handler.addFilter(add_job)
            self.logger.addHandler(handler)

    def lines(self) -> list[str]:
        return self._stream.getvalue().splitlines()

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines()]


@pytest.fixture
def text() -> Log:
    return Log(TextLines(Redactor([SECRET])))


@pytest.fixture
def objects() -> Log:
    return Log(JsonLines(Redactor([SECRET])))


def fail(log: Log) -> None:
    try:
        raise OSError(f"no way to {SECRET}")
    except OSError:
        log.logger.exception("could not open %s", SECRET)


def test_text_names_the_job_before_the_message(text: Log) -> None:
    with working_on("7k3m9qx2vt0a"):
        text.logger.info("began")
    text.logger.info("idle")
    began, idle = text.lines()
    assert began.endswith(" INFO test.lines: [job 7k3m9qx2vt0a] began")
    assert idle.endswith(" INFO test.lines: idle")


def test_json_is_one_object_a_line_with_all_that_there_is(objects: Log) -> None:
    with working_on("7k3m9qx2vt0a"):
        objects.logger.warning("two\nlines, “quoted”")
    objects.logger.info("idle", extra={"author": "Ada"})
    told, idle = objects.records()
    assert told.pop("at").endswith("+00:00")
    assert told == {
        "level": "WARNING",
        "logger": "test.lines",
        "message": "two\nlines, “quoted”",
        "job": "7k3m9qx2vt0a",
    }
    assert sorted(idle) == ["at", "level", "logger", "message"]


def test_a_traceback_is_part_of_its_record_and_keeps_no_secret(objects: Log, text: Log) -> None:
    for log in (objects, text):
        fail(log)
    (record,) = objects.records()
    assert record["message"] == f"could not open {HIDDEN}"
    assert record["error"].startswith("Traceback")
    assert record["error"].endswith(f"OSError: no way to {HIDDEN}")
    assert SECRET not in "".join(objects.lines() + text.lines())


async def test_tasks_begun_for_a_job_are_about_it_and_others_are_not(objects: Log) -> None:
    async def speak(words: str) -> None:
        await asyncio.sleep(0)
        objects.logger.info(words)

    with working_on("7k3m9qx2vt0a"):
        mine = asyncio.create_task(speak("mine"))
    theirs = asyncio.create_task(speak("theirs"))
    await asyncio.gather(mine, theirs)
    assert {record["message"]: record.get("job") for record in objects.records()} == {
        "mine": "7k3m9qx2vt0a",
        "theirs": None,
    }


def test_the_last_errors_are_kept_without_secrets_newest_first(text: Log) -> None:
    for number in range(3):
        with working_on(f"job{number}"):
            text.logger.error("number %d", number)
    text.logger.warning("only a warning")
    fail(text)
    kept = text.errors.newest(10)
    assert [note.words for note in kept] == [
        f"could not open {HIDDEN}: OSError: no way to {HIDDEN}",
        "number 2",
        "number 1",
    ]
    assert [note.job for note in kept] == ["", "job2", "job1"]
    assert text.errors.newest(1) == kept[:1]
