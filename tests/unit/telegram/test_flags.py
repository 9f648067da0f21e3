"""Flags in a prompt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.flags import FlagWithoutValue, Role, parse_flags
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft


def test_all_flags_anywhere() -> None:
    flagged = parse_flags("--ar 16:9 a fox --seed -1 in\nthe snow --steps 30 --g 3.5 --n 4 --keep --as style")

    assert flagged.role is Role.STYLE
    assert flagged.draft == Draft(
        prompt="a fox in\nthe snow", aspect="16:9", seed=-1, steps=30, guidance=3.5, count=4, keep_size=True
    )


@pytest.mark.parametrize(("value", "size"), [("768", (768, 768)), ("768x1024", (768, 1024)), ("640X512", (640, 512))])
def test_sizes(value: str, size: tuple[int, int]) -> None:
    draft = parse_flags(f"a fox --size {value}").draft
    assert (draft.width, draft.height) == size


def test_dashes_that_phones_make_of_two_hyphens() -> None:
    assert parse_flags("a fox —seed 7 –Steps 3").draft == Draft(prompt="a fox", seed=7, steps=3)


@pytest.mark.parametrize("prompt", ["a fox — asleep", "well—known", "—asleep, a fox", "a -- b", "- one", "---", "a-b"])
def test_dashes_of_ordinary_writing_stay(prompt: str) -> None:
    assert parse_flags(prompt).draft == Draft(prompt=prompt)


@pytest.mark.parametrize("text", ["a --sed 7", "--Fast", "--seed7"])
def test_an_unknown_flag_is_quoted(text: str) -> None:
    with pytest.raises(Rejected) as raised:
        parse_flags(text)
    assert raised.value.rejection is Rejection.UNKNOWN_CHOICE
    assert str(raised.value.details["given"]) in text


@pytest.mark.parametrize("flag", ["--ar", "--seed", "--steps", "--g", "--size", "--n", "--as"])
def test_a_flag_without_its_value_is_named(flag: str) -> None:
    for text in (f"a fox {flag}", f"{flag} --keep"):
        with pytest.raises(FlagWithoutValue) as raised:
            parse_flags(text)
        assert raised.value.flag == flag
        assert raised.value.example.startswith(flag)


@pytest.mark.parametrize("text", ["--seed x", "--steps 1.5", "--n four", "--g ~", "--size big", "--seed " + "9" * 5000])
def test_a_value_that_is_no_number_names_its_flag(text: str) -> None:
    with pytest.raises(Rejected) as raised:
        parse_flags(text)
    assert raised.value.details["name"] == text.split(maxsplit=1)[0]
    assert len(str(raised.value.details["given"])) <= 40


@given(st.text())
def test_any_text_is_a_prompt_or_refused(text: str) -> None:
    try:
        draft = parse_flags(text).draft
    except (Rejected, FlagWithoutValue):
        assert any(mark in text for mark in ("--", "—", "–"))
    else:
        assert draft.prompt in text or any(mark in text for mark in ("--", "—", "–"))
