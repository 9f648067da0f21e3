"""Small facts: button data, addresses, settings, commands, photo limits, captions, secrets."""

from __future__ import annotations

import logging
import sys

import pytest
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut

from adapters.telegram.addresses import ChatAddress, read_reply_to
from adapters.telegram.cards import draw_card
from adapters.telegram.commands import Command, Said, read_words
from adapters.telegram.delivery import caption_of
from adapters.telegram.errors import raise_for_outbox
from adapters.telegram.keyboards import Action, Press, parse_press, result_keyboard
from adapters.telegram.pictures import fits_as_photo
from adapters.telegram.redaction import TokenRedaction
from adapters.telegram.settings import TelegramSettings
from bot.domain.actors import Platform, ReplyAddress
from bot.domain.cards import Card, Phase, Progress
from bot.domain.jobs import Job, JobState, ResultPicture, new_job_id
from bot.domain.requests import GenerationRequest
from bot.messages.catalogs import load_catalogs
from bot.ports.platforms import DeliveryDelayed, DeliveryImpossible
from tests.support.spine import SteadyClock

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def picture(index: int = 0, width: int = 1024, height: int = 1024, label: str = "toy") -> ResultPicture:
    return ResultPicture(index, "0" * 64, index, None, width, height, 1.0, label, "1", is_toy=False)


def job(*pictures: ResultPicture) -> Job:
    request = GenerationRequest("a fox", None, (), 1024, 1024, False, 25, 4.0, 512, 0, count=max(1, len(pictures)))
    return Job(new_job_id(), "u", request, JobState.DONE, "e", SteadyClock().now(), pictures=pictures)


@pytest.mark.parametrize("action", Action)
def test_a_press_comes_back_as_it_was_and_fits(action: Action) -> None:
    for album in ((), (2**31 - 4,), (2**31 - 4, 2**31 - 3, 2**31 - 2, 2**31 - 1)):
        press = Press(action, new_job_id(), 3, album)
        assert parse_press(press.encode()) == press
        assert len(press.encode().encode()) <= 64


@pytest.mark.parametrize(
    "data",
    [None, "", "r", "r:job", "q:job:0", "r:job:-1", "r:job:x", "r::0", "r:job:0:", "r:job:0:x", "r:job:0:1+", "r:j:²"],
)
def test_what_is_not_ours_is_no_press(data: str | None) -> None:
    assert parse_press(data) is None


def test_button_data_of_every_language_fits() -> None:
    catalogs = load_catalogs()
    for locale in catalogs.locales:
        for pictures in ([picture()], [picture(index) for index in range(4)]):
            rows = result_keyboard(job(*pictures), catalogs.for_locale(locale)).inline_keyboard
            assert all(0 < len(str(button.callback_data).encode()) <= 64 for row in rows for button in row)


def test_an_address_survives_being_stored() -> None:
    address = ChatAddress(-100, 42, 7, is_group=True, card_message_id=8)
    assert read_reply_to(address.as_reply_to()) == address
    assert read_reply_to(ReplyAddress(Platform.DISCORD, {"chat_id": 1})) is None
    assert read_reply_to(ReplyAddress(Platform.TELEGRAM, {})) is None


@pytest.mark.parametrize(
    ("base", "files", "prefixes"),
    [
        (None, None, ("https://api.telegram.org/bot", "https://api.telegram.org/file/bot")),
        ("", "", ("https://api.telegram.org/bot", "https://api.telegram.org/file/bot")),
        ("http://a:8081/bot", None, ("http://a:8081/bot", "http://a:8081/file/bot")),
        ("http://a:8081/", "http://b", ("http://a:8081/bot", "http://b/file/bot")),
        ("http://a/bot", "http://a/file/bot/", ("http://a/bot", "http://a/file/bot")),
    ],
)
def test_addresses_of_a_self_hosted_server(base: str | None, files: str | None, prefixes: tuple[str, str]) -> None:
    settings = TelegramSettings(TOKEN, base, files)
    assert (settings.api_prefix, settings.file_prefix) == prefixes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a fox", Said("a fox")),
        ("/imagine a fox\nin snow", Said("a fox\nin snow", Command.IMAGINE)),
        ("/IMAGINE@Our_Bot a fox", Said("a fox", Command.IMAGINE)),
        ("/imagine", Said("", Command.IMAGINE)),
        ("/imagine@other_bot a", Said("a", is_for_another=True)),
        ("/nothing a", Said("a", is_unknown=True)),
        ("/ a fox", Said("/ a fox")),
        ("/usr/bin/fox", Said("/usr/bin/fox")),
        ("a /imagine", Said("a /imagine")),
    ],
)
def test_commands(text: str, said: Said) -> None:
    assert read_words(text, "our_bot") == said


@pytest.mark.parametrize(
    ("width", "height", "size_bytes", "fits"),
    [
        (1024, 1024, 10 * 2**20, True),
        (1024, 1024, 10 * 2**20 + 1, False),
        (5000, 5000, 1, True),
        (5001, 5000, 1, False),
        (2000, 100, 1, True),
        (2001, 100, 1, False),
    ],
)
def test_photo_limits(width: int, height: int, size_bytes: int, fits: bool) -> None:
    assert fits_as_photo(picture(width=width, height=height), size_bytes) is fits


def test_a_caption_never_gets_too_long() -> None:
    caption = caption_of(job(picture(label="x" * 3000)), [picture(label="x" * 3000)], load_catalogs().for_locale("en"))
    assert len(caption) == 1024


@pytest.mark.parametrize(("step", "cells"), [(0, 0), (5, 6), (10, 12)])
def test_the_bar_of_a_card(step: int, cells: int) -> None:
    progress = Progress(Phase.RUNNING, step=step, steps=10)
    text = draw_card(Card(job(), Phase.RUNNING, 1, progress=progress), load_catalogs().for_locale("en"))
    assert text.count("▓") == cells
    assert text.count("▓") + text.count("░") == 12


@pytest.mark.parametrize(
    "error", [Forbidden("bot was blocked"), BadRequest("Chat not found"), BadRequest("TOPIC_CLOSED")]
)
def test_places_that_are_gone_end_a_delivery(error: Exception) -> None:
    with pytest.raises(DeliveryImpossible):
        raise_for_outbox(error)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("Bad Gateway"), InvalidToken()])
def test_trouble_that_passes_delays_a_delivery(error: Exception) -> None:
    with pytest.raises(DeliveryDelayed):
        raise_for_outbox(error)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [BadRequest("something new"), Conflict("two bots")])
def test_what_nobody_expected_goes_up_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)):
        raise_for_outbox(error)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [TOKEN, TOKEN.replace(":", "%3A"), TOKEN.partition(":")[2]])
def test_every_form_of_the_token_is_taken_out_of_records_and_tracebacks(form: str) -> None:
    redaction = TokenRedaction(TOKEN)
    try:
        raise ValueError(f"the token {form} was refused")
    except ValueError:
        record = logging.LogRecord("httpx", logging.ERROR, "file", 1, "GET %s", (form,), sys.exc_info())
    assert redaction.filter(record)
    assert form not in logging.Formatter().format(record)
    assert "the token <token> was refused" in logging.Formatter().format(record)


def test_records_without_the_token_stay_as_they_are() -> None:
    record = logging.LogRecord("httpx", logging.INFO, "file", 1, "GET %s", ("x",), None)
    assert TokenRedaction("").filter(record)
    assert record.args == ("x",)
