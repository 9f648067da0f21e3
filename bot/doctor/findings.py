"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check went: `warning` means that the bot starts and lacks something; `off` that it is not wanted."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check; `remedy` says what to do and is empty where there is nothing to do."""

    check: str
    outcome: Outcome
    detail: str
    remedy: str = ""


def ok(check: str, detail: str) -> Finding:
    """All is well."""
    return Finding(check, Outcome.OK, detail)


def off(check: str, detail: str) -> Finding:
    """Not wanted, or not to be checked."""
    return Finding(check, Outcome.OFF, detail)


def warning(check: str, detail: str, remedy: str) -> Finding:
    """The bot starts without it."""
    return Finding(check, Outcome.WARNING, detail, remedy)


def failure(check: str, detail: str, remedy: str) -> Finding:
    """This has to be mended."""
    return Finding(check, Outcome.FAILURE, detail, remedy)
