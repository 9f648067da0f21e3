"""Login, command sync, the gateway's ups and downs, the end, and what the log keeps to itself."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.bot import DiscordBot, DiscordStartError
from adapters.discord.settings import DiscordSettings
from adapters.engine.fake import Play
from bot.domain.actors import Platform
from bot.domain.measurements import ConnectionState
from bot.ports.platforms import DeliveryDelayed
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.server import BOT_TOKEN, discord_server
from tests.support.spine import make_spine

MESSAGE_COMMAND = 3


async def test_commands_are_synced_once_and_again_when_they_changed(stage: Stage) -> None:
    assert stage.server.api.count("bulk_set_application_commands") == 1
    await stage.down()
    await stage.up()
    assert stage.server.api.count("bulk_set_application_commands") == 1
    (mark,) = stage.state_folder.iterdir()
    mark.write_text("an older tree")
    await stage.down()
    await stage.up()
    assert stage.server.api.count("bulk_set_application_commands") == 2


async def test_every_command_is_offered_everywhere_in_both_languages(stage: Stage) -> None:
    german = stage.kit.application.catalogs.for_locale("de")
    for command in stage.world.commands:
        if command["name"] == "admin":
            continue  # only for servers, see there
        assert sorted(command["integration_types"]) == [0, 1]
        assert sorted(command["contexts"]) == [0, 1, 2]
        if command["type"] == MESSAGE_COMMAND:
            assert command["name_localizations"]["de"] != command["name"]
            continue
        described = german.text(f"command-{command['name']}")
        assert command["description_localizations"] == {"de": described}


async def test_every_option_is_described_in_both_languages_however_deep(stage: Stage) -> None:
    told = [option for command in stage.world.commands for option in _options(command)]
    assert len(told) > 60
    for option in told:
        assert option["description"]
        assert option["description_localizations"].keys() == {"de"}
        assert option["description_localizations"]["de"] != option["description"]


def _options(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in command.get("options", []):
        yield option
        yield from _options(option)


async def test_the_mark_of_a_sync_covers_everything_that_was_sent(stage: Stage) -> None:
    (sent,) = (one.body.data for one in stage.server.api.calls if one.operation == "bulk_set_application_commands")
    (mark,) = stage.state_folder.iterdir()
    told = json.dumps([stage.server.api_base_url, sent], sort_keys=True).encode()
    assert mark.read_text() == hashlib.sha256(told).hexdigest()
    assert '"default_member_permissions": ' in told.decode()
    assert '"contexts": ' in told.decode()
    assert '"integration_types": ' in told.decode()


async def test_imagine_is_offered_in_both_languages(stage: Stage) -> None:
    (command,) = (one for one in stage.world.commands if one["name"] == "imagine")
    options = {one["name"]: one for one in command["options"]}
    assert list(options) == [
        *("prompt", "subject", "style", "style_card", "aspect", "count", "private", "seed", "style2", "keep_size"),
        *("spoiler", "steps", "guidance", "subject_size", "width", "height"),
    ]
    assert [name for name, one in options.items() if one["required"]] == [], "a tray or a subject may be enough"
    german = stage.kit.application.catalogs.for_locale("de")
    for name, option in options.items():
        key = f"command-imagine-{name.replace('_', '-')}"
        assert option["description_localizations"] == {"de": german.text(key)}
    choices = options["aspect"]["choices"]
    assert [one["value"] for one in choices] == ["1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16"]
    assert choices[0]["name_localizations"] == {"de": "Quadrat 1:1"}


async def test_a_failed_sync_does_not_keep_the_bot_away_and_is_made_up_for(stage: Stage) -> None:
    await stage.down()
    (mark,) = stage.state_folder.iterdir()
    mark.unlink()
    stage.server.fail_next("PUT", "/commands", 503, {"message": "Service Unavailable", "code": 0})
    await stage.up()
    assert not mark.exists()
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.down()
    await stage.up()
    assert mark.exists()


async def test_a_wrong_token_is_one_clear_error(tmp_path: Path) -> None:
    async with discord_server() as server:
        settings = DiscordSettings("wrong", server.api_base_url, server.gateway_url, tmp_path)
        bot = DiscordBot(make_spine().application, settings)
        with pytest.raises(DiscordStartError, match="DISCORD_TOKEN") as caught:
            await bot.start()
        assert "wrong" not in str(caught.value)


async def test_a_token_that_only_the_gateway_refuses_is_the_same_error(tmp_path: Path) -> None:
    async with discord_server() as server:
        server.gateway._token = "another"
        settings = DiscordSettings(BOT_TOKEN, server.api_base_url, server.gateway_url, tmp_path)
        with pytest.raises(DiscordStartError, match="DISCORD_TOKEN"):
            await DiscordBot(make_spine().application, settings).start()


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(stage: Stage) -> None:
    await stage.gateway_drops()
    asked = await stage.server.slash("imagine", {"prompt": "asked while it was away"})
    await stage.finished(asked)
    assert stage.server.gateway.identified == 1


async def test_operators_see_whether_it_is_connected(stage: Stage) -> None:
    def states() -> list[str]:
        return [one.state.value for one in stage.kit.application.connections.all() if one.platform is Platform.DISCORD]

    assert states() == ["connected"]
    seen: list[str] = []
    note = stage.kit.application.connections.note

    def watch(platform: Platform, state: ConnectionState, reason: str = "") -> None:
        seen.append(state.value)
        note(platform, state, reason)

    stage.kit.application.connections.note = watch  # type: ignore[method-assign]
    await stage.gateway_drops()
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    assert seen == ["lost", "connected"]
    await stage.bot.close()
    assert states() == ["connected"], "an orderly end is no loss"


async def test_an_event_that_discord_py_can_not_read_does_not_end_the_bot(stage: Stage) -> None:
    await stage.server.gateway.dispatch("INTERACTION_CREATE", {"id": "1"})
    await stage.world.until(lambda: stage.server.gateway.identified == 2, "a new connection")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))


async def test_closing_waits_for_the_answers_under_way(stage: Stage) -> None:
    stage.server.hold_downloads()
    file = stage.world.add_file(stage.server.channel.id, "cat.png", b"not a picture", "image/png")
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "subject": file})
    await stage.world.until(lambda: stage.server.downloads == ["cat.png"], "a download")
    closing = asyncio.create_task(stage.bot.close())
    stage.server.release_downloads()
    await closing
    assert asked.whispers == ["That file is not a picture we can read; please send PNG, JPEG or WebP."]


async def test_a_closed_bot_asks_for_patience(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    await stage.bot.close()
    await stage.bot.close()
    with pytest.raises(DeliveryDelayed):
        await stage.bot.deliver(job)
    await stage.world.until(lambda: all(one.socket is None for one in stage.server.gateway.sessions.values()))


async def test_closing_does_not_wait_for_a_discord_that_is_gone(stage: Stage) -> None:
    await stage.server.close()
    async with asyncio.timeout(5):
        await stage.bot.close()


async def test_no_token_reaches_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with discord_server() as server:
        with caplog.at_level(logging.DEBUG):
            stage = Stage(server, tmp_path)
            await stage.up()
            stage.engine.script(Play(hold_at_step=1))
            asked = await server.slash("imagine", {"prompt": "a cat"})
            await stage.held()
            card = await stage.card(asked)
            server.fail_next("PATCH", "/webhooks/", 400, {"message": "no", "code": 1}, text="### Done")
            stage.engine.release()
            await stage.eventually(stage.is_postponed)
            stage.try_again_after(10)
            await stage.shows(card, "### Done")
            await stage.down()
    logged = "\n".join(caplog.handler.format(record) for record in caplog.records)
    assert "INTERACTION_CREATE" in logged
    assert BOT_TOKEN not in logged
    assert asked.token not in logged
    assert BOT_TOKEN not in repr(stage.settings())
