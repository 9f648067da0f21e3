"""Numbers that people typed, for the adapters whose platform hands over text."""

from __future__ import annotations

from bot.domain.errors import Rejected, Rejection

_SHOWN_CHARS = 40


def parse_whole_number(name: str, text: str) -> int:
    """Read a whole number for the parameter `name`. Raises `Rejected`."""
    try:
        return int(text.strip())
    except ValueError as error:
        raise _not_a_number(name, text) from error


def parse_number(name: str, text: str) -> float:
    """Read a number, with a decimal point or comma, for the parameter `name`. Raises `Rejected`."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as error:
        raise _not_a_number(name, text) from error


def _not_a_number(name: str, text: str) -> Rejected:
    return Rejected(Rejection.NOT_A_NUMBER, given=text.strip()[:_SHOWN_CHARS], name=name)
