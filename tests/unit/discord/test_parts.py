"""The small parts: addresses, pace, double presses, hidden tokens, translations."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import discord
import pytest
from discord.app_commands import (
    TranslationContext,
    TranslationContextLocation,
    TranslationContextTypes,
    locale_str,
)
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.addresses import CardAddress, read_address
from adapters.discord.endpoints import OFFICIAL_API, OFFICIAL_GATEWAY, use_endpoints
from adapters.discord.pace import Pace
from adapters.discord.presses import Presses
from adapters.discord.secrecy import TokenFilter, hide_tokens
from adapters.discord.settings import DiscordSettings
from adapters.discord.translation import CatalogTranslator, Phrases
from bot.domain.actors import Platform, ReplyAddress
from bot.messages.catalogs import load_catalogs

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SNOWFLAKES = st.integers(0, 2**64 - 1)


@given(
    application_id=SNOWFLAKES,
    token=st.text(min_size=1),
    message_id=SNOWFLAKES,
    channel_id=st.none() | SNOWFLAKES,
    guild_id=st.none() | SNOWFLAKES,
    user_id=SNOWFLAKES,
    file_limit_bytes=st.integers(0, 2**40),
    is_ephemeral=st.booleans(),
)
def test_an_address_is_read_as_it_was_written(**parts: object) -> None:
    address = CardAddress(expires_at=NOW, **parts)  # type: ignore[arg-type]
    assert read_address(address.as_reply()) == address


@pytest.mark.parametrize("data", [{}, {"token": "x"}, {"application_id": "abc"}])
def test_an_address_of_another_kind_is_refused(data: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        read_address(ReplyAddress(Platform.DISCORD, data))


def test_a_token_is_not_begun_with_in_its_last_seconds() -> None:
    address = CardAddress(1, "secret", NOW, 2, 3, 4, 5, 6, False)
    assert address.token_lives(NOW - timedelta(seconds=6))
    assert not address.token_lives(NOW - timedelta(seconds=5))
    assert "secret" not in repr(address)


async def test_the_pace_waits_for_the_rest_of_the_interval_only() -> None:
    time_s = [100.0]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        time_s[0] += seconds

    pace = Pace(2.5, now=lambda: time_s[0], sleep=sleep)
    time_s[0] += 1.0
    await pace.wait()
    assert slept == [1.5]
    time_s[0] += 4.0
    await pace.wait()
    assert slept == [1.5, 0.0]
    await pace.wait()
    assert slept == [1.5, 0.0, 2.5]


def test_a_second_press_within_two_seconds_is_the_same_event() -> None:
    presses = Presses()

    def key(number: int, *, after_s: float, user: int = 1, custom_id: str = "uso:reroll:x:0") -> str:
        at = NOW + timedelta(seconds=after_s)
        return presses.event_key(interaction_id=number, user_id=user, message_id=9, custom_id=custom_id, at=at)

    assert key(1, after_s=0) == "discord:1"
    assert key(2, after_s=1.9) == "discord:1"
    assert key(3, after_s=2.1) == "discord:3", "counted from the first press, so that nobody is held up for ever"
    assert key(4, after_s=2.1, user=2) == "discord:4"
    assert key(5, after_s=2.1, custom_id="uso:subtle:x:0") == "discord:5"


def test_tokens_are_hidden_in_addresses_and_events() -> None:
    assert hide_tokens("PATCH http://h/api/v10/webhooks/12/aW50-x_y/messages/@original has returned 200") == (
        "PATCH http://h/api/v10/webhooks/12/[hidden]/messages/@original has returned 200"
    )
    assert (
        hide_tokens("POST https://h/interactions/1/aW5/callback") == "POST https://h/interactions/1/[hidden]/callback"
    )
    assert hide_tokens("{'t': 'X', 'd': {'token': 'aW5', 'id': '1'}}") == (
        "{'t': 'X', 'd': {'token': '[hidden]', 'id': '1'}}"
    )
    record = logging.LogRecord("discord.http", 10, "", 0, "%s to %s", ("sent", "/webhooks/1/abc"), None)
    assert TokenFilter().filter(record)
    assert record.getMessage() == "sent to /webhooks/1/[hidden]"


async def test_every_german_locale_gets_german_and_all_others_the_default() -> None:
    catalogs = load_catalogs()
    translator = CatalogTranslator(catalogs)
    context: TranslationContextTypes = TranslationContext(TranslationContextLocation.other, None)
    phrase = Phrases(catalogs)("button-cancel")
    assert phrase.message == "Cancel"
    assert await translator.translate(phrase, discord.Locale.german, context) == "Abbrechen"
    for locale in (discord.Locale.french, discord.Locale.american_english, discord.Locale.british_english):
        assert await translator.translate(phrase, locale, context) is None
    assert await translator.translate(locale_str("free text"), discord.Locale.german, context) is None
    with pytest.raises(KeyError):
        Phrases(catalogs)("no-such-key")


def test_empty_addresses_mean_discords_own() -> None:
    use_endpoints(DiscordSettings("t", "http://127.0.0.1:1/api/v10/", "ws://127.0.0.1:1/"))
    assert discord.http.Route("GET", "/users/@me").url == "http://127.0.0.1:1/api/v10/users/@me"
    use_endpoints(DiscordSettings("t", "", ""))
    assert discord.http.Route("GET", "/users/@me").url == f"{OFFICIAL_API}/users/@me"
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == OFFICIAL_GATEWAY
