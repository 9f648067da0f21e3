"""The ids of a list's buttons: they say all that the next page needs, and never get too long."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.listings import HISTORY_ID, LONGEST_WORDS_CHARS, HistoryView, read_history_id


@given(
    words=st.text(max_size=LONGEST_WORDS_CHARS),
    only_favourites=st.booleans(),
    before=st.none() | st.integers(1, 2**63 - 1),
)
def test_a_place_in_the_history_is_read_as_it_was_written(
    words: str, only_favourites: bool, before: int | None
) -> None:
    view = HistoryView(words, only_favourites, before)
    assert len(view.custom_id) <= 100
    match = re.fullmatch(HISTORY_ID, view.custom_id, re.DOTALL)
    assert match is not None
    assert read_history_id(match) == view
