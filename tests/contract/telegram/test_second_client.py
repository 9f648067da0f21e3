"""Another library that speaks Telegram, aiogram, gets along with the test server: it is not made to please ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiogram
import pytest
from aiogram import F, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter

from tests.servers.telegram.hand_timer import HandTimer
from tests.servers.telegram.people import Person, new_group, private_person, texts
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.pictures import png

RED, BLUE = png(colour=(200, 0, 0)), png(colour=(0, 0, 200))
KEYBOARD = types.InlineKeyboardMarkup(
    inline_keyboard=[[types.InlineKeyboardButton(text="Again", callback_data="again:1")]]
)


class Stage:
    """A server, its clock, and aiogram on it."""

    def __init__(self, server: BotApiServer, timer: HandTimer) -> None:
        self.server = server
        self.timer = timer
        self.bot = aiogram.Bot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(server.url)))
        self.dispatcher = aiogram.Dispatcher()

    def later(self) -> None:
        """Let so much time pass that the next message may be sent."""
        self.timer.advance(1)

    async def until(self, ada: Person, *names: str) -> None:
        """Wait until the bot's newest message has these fields."""
        async with asyncio.timeout(20):
            while not all(name in ada.last() for name in names):
                self.server.changed.clear()
                await self.server.changed.wait()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    timer = HandTimer()
    async with BotApiServer(timer.monotonic) as server:
        stage = Stage(server, timer)
        try:
            yield stage
        finally:
            await stage.bot.session.close()
        assert server.wrong == []


@pytest.fixture
async def polling(stage: Stage) -> AsyncIterator[Stage]:
    """The stage with a bot that answers."""

    @stage.dispatcher.message(F.photo)
    async def picture(message: types.Message, bot: aiogram.Bot) -> None:
        assert message.photo is not None
        data = await bot.download(message.photo[-1])
        assert data is not None
        upload = types.BufferedInputFile(data.read(), "again.png")
        await message.reply_photo(upload, caption="<b>Here</b>", parse_mode=ParseMode.HTML, reply_markup=KEYBOARD)

    @stage.dispatcher.message()
    async def words(message: types.Message) -> None:
        await message.reply(f"You said: {message.text}", reply_markup=KEYBOARD)

    @stage.dispatcher.callback_query(F.data == "again:1")
    async def press(query: types.CallbackQuery) -> None:
        await query.answer("At once")
        stage.later()
        assert isinstance(query.message, types.Message)
        await query.message.edit_text("Pressed")

    task = asyncio.create_task(stage.dispatcher.start_polling(stage.bot, handle_signals=False, close_bot_session=False))
    yield stage
    await stage.dispatcher.stop_polling()
    await task


async def test_polling_an_answer_a_press_and_an_edit(polling: Stage) -> None:
    ada = private_person(polling.server, "Ada")
    asked = ada.write("hello")
    await polling.until(ada, "text")
    assert ada.last()["text"] == "You said: hello"
    assert ada.last()["reply_to_message"]["message_id"] == asked["message_id"]
    assert texts(ada.last()) == [["Again"]]
    ada.press(ada.last(), "Again")
    await polling.until(ada, "edit_date")
    assert ada.last()["text"] == "Pressed"
    assert [answer["text"] for answer in polling.server.methods.answered] == ["At once"]


async def test_a_picture_comes_and_goes(polling: Stage) -> None:
    ada = private_person(polling.server, "Ada")
    ada.show(RED, "look")
    await polling.until(ada, "photo")
    assert (ada.last()["caption"], ada.last()["caption_entities"][0]["type"]) == ("Here", "bold")
    [sent] = polling.server.calls_of("sendPhoto")
    assert sent.values["photo"].startswith("attach://")
    assert list(sent.uploads.values()) == [RED]


async def test_albums_files_by_id_and_edits_of_pictures(stage: Stage) -> None:
    ada, bot = private_person(stage.server, "Ada"), stage.bot
    stage.later()
    album = await bot.send_media_group(
        ada.chat.id,
        [types.InputMediaPhoto(media=types.BufferedInputFile(one, "p.png")) for one in (RED, BLUE)],
    )
    assert len({message.media_group_id for message in album}) == 1
    stage.later()
    assert album[0].photo is not None
    again = await bot.send_photo(ada.chat.id, album[0].photo[-1].file_id, reply_markup=KEYBOARD)
    stage.later()
    document = types.InputMediaDocument(media=types.BufferedInputFile(BLUE, "blue.png"), caption="a file now")
    edited = await bot.edit_message_media(document, chat_id=ada.chat.id, message_id=again.message_id)
    assert isinstance(edited, types.Message)
    assert edited.document is not None
    assert edited.document.file_name == "blue.png"
    stage.later()
    await bot.edit_message_caption(chat_id=ada.chat.id, message_id=again.message_id, caption="another")
    stage.later()
    await bot.edit_message_reply_markup(chat_id=ada.chat.id, message_id=again.message_id, reply_markup=KEYBOARD)
    assert (ada.last()["caption"], texts(ada.last())) == ("another", [["Again"]])
    stage.later()
    await bot.delete_messages(ada.chat.id, [message.message_id for message in album])
    assert len(ada.seen()) == 1


async def test_refusals_arrive_as_what_they_are(stage: Stage) -> None:
    ada = private_person(stage.server, "Ada")
    await stage.bot.send_message(ada.chat.id, "one")
    with pytest.raises(TelegramRetryAfter):
        await stage.bot.send_message(ada.chat.id, "two at once")
    stage.later()
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await stage.bot.answer_callback_query("unknown")
    long = types.InlineKeyboardButton(text="x", callback_data="ü" * 33)
    keyboard = types.InlineKeyboardMarkup(inline_keyboard=[[long]])
    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await stage.bot.send_message(ada.chat.id, "x", reply_markup=keyboard)


async def test_commands_members_and_the_webhook(stage: Stage) -> None:
    bot, group = stage.bot, new_group(stage.server)
    await bot.set_my_commands([types.BotCommand(command="help", description="Hilfe")], language_code="de")
    assert [one.description for one in await bot.get_my_commands(language_code="de")] == ["Hilfe"]
    me = await bot.get_chat_member(group.id, (await bot.me()).id)
    assert isinstance(me, types.ChatMemberMember)
    await bot.set_webhook("http://127.0.0.1:1/telegram", secret_token="x", allowed_updates=["message"])
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("http://127.0.0.1:1/telegram", 0)
    await bot.delete_webhook()
    assert not (await bot.get_webhook_info()).url
