"""Words and ids from chats end in a value or in the refusal that is documented."""

from __future__ import annotations

import contextlib
import math
import re
from typing import Any
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import buttons, listings
from adapters.discord.buttons import read_pressed as read_result_id
from adapters.discord.cdn import Cdn
from adapters.discord.listings import HISTORY_ID, read_history_id
from adapters.discord.settings import DiscordSettings
from adapters.telegram.calls import read_pressed
from adapters.telegram.commands import read_words
from adapters.telegram.flags import FlagWithoutValue, parse_flags
from adapters.telegram.handlers.questions import parse_choice
from adapters.telegram.keyboards import parse_press
from adapters.telegram.names import split_names
from adapters.telegram.webhook import update_number
from bot.domain.errors import Rejected
from bot.domain.limits import Limits
from bot.domain.requests import Draft
from bot.domain.words import WordList, WordUnfit, check_listed
from bot.services.parsing import parse_number, parse_whole_number
from bot.services.validation import check_numbers, clean_prompt
from tests.fuzz.examples import ANY_TEXT, bent, bent_text, fuzzed
from tests.security.forged_ids import DISCORD_MALFORMED, TELEGRAM_MALFORMED, on_discord, on_telegram

_JOB = "7k3m9qx2vt0a"
_IDS = st.one_of(ANY_TEXT, bent_text(*on_discord(_JOB).values(), *DISCORD_MALFORMED))
_DATA = st.one_of(ANY_TEXT, bent_text(*on_telegram(_JOB, (7, 9)).values(), *TELEGRAM_MALFORMED))
_FLAGS = bent_text("a fox ", "--ar 16:9 ", "--seed 7 ", "--steps ", "--g 3,5 ", "--size 512x768 ", "--n ", "—keep ",
                   '--style "my ink" ', "--as style ", "--style “ink", "--subject-size 0 ", "--private ",
                   "9" * 400)  # fmt: skip
_NUMBERS = st.one_of(ANY_TEXT, st.integers().map(str), st.floats().map(str), st.just("9" * 5000), st.just("1e999"))
_ALL_IDS = [
    re.compile(one) for module in (buttons, listings) for name, one in vars(module).items() if name.endswith("_ID")
]
_LINKS = bent_text("https://", "cdn.discordapp.com", "/attachments/", "@", ":443", "[::1]", "%2e%2e", "\\", "#", "?")


@fuzzed
@given(text=_FLAGS)
def test_flags(text: str) -> None:
    try:
        flagged = parse_flags(text)
        check_numbers(flagged.draft, Limits())
    except (Rejected, FlagWithoutValue):
        return
    assert len(flagged.prompt) <= len(text)


@fuzzed
@given(text=bent_text("/imagine", "@our_bot", " a fox", "/style save ", "/history a 310 fox"))
def test_commands(text: str) -> None:
    said = read_words(text, "our_bot")
    assert len(said.words) <= len(text)
    assert said.verb == said.verb.strip()


@fuzzed
@given(data=st.none() | _DATA)
def test_data_of_buttons_on_telegram(data: str | None) -> None:
    press = parse_press(data)
    parse_choice(data)
    read_pressed(data)
    if press is not None:
        assert parse_press(press.encode()) == press


@fuzzed
@given(custom_id=_IDS)
def test_ids_of_buttons_on_discord(custom_id: str) -> None:
    for pattern in _ALL_IDS:
        if (match := pattern.fullmatch(custom_id)) and "action" in pattern.groupindex and "index" in pattern.groupindex:
            assert 0 <= read_result_id(match).index <= 9
    if match := re.fullmatch(HISTORY_ID, custom_id):
        assert read_history_id(match).custom_id.startswith("uso:history:")


@fuzzed
@given(words=bent_text('"ink"', "“old paper”", ", ", ": a fox", "--seed 7", "„"))
def test_names_of_styles(words: str) -> None:
    names, prompt = split_names(words)
    assert all(names)
    assert len(prompt) <= len(words)


@fuzzed
@given(body=bent(b'{"update_id": 7, "message": {"message_id": 1}}', b'{"update_id": 1e5}', b"[" * 300))
def test_bodies_of_the_webhook(body: bytes) -> None:
    number = update_number(body)
    assert number is None or number >= 0


@fuzzed
@given(url=_LINKS)
def test_links(url: str) -> None:
    if Cdn(DiscordSettings(token="t")).serves(url):
        seen_otherwise = urlsplit(url)
        assert (seen_otherwise.scheme, seen_otherwise.hostname) == ("https", "cdn.discordapp.com")


@fuzzed
@given(text=_NUMBERS)
def test_numbers(text: str) -> None:
    for parse in (parse_whole_number, parse_number):
        try:
            value: Any = parse("steps", text)
            check_numbers(Draft(prompt="a", steps=value, guidance=value, seed=value, subject_size=value), Limits())
        except Rejected:
            continue
        assert math.isfinite(value)


@fuzzed
@given(text=bent_text("a fox", "\x1b[2J", "\r\n", "\u2028", "🦊"))
def test_prompts_are_text(text: str) -> None:
    clean = clean_prompt(text)
    clean.encode()
    assert clean == clean_prompt(clean)
    assert not any((ord(one) < 32 and one not in "\n\t") or 127 <= ord(one) < 160 for one in clean)


@fuzzed
@given(
    listed=st.lists(bent_text("fox", "*", "f*x", "red ", "\u200b", "ſ", "🦊"), max_size=4),
    text=bent_text("a fox", "F\u0301ox", "f o x", "0"),
)
def test_lists_of_words(listed: list[str], text: str) -> None:
    sound = []
    for one in listed:
        with contextlib.suppress(WordUnfit):
            sound.append(check_listed(one))
    assert WordList(sound).find(text) is None or sound
