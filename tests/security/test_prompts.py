"""Prompts stay words: on cards, in logs, in files and in other tools."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser

import pytest

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.requests import Draft
from bot.services.inspection import inspect_file
from bot.services.validation import check_numbers, clean_prompt
from tests.contract.chats.chat import Chat
from tests.contract.chats.house import House
from tests.contract.chats.on_discord import OnDiscord
from tests.e2e.web.conftest import PageKit
from tests.security.hostile_prompts import LONG_PROMPTS, SHORT_PROMPTS

_LOG_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*")


class _Tags(HTMLParser):
    """What of a page would run: attributes that handle events, and the words between script tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.handlers: list[str] = []
        self.running: list[str] = []
        self._is_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handlers += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]
        # A block of data is a script tag of another type.
        self._is_script = tag == "script" and dict(attrs).get("type") in {None, "module", "text/javascript"}
        self.running += [""] if self._is_script else []

    def handle_data(self, data: str) -> None:
        if self._is_script:
            self.running[-1] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._is_script = self._is_script and tag != "script"


@pytest.mark.parametrize("prompt", SHORT_PROMPTS.values(), ids=SHORT_PROMPTS.keys())
async def test_both_chats_draw_it_and_show_it_as_words(house: House, chat: Chat, prompt: str) -> None:
    """The chats' servers refuse what their rules forbid: broken formatting, control characters, too many letters."""
    await house.up()
    done = await house.finished(await chat.ask(prompt))
    assert len(done.pictures) == 1
    [job] = await house.jobs(Actor(chat.platform, chat.name))
    assert clean_prompt(prompt).startswith(job.request.prompt[:3])
    if isinstance(chat, OnDiscord):
        assert chat.called() == []


async def test_the_page_draws_each_and_its_file_says_it(page: PageKit) -> None:
    for name, prompt in SHORT_PROMPTS.items():
        card = await page.done({"prompt": prompt, "steps": "1"})
        assert card["phase"] == "done", name
        async with page.session.get(f"{page.url}/api/jobs/{card['id']}/pictures/0.png?download") as answer:
            picture = await answer.read()
            disposition = answer.headers["Content-Disposition"]
            assert re.fullmatch(r'attachment; filename="uso-[0-9a-z]{12}-1\.png"', disposition)
        recipe = inspect_file(picture, Limits()).recipe
        assert recipe is not None
        assert recipe.prompt == clean_prompt(prompt), name
    async with page.session.get(page.url) as answer:
        tags = _Tags(await answer.text())
    assert tags.handlers == []
    assert tags.running == [""] * len(tags.running), "scripts come from files only"
    assert tags.running


async def test_no_prompt_writes_a_line_of_the_log(page: PageKit, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for prompt in SHORT_PROMPTS.values():
            await page.done({"prompt": prompt, "steps": "1"})
            await page.post(fields={"prompt": prompt, "steps": prompt, "aspect": prompt})
    for record in caplog.records:
        assert _LOG_LINE.fullmatch(record.getMessage()), record
        assert "owned" not in record.getMessage()


@pytest.mark.parametrize("prompt", LONG_PROMPTS.values(), ids=LONG_PROMPTS.keys())
async def test_what_is_too_long_is_refused_with_nothing_left_behind(page: PageKit, prompt: str) -> None:
    status, answer = await page.post(fields={"prompt": prompt})
    assert status in {413, 422}
    assert answer["code"] in {"prompt-too-long", "too-large"}
    await page.assert_nothing_stored()
    with pytest.raises(Rejected) as refusal:
        check_numbers(Draft(prompt=prompt), Limits())
    assert refusal.value.rejection is Rejection.PROMPT_TOO_LONG
