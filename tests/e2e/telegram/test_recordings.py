"""Recorded updates (`tests/payloads/telegram`): nothing breaks, and each gets a sensible answer or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.telegram.world import World
from tests.servers.telegram.chats import Chat
from tests.servers.telegram.people import Person
from tests.support.pictures import png

SAMPLES = Path(__file__).parents[2] / "payloads" / "telegram"


def read(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def file_ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "file_id" in value:
            yield value["file_id"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from file_ids(one)


def arrive(world: World, name: str) -> Person:
    """Let a recorded message arrive; its files can be fetched. Returns who wrote it, where they wrote it."""
    sample = read(name)
    message = sample["message"] if "update_id" in sample else sample
    chat = Chat(message["chat"], last_id=message["message_id"])
    chat.messages[message["message_id"]] = message
    world.server.memory.chats[chat.id] = chat
    world.server.memory.files |= dict.fromkeys(file_ids(message), png())
    world.server.push(message=message)
    return Person(world.server, message["from"], chat)


@pytest.mark.parametrize(
    "name",
    [
        "update_message",
        "update_de_private_chat_text_message",
        "message_parse_caption_entities",
        "message_show_caption_above_media",
    ],
)
async def test_words_and_captioned_photos_become_pictures(world: World, name: str) -> None:
    async with world.running():
        person = arrive(world, name)
        await world.until(lambda: "photo" in person.last())
        await world.settled()
        [job] = await world.jobs(person)
    assert (job.request.subject is not None) == ("photo" in next(iter(person.chat.messages.values())))


async def test_a_photo_without_words_gets_a_question(world: World) -> None:
    async with world.running():
        person = arrive(world, "message_de_image")
        await world.until(lambda: bool(person.seen()))
        await world.settled()
        assert await world.jobs(person) == ()
    assert len(person.seen()) == 1


async def test_a_forwarded_film_is_refused_in_a_sentence(world: World) -> None:
    async with world.running():
        person = arrive(world, "message_de_media_group_forwarded")
        await world.until(lambda: bool(person.seen()))
        await world.settled()
        assert await world.jobs(person) == ()
    assert "picture" in person.last()["text"]


@pytest.mark.parametrize("name", ["message_issue_419", "message_topic_message"])
async def test_talk_in_groups_is_not_for_us(world: World, name: str) -> None:
    world.server.has_privacy = False
    async with world.running():
        person = arrive(world, name)
        await world.settled()
    assert person.seen() == []


async def test_a_press_on_a_message_of_inline_mode_is_answered(world: World) -> None:
    query = read("callback_query_deserialize")
    async with world.running():
        world.server.methods.callbacks[query["id"]] = world.server.memory.now()
        world.server.push(callback_query=query)
        await world.settled()
    assert [answer["callback_query_id"] for answer in world.server.methods.answered] == [query["id"]]


def test_every_recording_is_used() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"{sample.stem}"' in source for sample in SAMPLES.glob("*.json"))
