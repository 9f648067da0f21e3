"""What the parsers are fed: noise, and sound input that was bent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

fuzzed: Final = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "200")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
"""A few hundred examples for each parser; `FUZZ_EXAMPLES` of them in a soak."""

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
"""All of Unicode, half characters included."""


def bent(*sound: bytes) -> st.SearchStrategy[bytes]:
    """Sound input with pieces cut out, changed, doubled or put in, or nothing but noise."""
    return st.one_of(st.binary(max_size=400), _bent(sound))


@st.composite
def _bent(draw: st.DrawFn, sound: Sequence[bytes]) -> bytes:
    data = draw(st.sampled_from(sound))
    for _ in range(draw(st.integers(1, 4))):
        begin, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        put_in = draw(st.one_of(st.binary(max_size=12), st.just(data[begin:end] * 2)))
        data = data[:begin] + put_in + data[end if draw(st.booleans()) else begin :]
    return data


def bent_text(*sound: str) -> st.SearchStrategy[str]:
    """The same for text, made of pieces of what is sound and of anything."""
    pieces = st.one_of(st.sampled_from(sound), ANY_TEXT, st.sampled_from([" ", "\n", ":", ",", "--", "/", "\0", '"']))
    return st.lists(pieces, max_size=8).map("".join)
