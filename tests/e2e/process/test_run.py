"""`uso-bot run`, from the first start to kill -9."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from typing import Any

from PIL import Image

from bot.services.png import read_recipe
from tests.e2e.process.conftest import BotFolder
from tests.support.pictures import BAD_PICTURES, png


async def test_a_newcomer_gets_a_picture_and_finds_it_again_after_a_restart(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        said = "".join(bot.lines)
        assert "No chat yet" in said
        assert "No weights" in said
        status, card = await bot.ask("k1", prompt="a blue fish at night", subject=png(), style=[png(64, 64)], seed=7)
        assert status == 201
        cards = [one async for one in bot.cards(card["id"])]
        assert cards[-1]["phase"] == "done"
        assert any(one["preview_url"] for one in cards)
        picture = cards[-1]["pictures"][0]
        assert picture["is_toy"] is True
        async with bot.client.get(bot.page + picture["url"]) as answer:
            made = await answer.read()
        varied = await bot.act(card["id"], "vary", picture=0, strength="strong")
        rerolled = await bot.act(card["id"], "reroll")
        for job in (varied, rerolled):
            assert (await bot.end(job["id"]))["phase"] == "done"
        assert await bot.stop() == 0
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.size == (256, 256)
    recipe = read_recipe(made)
    assert recipe is not None
    assert (recipe.prompt, recipe.seed, recipe.model_label) == ("a blue fish at night", 7, "toy model")

    async with bot_folder.run() as again:
        async with again.client.get(f"{again.page}/api/jobs") as answer:
            known = {job["id"]: job["phase"] for job in (await answer.json())["jobs"]}
        assert known == {card["id"]: "done", varied["id"]: "done", rerolled["id"]: "done"}
        async with again.client.get(again.page + picture["url"]) as answer:
            assert await answer.read() == made


async def test_killing_the_engine_mid_picture_gives_the_picture_anyway(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        _, card = await bot.ask("k1", prompt="a blue fish at night", seed=7, steps=50)
        titles = []
        killed = False
        async for shown in bot.cards(card["id"]):
            titles.append(shown["title"])
            if not killed and "step" in shown["title"]:
                (engine,) = bot.engine_pids()
                os.kill(engine, signal.SIGKILL)
                killed = True
        assert killed
        assert "Retrying" in titles
        assert titles[-1] == "Done"
        assert len(shown["pictures"]) == 1
    assert bot_folder.rows()["pictures"] == 1


async def test_killing_the_bot_mid_picture_gives_the_picture_after_the_restart(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        _, card = await bot.ask("k1", prompt="a blue fish at night", seed=7, steps=50)
        async for shown in bot.cards(card["id"]):
            if "step" in shown["title"]:
                engines = bot.engine_pids()
                assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
                break
        for engine in engines:
            await _until_gone(engine)
    async with bot_folder.run() as again:
        assert (await again.end(card["id"]))["phase"] == "done"
    assert bot_folder.rows()["jobs"] == 1


async def test_bad_input_is_one_sentence_and_leaves_nothing(bot_folder: BotFolder) -> None:
    bad: dict[str, dict[str, Any]] = {
        "empty prompt": {"prompt": " "},
        "size 0": {"prompt": "a fish", "width": 0, "height": 0},
        "three styles": {"prompt": "a fish", "style": [png(), png(), png()]},
        "NaN guidance": {"prompt": "a fish", "guidance": "nan"},
        "steps in words": {"prompt": "a fish", "steps": "many"},
        **{name: {"prompt": "a fish", "subject": data} for name, (data, _) in BAD_PICTURES.items() if data},
    }
    async with bot_folder.run() as bot:
        for number, (name, fields) in enumerate(bad.items()):
            status, answer = await bot.ask(f"{number}", **fields)
            assert 400 <= status < 500, (name, answer)
            sentence = answer["detail"]
            assert sentence.endswith("."), (name, sentence)
            assert "\n" not in sentence
    assert set(bot_folder.rows().values()) == {0}
    assert bot_folder.files() == []


async def test_a_second_bot_on_the_same_folder_is_refused(bot_folder: BotFolder) -> None:
    async with bot_folder.run():
        second = await asyncio.to_thread(bot_folder.try_run)
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "already runs" in second.stderr


async def test_beyond_loopback_it_starts_with_a_password_only(bot_folder: BotFolder) -> None:
    (bot_folder.path / "config.toml").write_text('[web]\nhost = "0.0.0.0"\nport = 0\n')
    refused = await asyncio.to_thread(bot_folder.try_run)
    assert refused.returncode == 1
    assert "asks for a password, and there is none yet: set one with `uso-bot web password`" in refused.stderr
    assert refused.stderr.splitlines()[-1].startswith("uso-bot: The page at 0.0.0.0:0 ")

    password = "correct horse battery"
    await asyncio.to_thread(bot_folder.command, "web", "password", typed=password)
    async with bot_folder.run() as bot, bot.client.get(f"{bot.page}/", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/login")
        assert password not in "".join(bot.lines)


def test_a_wrong_configuration_is_reported_line_by_line(bot_folder: BotFolder) -> None:
    (bot_folder.path / "config.toml").write_text('[web]\nport = "many"\n[colour]\n')
    answer = bot_folder.try_run()
    assert answer.returncode == 2
    assert "web.port" in answer.stderr
    assert "config.toml:3:1: colour: there is no such section" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_database_that_is_none_is_named(bot_folder: BotFolder) -> None:
    (bot_folder.path / "data").mkdir()
    (bot_folder.path / "data/uso-bot.sqlite3").write_text("this is no database, whatever its name says" * 50)
    answer = bot_folder.try_run()
    assert answer.returncode == 1
    assert "database" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr


async def _until_gone(pid: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.05)
