"""Which language a browser gets."""

from __future__ import annotations

import pytest

from adapters.web.visitors import preferred_locale


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr,de;q=0.3,en;q=0.7", "en"),
        ("fr, de ; q=0.9", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=x, en;q=0.1", "en"),
        ("*", "en"),
        (",,;;q=,", "en"),
        ("DE", "de"),
    ],
)
def test_preferred_locale(header: str, locale: str) -> None:
    assert preferred_locale(header, ("de", "en")) == locale
