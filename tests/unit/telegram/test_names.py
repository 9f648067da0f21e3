"""Names of saved styles on one line, and the prompt after them."""

from __future__ import annotations

import pytest

from adapters.telegram.names import split_names


@pytest.mark.parametrize(
    ("words", "names", "prompt"),
    [
        ("", [], ""),
        ("ink wash", ["ink", "wash"], ""),
        ("ink wash: a fox", ["ink", "wash"], "a fox"),
        ("old ink, wash : a fox: red", ["old ink", "wash"], "a fox: red"),
        ("ink wash\na fox\nin snow", ["ink", "wash"], "a fox\nin snow"),
        ("ink wash --ar 16:9 a fox", ["ink", "wash"], "--ar 16:9 a fox"),
        ("ink wash —seed 7", ["ink", "wash"], "—seed 7"),
        ("--seed 7", [], "--seed 7"),
        ('"old ink" wash', ["old ink", "wash"], ""),
        ("“old ink” „neue Tusche“ wash", ["old ink", "neue Tusche", "wash"], ""),
        ('"old ink", wash', ["old ink", "wash"], ""),
        ("ink,, wash,", ["ink", "wash"], ""),
        ("16:9 ink", ["16:9", "ink"], ""),
        (": a fox", [], "a fox"),
    ],
)
def test_names_end_where_the_prompt_begins(words: str, names: list[str], prompt: str) -> None:
    assert split_names(words) == (names, prompt)
