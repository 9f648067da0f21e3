"""What settings, styles, the tray, the help and the operators' numbers say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.actors import Platform, Server
from bot.domain.engines import EngineState
from bot.domain.operations import RunMode, Stats
from bot.domain.people import ServerSettings, UserSettings
from bot.domain.styles import StyleCard, Tray, server_shelf, user_shelf
from bot.messages.catalogs import load_catalogs
from bot.messages.help import help_text
from bot.messages.operations import stats_text
from bot.messages.settings import server_settings_text, user_settings_text
from bot.messages.styles import cards_text, tray_text

CATALOGS = load_catalogs()
ENGLISH, GERMAN = CATALOGS.for_locale("en"), CATALOGS.for_locale("de")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMMANDS = (
    *("imagine", "restyle", "sweep", "grid", "style", "tray", "show", "history"),
    *("queue", "cancel", "me", "link", "settings", "privacy", "help"),
)
STATS = Stats(RunMode.PAUSED, 3, 1, 1, EngineState.READY, "USO", 120, 1, 9.53)


def test_a_persons_settings() -> None:
    assert user_settings_text(UserSettings(), ENGLISH).splitlines() == [
        "Language: as your app has it",
        "Your results are public.",
        "Your results are shown openly.",
        "Shape where you name none: 1:1",
        "The tray is emptied by a request.",
    ]
    chosen = user_settings_text(UserSettings("de", True, True, "16:9", True), GERMAN)
    assert chosen.splitlines()[0] == "Sprache: Deutsch"
    assert chosen.splitlines()[3] == "Format, wenn du keins nennst: 16:9"
    assert "Language: tlh" in user_settings_text(UserSettings("tlh"), ENGLISH)


def test_a_servers_settings() -> None:
    assert server_settings_text(ServerSettings(), ENGLISH).splitlines() == [
        "Language: each person's own",
        "Requests are taken in every channel.",
    ]
    chosen = ServerSettings(
        locale="en",
        channels=("12", "13"),
        role_tiers={"5": "supporter"},
        pool=250,
        blocked=("a",),
        max_waiting=2,
        max_count=1,
    )
    text = server_settings_text(chosen, ENGLISH, name_channel=lambda one: f"<#{one}>", name_role=lambda one: f"@{one}")
    assert text.splitlines() == [
        "Language: English",
        "Requests are taken in: <#12>, <#13>",
        "Each person may have 2 waiting.",
        "At most 1 picture at once.",
        "Members share 2.5 credits a day.",
        "Role @5: tier supporter",
        "1 member is shut out.",
    ]


def test_style_cards_and_the_tray() -> None:
    own = StyleCard("i1", user_shelf("ada"), "ink", "ada", ("a" * 64, "b" * 64), NOW)
    shared = StyleCard("i2", server_shelf(Server(Platform.DISCORD, "7")), "wash", "ada", ("c" * 64,), NOW)
    assert cards_text([own, shared], ENGLISH) == "ink · 2 pictures\nwash · 1 picture · shared here"
    assert "/style save" in cards_text([], GERMAN)
    assert tray_text(Tray("a" * 64, ("b" * 64,)), ENGLISH).splitlines()[0] == "In your tray: a subject + 1 style"
    assert tray_text(Tray(styles=("b" * 64, "c" * 64)), GERMAN).splitlines()[0] == "In deiner Ablage: 2 Stile"
    assert tray_text(Tray(), ENGLISH).startswith("Your tray is empty.")


def test_the_numbers_of_operators() -> None:
    assert stats_text(STATS, ENGLISH).splitlines() == [
        "The bot is paused: requests are taken and wait.",
        "Waiting: 3, of 1 person; being drawn: 1",
        "Engine: ready, USO",
        "Last 24 hours: 120 pictures, 1 failure",
        "One picture takes 9.5 s (median).",
    ]
    unused = Stats(RunMode.RUNNING, 0, 0, 0, EngineState.STARTING, "", 0, 0, None)
    assert stats_text(unused, ENGLISH).splitlines()[2:] == ["Engine: starting", "Last 24 hours: 0 pictures, 0 failures"]


@pytest.mark.parametrize("locale", CATALOGS.locales)
def test_every_mode_and_engine_state_has_words(locale: str) -> None:
    catalog = CATALOGS.for_locale(locale)
    for mode in RunMode:
        for state in EngineState:
            assert stats_text(Stats(mode, 1, 1, 1, state, "", 1, 1, 1.0), catalog)


@pytest.mark.parametrize("locale", CATALOGS.locales)
def test_help_names_the_commands_and_admin_only_for_those_who_may(locale: str) -> None:
    catalog = CATALOGS.for_locale(locale)
    plain = help_text(catalog, is_operator=False, is_moderator=False)
    for name in COMMANDS:
        assert f"/{name} – " in plain
    assert "/admin" not in plain
    moderator = help_text(catalog, is_operator=False, is_moderator=True)
    assert catalog.text("help-moderators") in moderator
    assert catalog.text("help-operators") not in moderator
    both = help_text(catalog, is_operator=True, is_moderator=True)
    assert catalog.text("help-operators") in both
    assert len(both) < 2_000
