"""Starting and stopping: wrong tokens, Telegram out of reach, and a token that stays secret."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace

import pytest

from adapters.telegram.bot import TelegramBot
from adapters.telegram.errors import TelegramTokenRefused
from adapters.telegram.settings import TelegramSettings
from bot.domain.actors import Platform, ReplyAddress
from bot.domain.jobs import Job, JobState
from bot.domain.requests import GenerationRequest
from bot.ports.platforms import Deliverer, DeliveryDelayed, DeliveryImpossible
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import private_person
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.pictures import png
from tests.support.spine import running_spine


@pytest.mark.parametrize("token", ["", "not a token", "110201543:wrong", TOKEN[:-1]])
async def test_a_wrong_token_is_one_clear_error(world: World, token: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot = TelegramBot(world.kit.application, replace(world.settings, token=token), world.timer)
    with pytest.raises(TelegramTokenRefused, match="TELEGRAM_TOKEN") as raised:
        await bot.start()
    await bot.close()

    assert raised.value.__cause__ is None
    assert not token or token not in str(raised.value) + caplog.text


async def test_the_token_is_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada = world.person()
    async with world.running():
        world.server.fail("editMessageMedia", 500, "Internal Server Error")
        ada.show(png(), "on a beach")
        await world.until(lambda: "photo" in ada.last())
        logging.getLogger("httpx").error("GET %s", f"{world.server.url}/bot{TOKEN}/getMe")

    assert "HTTP Request: POST" in caplog.text
    assert "/bot<token>/getMe" in caplog.text
    assert "/file/bot<token>/photos/" in caplog.text
    assert TOKEN.rpartition(":")[2] not in caplog.text
    assert TOKEN not in repr(world.settings)


async def test_the_bot_starts_while_telegram_is_out_of_reach_and_connects_later(world: World) -> None:
    ada = world.person()
    world.server.fail("getMe", 502, "Bad Gateway", times=2)
    async with world.running():
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())


async def test_a_bot_that_never_reached_telegram_closes_at_once(world: World) -> None:
    settings = TelegramSettings(TOKEN, "http://127.0.0.1:1/bot")
    bot = TelegramBot(world.kit.application, settings, world.timer)
    async with asyncio.timeout(10):
        await bot.start()
        await bot.close()


async def test_deliveries_wait_until_the_bot_is_connected(world: World) -> None:
    bot = TelegramBot(world.kit.application, world.settings, world.timer)
    with pytest.raises(DeliveryDelayed):
        await bot.deliver(_job(world, ReplyAddress(Platform.TELEGRAM, {"chat_id": 1})))


async def test_a_chat_that_does_not_exist_ends_the_delivery(world: World) -> None:
    async with world.running():
        with pytest.raises(DeliveryImpossible, match="Chat not found"):
            await _deliver(world, _job(world, ReplyAddress(Platform.TELEGRAM, {"chat_id": 404})))
        with pytest.raises(DeliveryImpossible):
            await _deliver(world, _job(world, None))


async def test_flood_control_goes_back_to_the_outbox_with_its_time(world: World) -> None:
    ada = world.person()
    async with world.running():
        world.server.fail("sendMessage", 429, "Too Many Requests: retry after 40", {"retry_after": 40})
        job = _job(world, ReplyAddress(Platform.TELEGRAM, {"chat_id": ada.chat.id}))
        with pytest.raises(DeliveryDelayed) as first:
            await _deliver(world, job)
        with pytest.raises(DeliveryDelayed) as second:
            await world.bot.deliver(job)
    assert first.value.retry_after_s == 40
    assert second.value.retry_after_s is not None
    assert 0 < second.value.retry_after_s <= 40
    assert len([call for call in world.server.calls if call.method == "sendMessage"]) == 1


async def test_a_token_revoked_while_running_is_said_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
        world.server.is_token_revoked = True
        ada.write("a hen")
        await world.until(lambda: "TELEGRAM_TOKEN" in caplog.text)
        await world.until(lambda: world.timer.next_wake_up is None)
    assert len([record for record in caplog.records if "TELEGRAM_TOKEN" in record.getMessage()]) == 1
    assert TOKEN not in caplog.text


async def test_it_all_works_on_the_machines_own_clock() -> None:
    async with BotApiServer(time.monotonic) as server, running_spine() as kit:
        ada = private_person(server, "Ada")
        bot = TelegramBot(kit.application, TelegramSettings(TOKEN, server.url))
        assert isinstance(bot, Deliverer)
        await bot.start()
        kit.spine.deliver_through([bot])
        ada.write("a fox")
        async with asyncio.timeout(30):
            while "photo" not in ada.last():
                server.changed.clear()
                await server.changed.wait()
        await bot.close()
        assert server.wrong == []
        assert server.floods.violations == []
        assert server.unconfirmed == 0


async def _deliver(world: World, job: Job) -> None:
    delivering = asyncio.create_task(world.bot.deliver(job))
    await world.until(delivering.done)
    await delivering


def _job(world: World, reply_to: ReplyAddress | None) -> Job:
    request = GenerationRequest("a fox", None, (), 512, 512, False, 5, 4.0, 512, 7)
    return Job("j", "u", request, JobState.CANCELLED, "e", world.kit.clock.now(), reply_to=reply_to)


async def test_operators_see_whether_it_is_connected(world: World) -> None:
    ada = world.person()

    def state() -> tuple[str, str]:
        (connection,) = world.kit.application.connections.all()
        assert connection.platform is Platform.TELEGRAM
        return connection.state.value, connection.reason

    world.server.fail("getMe", 502, "Bad Gateway", times=1)
    async with world.running():
        assert state()[0] == "lost"
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
        assert state() == ("connected", "")
        world.server.outages = 2
        ada.write("a hen")  # ends the poll under way; the next one fails
        await world.until(lambda: state()[0] == "lost", time_passes=False)
        assert state()[1] == "NetworkError"
        await world.until(lambda: state() == ("connected", ""))
        world.server.is_token_revoked = True
        ada.write("a hare")
        await world.until(lambda: state()[0] == "refused")
        assert "TELEGRAM_TOKEN" in state()[1]
        assert TOKEN not in state()[1]
