"""Buttons that say commands."""

from __future__ import annotations

import pytest

from adapters.telegram.calls import button, keyboard, read_pressed
from adapters.telegram.commands import Command


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (Command.HISTORY, ("f", 2**31, "rot Füchse im Schnee")),
        (Command.STYLE, ("use", "7k3m9qx2")),
        (Command.SETTINGS, ()),
    ],
)
def test_a_button_is_read_as_it_was_made(command: Command, words: tuple[str | int, ...]) -> None:
    data = button("x", command, *words).callback_data
    assert isinstance(data, str)
    assert len(data.encode()) <= 64
    assert read_pressed(data) == (command, " ".join(str(word) for word in words))


@pytest.mark.parametrize("data", [None, "", "r:7k3m9qx2vt0a:0", "/nonsense", "history", "/history@other x"])
def test_other_data_says_nothing(data: str | None) -> None:
    assert read_pressed(data) is None


def test_a_button_that_could_not_be_sent_is_not_made() -> None:
    with pytest.raises(AssertionError):
        button("x", Command.HISTORY, "ü" * 40)


def test_a_keyboard_has_the_rows_that_have_buttons() -> None:
    assert keyboard([], []) is None
    rows = keyboard([], [button("x", Command.TRAY)])
    assert rows is not None
    assert [len(row) for row in rows.inline_keyboard] == [1]
