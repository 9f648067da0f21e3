"""The test server's rules beyond the specification, for everything a complete bot calls."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.e2e.telegram.raw_client import Json, RawClient
from tests.servers.telegram.people import Person, member, migrate, new_group, texts
from tests.support.pictures import png

DAY_S = 24 * 3600
BUTTON = {"text": "x", "callback_data": "x"}


def keyboard(*buttons: Json) -> Json:
    return {"inline_keyboard": [list(buttons)]}


async def test_formatted_words_are_counted_without_their_marks(client: RawClient, ada: Person) -> None:
    html: dict[str, Any] = {"chat_id": ada.chat.id, "parse_mode": "HTML"}
    sent = await client.result("sendMessage", **html, text="<b>" + "x" * 4095 + "</b>&lt;")
    assert (sent["text"][-2:], sent["entities"]) == ("x<", [{"type": "bold", "offset": 0, "length": 4095}])
    for text in ("a < b", "<b>open", "<h1>title</h1>", "<b><i>crossed</b></i>"):
        assert "can't parse entities" in await client.refusal("sendMessage", **html, text=text)
    sent = await client.result("sendMessage", **html, text='🦊 <a href="https://example.org">here</a>')
    assert sent["entities"] == [{"type": "text_link", "offset": 3, "length": 4, "url": "https://example.org"}]


@pytest.mark.parametrize(
    "button",
    [
        {"text": "x"},
        {"text": " ", "callback_data": "x"},
        {**BUTTON, "url": "https://example.org"},
        {"text": "x", "url": "not an address"},
        {"text": "x", "copy_text": {"text": "x" * 257}},
        {**BUTTON, "style": "gaudy"},
    ],
)
async def test_buttons(client: RawClient, ada: Person, button: Json) -> None:
    refusal = await client.refusal("sendMessage", chat_id=ada.chat.id, text="x", reply_markup=keyboard(button))
    assert "BUTTON" in refusal or "button" in refusal


async def test_files_are_sent_again_by_their_id_as_what_they_are(client: RawClient, ada: Person) -> None:
    photo = await client.result("sendPhoto", {"photo": png()}, chat_id=ada.chat.id)
    file_id = photo["photo"][-1]["file_id"]
    again = await client.result("sendPhoto", chat_id=ada.chat.id, photo=file_id)
    assert again["photo"] == photo["photo"]
    assert "can't use file of type Photo" in await client.refusal("sendDocument", chat_id=ada.chat.id, document=file_id)
    assert "wrong file identifier" in await client.refusal("sendPhoto", chat_id=ada.chat.id, photo="unknown")
    assert "can't find the file" in await client.refusal("sendPhoto", chat_id=ada.chat.id, photo="attach://none")


async def test_captions_and_buttons_are_edited_alone(client: RawClient, ada: Person) -> None:
    photo = await client.result("sendPhoto", {"photo": png()}, chat_id=ada.chat.id, reply_markup=keyboard(BUTTON))
    where = {"chat_id": ada.chat.id, "message_id": photo["message_id"]}
    edited = await client.result("editMessageCaption", **where, caption="words")
    assert (edited["caption"], texts(edited)) == ("words", []), "buttons that are not sent again go"
    edited = await client.result("editMessageReplyMarkup", **where, reply_markup=keyboard(BUTTON))
    assert (edited["caption"], texts(edited)) == ("words", [["x"]])
    same = await client.refusal("editMessageReplyMarkup", **where, reply_markup=keyboard(BUTTON))
    assert "not modified" in same
    words = await client.result("sendMessage", chat_id=ada.chat.id, text="x")
    refusal = await client.refusal(
        "editMessageCaption", chat_id=ada.chat.id, message_id=words["message_id"], caption="x"
    )
    assert "no caption" in refusal


async def test_albums_stay_albums(client: RawClient, ada: Person) -> None:
    media = [{"type": "photo", "media": f"attach://{name}"} for name in "ab"]
    album = await client.result("sendMediaGroup", {"a": png(), "b": png()}, chat_id=ada.chat.id, media=media)
    where = {"chat_id": ada.chat.id, "message_id": album[0]["message_id"]}
    document = {"type": "document", "media": "attach://c"}
    assert "own kind" in await client.refusal("editMessageMedia", {"c": png()}, **where, media=document)
    assert "buttons" in await client.refusal("editMessageReplyMarkup", **where, reply_markup=keyboard(BUTTON))
    media[1]["media"] = "attach://missing"
    before = len(ada.seen())
    assert await client.refusal("sendMediaGroup", {"a": png()}, chat_id=ada.chat.id, media=media)
    assert len(ada.seen()) == before, "an album goes out whole or not at all"


async def test_what_may_be_deleted(client: RawClient, ada: Person) -> None:
    group = new_group(client.server)
    theirs, in_group = ada.write("hello"), member(ada, group).write("/hello")
    assert await client.result("deleteMessage", chat_id=ada.chat.id, message_id=theirs["message_id"])
    refusal = await client.refusal("deleteMessage", chat_id=group.id, message_id=in_group["message_id"])
    assert "can't be deleted" in refusal
    group.is_bot_admin = True
    assert await client.result("deleteMessages", chat_id=group.id, message_ids=[in_group["message_id"], 999])
    old = await client.result("sendMessage", chat_id=ada.chat.id, text="x")
    client.timer.advance(2 * DAY_S)
    refusal = await client.refusal("deleteMessages", chat_id=ada.chat.id, message_ids=[old["message_id"]])
    assert "can't be deleted" in refusal


async def test_topics_and_rights(client: RawClient) -> None:
    forum, plain = new_group(client.server, is_forum=True), new_group(client.server)
    forum.gone_topics, forum.closed_topics = {1}, {2}
    plain.restricted = {"photos"}
    for chat, thread_id, words in ((forum, 1, "not found"), (forum, 2, "TOPIC_CLOSED"), (plain, 3, "not found")):
        assert words in await client.refusal("sendMessage", chat_id=chat.id, message_thread_id=thread_id, text="x")
    assert (await client.result("sendMessage", chat_id=forum.id, message_thread_id=3, text="x"))["is_topic_message"]
    assert "not enough rights" in await client.refusal("sendPhoto", {"photo": png()}, chat_id=plain.id)
    plain.is_blocked = True
    assert "kicked" in await client.refusal("sendMessage", chat_id=plain.id, text="x")


async def test_answers_quotes_and_questions(client: RawClient, ada: Person) -> None:
    asked = ada.write("a fox in the snow")
    reply = {"message_id": asked["message_id"], "quote": "fox"}
    sent = await client.result("sendMessage", chat_id=ada.chat.id, text="x", reply_parameters=reply)
    assert sent["quote"] == {"text": "fox", "position": 2, "is_manual": True}
    reply["quote"] = "hen"
    assert "QUOTE" in await client.refusal("sendMessage", chat_id=ada.chat.id, text="x", reply_parameters=reply)
    question = {"force_reply": True, "input_field_placeholder": "A prompt"}
    await client.result("sendMessage", chat_id=ada.chat.id, text="What?", reply_markup=question)
    assert ada.answer("a hen")["reply_to_message"]["text"] == "What?"
    question["input_field_placeholder"] = "x" * 65
    assert await client.refusal("sendMessage", chat_id=ada.chat.id, text="What?", reply_markup=question)


async def test_members_actions_and_commands(client: RawClient, ada: Person) -> None:
    group = new_group(client.server)
    member(ada, group, status="creator")
    found = await client.result("getChatMember", chat_id=group.id, user_id=ada.user["id"])
    assert found["status"] == "creator"
    assert [one["status"] for one in await client.result("getChatAdministrators", chat_id=group.id)] == ["creator"]
    assert "no administrators" in await client.refusal("getChatAdministrators", chat_id=ada.chat.id)
    assert await client.result("sendChatAction", chat_id=ada.chat.id, action="upload_photo")
    assert "wrong parameter" in await client.refusal("sendChatAction", chat_id=ada.chat.id, action="dancing")
    assert client.server.methods.actions == [(ada.chat.id, "upload_photo")]
    commands = [{"command": "help", "description": "Help"}]
    scope = {"type": "all_private_chats"}
    assert await client.result("setMyCommands", commands=commands, scope=scope, language_code="de")
    assert await client.result("getMyCommands", scope=scope, language_code="de") == commands
    assert await client.result("getMyCommands") == []
    assert "language" in await client.refusal("setMyCommands", commands=commands, language_code="german")
    for wrong in ({"command": "Help", "description": "x"}, {"command": "help", "description": ""}):
        assert "INVALID" in await client.refusal("setMyCommands", commands=[wrong])


async def test_inline_answers(client: RawClient, ada: Person) -> None:
    photo = await client.result("sendPhoto", {"photo": png()}, chat_id=ada.chat.id)
    file_id = photo["photo"][-1]["file_id"]
    result = {"type": "photo", "id": "1", "photo_file_id": file_id, "caption": "a fox"}
    query = ada.ask_inline("fox")
    answer = {"inline_query_id": query}
    assert "DUPLICATE" in await client.refusal("answerInlineQuery", **answer, results=[result, result])
    unknown = result | {"photo_file_id": "unknown"}
    assert "wrong file identifier" in await client.refusal("answerInlineQuery", **answer, results=[unknown])
    many = [result | {"id": str(number)} for number in range(51)]
    assert "TOO_MUCH" in await client.refusal("answerInlineQuery", **answer, results=many)
    assert await client.result("answerInlineQuery", **answer, results=[result], is_personal=True)
    assert "too old" in await client.refusal("answerInlineQuery", **answer, results=[result])
    chosen = ada.choose(query, query="fox")
    assert (chosen["photo"], chosen["caption"]) == (photo["photo"], "a fox")
    assert client.server.updates.waiting[-1]["chosen_inline_result"]["result_id"] == "1"


async def test_polls_and_webhooks_exclude_one_another(client: RawClient) -> None:
    first = asyncio.create_task(client.call("getUpdates", timeout=30))
    while client.server.polls < 1:
        client.server.changed.clear()
        await client.server.changed.wait()
    assert (await client.call("getUpdates", timeout=0))["ok"]
    assert (await first)["error_code"] == 409, "only one may poll"
    assert "HTTPS" in await client.refusal("setWebhook", url="http://bot.example.org")
    assert "unallowed" in await client.refusal("setWebhook", url="https://bot.example.org", secret_token="a b")
    assert "dropped" in await client.refusal("deleteWebhook", drop_pending_updates=True)
    assert await client.result("setWebhook", url="http://127.0.0.1:1/")
    assert (await client.call("getUpdates"))["error_code"] == 409
    assert await client.result("deleteWebhook")
    assert await client.result("getUpdates") == []


async def test_what_reaches_a_bot_in_privacy_mode(client: RawClient, ada: Person) -> None:
    group = new_group(client.server)
    there = member(ada, group)
    ours = await client.result("sendMessage", chat_id=group.id, text="x")
    there.write("talk")
    there.write("/poll@another_bot")
    there.show(png(), "look")
    heard = [there.write("/imagine"), there.write("/imagine@uso_test_bot"), there.write("yes", reply_to=ours)]
    got = [update["message"]["message_id"] for update in await client.result("getUpdates")]
    assert got == [message["message_id"] for message in heard]
    client.server.has_privacy = False
    talk = there.write("talk")
    assert client.server.updates.waiting[-1]["message"] == talk


async def test_what_people_send(client: RawClient, ada: Person) -> None:
    photo = ada.show(png(), "look")
    ada.edit(photo, "look again")
    ada.forward(photo)
    ada.forward(photo, is_hidden=True)
    for kind in ("static", "animated", "video"):
        ada.sticker(kind)
    ada.animation("dance")
    ada.attach_heic("here")
    ada.send(*ada.document_album(png(), png(), caption="both"))
    old = await client.result("sendMessage", chat_id=ada.chat.id, text="x", reply_markup=keyboard(BUTTON))
    client.timer.advance(3 * DAY_S)
    ada.press(old, "x")
    assert client.server.updates.waiting[-1]["callback_query"]["message"].keys() == {"chat", "message_id", "date"}
    group = new_group(client.server)
    member(ada, group)
    assert migrate(client.server, group).id != group.id
    assert "upgraded" in await client.refusal("sendMessage", chat_id=group.id, text="x")
    assert client.server.wrong == [], "all of it fits the specification"


async def test_only_the_kinds_that_were_asked_for_come(client: RawClient, ada: Person) -> None:
    await client.result("getUpdates", allowed_updates=["callback_query"])
    ada.write("hello")
    assert await client.result("getUpdates") == []
    await client.result("getUpdates", allowed_updates=[])
    ada.write("hello")
    assert len(await client.result("getUpdates")) == 1
