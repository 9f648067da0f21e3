"""What is read from settings that another version, or another hand, wrote."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.domain.people import ServerSettings, UserSettings
from storage.sql.settings import server_settings_of, user_settings_of


@pytest.mark.parametrize("chosen", [None, {}, [], "private", 7, {"colour": "red", "private ": True}])
def test_what_is_unknown_is_passed_over(chosen: object) -> None:
    assert user_settings_of(chosen) == UserSettings()
    assert server_settings_of(chosen) == ServerSettings()


def test_every_field_is_read() -> None:
    user = {"locale": "de", "private": True, "spoiler": True, "aspect": "3:2", "keep_tray": True}
    server = {
        "locale": "de",
        "channels": ["1"],
        "role_tiers": {"7": "supporter"},
        "pool": 0,
        "blocked": ["a"],
        "max_waiting": 1,
        "max_count": 2,
        "words": ["rude*"],
    }

    assert {one.name for one in fields(UserSettings)} == set(user)
    assert {one.name for one in fields(ServerSettings)} == set(server)
    assert user_settings_of(user) == UserSettings("de", True, True, "3:2", True)
    assert server_settings_of(server) == ServerSettings("de", ("1",), {"7": "supporter"}, 0, ("a",), 1, 2, ("rude*",))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("locale", 7),
        ("locale", None),
        ("private", 1),
        ("private", "true"),
        ("spoiler", None),
        ("aspect", ["1:1"]),
        ("keep_tray", {}),
    ],
)
def test_a_wrong_type_of_a_persons_setting_falls_back_and_leaves_the_others(name: str, value: object) -> None:
    assert user_settings_of({"locale": "de", "private": True, name: value}) == UserSettings(
        locale=None if name == "locale" else "de", private=name != "private"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("locale", True),
        ("channels", "12"),
        ("channels", [12]),
        ("channels", {"12": "12"}),
        ("role_tiers", ["supporter"]),
        ("role_tiers", {"7": 7}),
        ("pool", "9"),
        ("pool", 9.5),
        ("pool", True),
        ("blocked", [None]),
        ("max_waiting", False),
        ("max_count", [1]),
    ],
)
def test_a_wrong_type_of_a_servers_setting_falls_back_and_leaves_the_others(name: str, value: object) -> None:
    kept = {"blocked": ["a"], "pool": 5}
    expected = {"blocked": ("a",), "pool": 5, name: getattr(ServerSettings(), name)}

    assert server_settings_of({**kept, name: value}) == ServerSettings(**expected)
