"""What counts as the name in a Host header."""

from __future__ import annotations

import pytest

from adapters.web.guard import host_name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:80", "localhost"),
        ("[::1]:8080", "::1"),
        ("[::1", ""),
        ("localhost@evil.example", ""),
        ("evil.example/localhost", "evil.example"),
        ("", ""),
    ],
)
def test_host_name(header: str, name: str) -> None:
    assert host_name(header) == name
