"""The test server itself: what Telegram would refuse, it refuses."""

from __future__ import annotations

import pytest

from tests.e2e.telegram.raw_client import RawClient
from tests.servers.telegram.people import Person, new_group
from tests.support.pictures import png


async def test_calls_that_do_not_fit_the_specification_are_kept(client: RawClient, ada: Person) -> None:
    for values in (
        {"chat_id": ada.chat.id},
        {"chat_id": ada.chat.id, "text": "x", "colour": "red"},
        {"chat_id": [1], "text": "x"},
        {"chat_id": ada.chat.id, "text": "x", "reply_markup": {"inline_keyboard": [[{"label": "x"}]]}},
    ):
        client.server.wrong.clear()
        answer = await client.call("sendMessage", **values)
        assert not answer["ok"]
        assert client.server.wrong
    await client.call("sendMediaGroup", chat_id=ada.chat.id, media=[{"type": "picture", "media": "attach://a"}])
    assert any("'picture'" in wrong for wrong in client.server.wrong)
    assert (await client.call("sendPigeon"))["error_code"] == 404


@pytest.mark.parametrize(
    ("data", "is_taken"), [("x" * 64, True), ("x" * 65, False), ("ü" * 32, True), ("ü" * 33, False), ("", False)]
)
async def test_button_data_has_64_bytes(client: RawClient, ada: Person, data: str, is_taken: bool) -> None:
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    answer = await client.call("sendMessage", chat_id=ada.chat.id, text="x", reply_markup=keyboard)
    assert answer["ok"] is is_taken


async def test_lengths(client: RawClient, ada: Person) -> None:
    assert (await client.call("sendMessage", chat_id=ada.chat.id, text="x" * 4096))["ok"]
    assert not (await client.call("sendMessage", chat_id=ada.chat.id, text="x" * 4097))["ok"]
    assert not (await client.call("sendMessage", chat_id=ada.chat.id, text=" "))["ok"]
    photo = {"photo": png()}
    assert (await client.call("sendPhoto", photo, chat_id=ada.chat.id, caption="🦊" * 512))["ok"]
    assert not (await client.call("sendPhoto", photo, chat_id=ada.chat.id, caption="🦊" * 513))["ok"]


@pytest.mark.parametrize(
    ("kinds", "is_taken"), [(["photo"], False), (["photo"] * 2, True), (["photo", "document"], False)]
)
async def test_albums(client: RawClient, ada: Person, kinds: list[str], is_taken: bool) -> None:
    media = [{"type": kind, "media": f"attach://f{index}"} for index, kind in enumerate(kinds)]
    uploads = {f"f{index}": png() for index in range(len(kinds))}
    assert (await client.call("sendMediaGroup", uploads, chat_id=ada.chat.id, media=media))["ok"] is is_taken


async def test_photos_that_are_none(client: RawClient, ada: Person) -> None:
    for data in (b"no picture", png(2100, 100), png(9000, 1001)):
        assert not (await client.call("sendPhoto", {"photo": data}, chat_id=ada.chat.id))["ok"]


async def test_edits(client: RawClient, ada: Person) -> None:
    sent = (await client.call("sendMessage", chat_id=ada.chat.id, text="x"))["result"]
    where = {"chat_id": ada.chat.id, "message_id": sent["message_id"]}
    assert "not modified" in (await client.call("editMessageText", **where, text="x"))["description"]
    media = {"type": "photo", "media": "attach://p"}
    assert (await client.call("editMessageMedia", {"p": png()}, **where, media=media))["ok"]
    assert "no text" in (await client.call("editMessageText", **where, text="y"))["description"]
    theirs = ada.write("hello")
    answer = await client.call("editMessageText", chat_id=ada.chat.id, message_id=theirs["message_id"], text="y")
    assert "can't be edited" in answer["description"]
    client.timer.advance(48 * 3600)
    assert "can't be deleted" in (await client.call("deleteMessage", **where))["description"]


async def test_flood_limits(client: RawClient, ada: Person) -> None:
    group = new_group(client.server)
    client.pause_s = 1
    for number in range(1, 22):
        answer = await client.call("sendMessage", chat_id=group.id, text=f"{number}")
        assert answer["ok"] is (number <= 20)
    assert answer["parameters"]["retry_after"] > 0
    assert len(client.server.floods.violations) == 1


async def test_callbacks_grow_old(client: RawClient, ada: Person) -> None:
    message = (await client.call("sendMessage", chat_id=ada.chat.id, text="x"))["result"]
    fresh, old = ada.press_data(message, "a"), ada.press_data(message, "b")
    assert (await client.call("answerCallbackQuery", callback_query_id=fresh))["ok"]
    assert not (await client.call("answerCallbackQuery", callback_query_id=fresh))["ok"]
    client.timer.advance(120)
    assert not (await client.call("answerCallbackQuery", callback_query_id=old))["ok"]


async def test_files_come_by_a_relative_path_and_not_above_20_megabytes(client: RawClient, ada: Person) -> None:
    small, large = ada.attach(png()), ada.attach(b"\0" * (20 * 2**20 + 1))
    answer = await client.call("getFile", file_id=small["document"]["file_id"])
    assert not answer["result"]["file_path"].startswith("/")
    assert "too big" in (await client.call("getFile", file_id=large["document"]["file_id"]))["description"]
