"""`uso-bot doctor`: what it finds, what it advises, and how it ends."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import web

from storage.database import upgrade
from storage.migrations.runner import run_downgrade
from tests.migration.conftest import run
from tests.servers.discord.server import BOT_TOKEN, discord_server
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.tiny_classifier import make_classifier

Run = Callable[..., subprocess.CompletedProcess[str]]


async def examined(uso_bot: Run, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code and the findings by what was checked."""
    result = await asyncio.to_thread(uso_bot, "doctor", "--json", *arguments)
    assert result.stderr == ""
    told = json.loads(result.stdout)
    assert told["ok"] == (result.returncode == 0)
    return result.returncode, {finding["check"]: finding for finding in told["findings"]}


@asynccontextmanager
async def serving(handler: Callable[[web.Request], web.StreamResponse]) -> AsyncIterator[str]:
    """A server on the loopback interface that answers everything in one way."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return handler(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def configure(folder: Path, discord: str = "", telegram: str = "", more: str = "") -> None:
    text = f'[discord]\napi_base_url = "{discord}"\n[telegram]\nbase_url = "{telegram}"\n{more}'
    (folder / "config.toml").write_text(text)
    (folder / ".env").write_text(f"DISCORD_TOKEN={BOT_TOKEN}\nTELEGRAM_TOKEN={TOKEN}\n")
    (folder / ".env").chmod(0o600)


async def test_platforms_know_the_tokens_and_the_time(uso_bot: Run, tmp_path: Path) -> None:
    async with discord_server() as discord, BotApiServer(time.monotonic) as telegram:
        configure(tmp_path, discord.api_base_url, f"{telegram.url}/bot")
        code, found = await examined(uso_bot)
    assert code == 0, found
    assert found["discord"]["detail"].startswith("the token belongs to ")
    assert found["telegram"]["detail"].startswith("the token belongs to @")
    assert (found["clock"]["outcome"], found["clock"]["detail"]) == ("ok", "agrees with the platforms")
    assert "tokens file" not in found
    assert {found[name]["outcome"] for name in ("configuration", "python", "database")} == {"ok"}
    assert found["weights"]["outcome"] == "warning"
    assert "uso-bot weights download" in found["weights"]["remedy"]
    assert not (tmp_path / "data").exists()


async def test_refused_tokens_and_a_readable_file_of_them(uso_bot: Run, tmp_path: Path) -> None:
    async with discord_server() as discord, BotApiServer(time.monotonic) as telegram:
        configure(tmp_path, discord.api_base_url, f"{telegram.url}/bot")
        (tmp_path / ".env").write_text("DISCORD_TOKEN=MTA1.wrong-one.0123456789\nTELEGRAM_TOKEN=1:wrong\n")
        (tmp_path / ".env").chmod(0o644)
        code, found = await examined(uso_bot)
    assert code == 1
    for name, remedy in (("discord", "Reset the token"), ("telegram", "@BotFather")):
        assert (found[name]["outcome"], found[name]["detail"]) == ("failure", "the token is not accepted")
        assert remedy in found[name]["remedy"]
    assert found["tokens file"]["outcome"] == "warning"
    assert "chmod 600" in found["tokens file"]["remedy"]
    assert "wrong" not in json.dumps(found)


async def test_platforms_that_do_not_answer_in_time(uso_bot: Run, tmp_path: Path) -> None:
    silent = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    configure(tmp_path, f"http://127.0.0.1:{port}", "http://127.0.0.1:1/bot")
    code, found = await examined(uso_bot, "--timeout", "0.5")
    silent.close()
    assert code == 1
    assert {found[name]["detail"] for name in ("discord", "telegram")} == {"it does not answer"}
    assert found["clock"]["outcome"] == "off"


@pytest.mark.parametrize(("off_s", "outcome"), [(-7200, "failure"), (20, "warning"), (-20, "warning"), (0, "ok")])
async def test_a_clock_that_is_wrong(uso_bot: Run, tmp_path: Path, off_s: int, outcome: str) -> None:
    def answer(_request: web.Request) -> web.Response:
        date = formatdate(time.time() + off_s, usegmt=True)
        return web.json_response({"username": "ada's bot", "result": {"username": "b"}}, headers={"Date": date})

    async with serving(answer) as url:
        configure(tmp_path, url, f"{url}/bot")
        _, found = await examined(uso_bot)
    assert found["clock"]["outcome"] == outcome, found["clock"]
    if outcome != "ok":
        assert ("ahead of" if off_s < 0 else "behind") in found["clock"]["detail"]
        assert "set-ntp" in found["clock"]["remedy"]


@pytest.mark.parametrize(("status", "outcome"), [(302, "ok"), (403, "failure"), (500, "warning")])
async def test_the_licence_is_asked_of_the_hub(
    uso_bot: Run, tmp_path: Path, environment: dict[str, str], status: int, outcome: str
) -> None:
    asked = []

    def answer(request: web.Request) -> web.Response:
        asked.append((request.method, request.headers.get("Authorization"), request.path))
        return web.Response(status=status)

    async with serving(answer) as url:
        (tmp_path / ".env").write_text(f"HF_TOKEN=hf_sesame\nHF_ENDPOINT={url}\n")
        code, found = await examined(uso_bot)
    assert (found["licence"]["outcome"], code) == (outcome, int(outcome == "failure"))
    path = "/black-forest-labs/FLUX.1-dev/resolve/main/flux1-dev.safetensors"
    assert asked == [("HEAD", "Bearer hf_sesame", path)]
    assert "sesame" not in json.dumps(found)


async def test_weights_that_are_not_whole_are_named(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "weights/FLUX.1-dev").mkdir(parents=True)
    (tmp_path / "weights/FLUX.1-dev/ae.safetensors").write_bytes(b"short")
    code, found = await examined(uso_bot)
    assert (code, found["weights"]["outcome"]) == (1, "failure")
    assert "files can not be used" in found["weights"]["detail"]
    assert "uso-bot weights verify" in found["weights"]["remedy"]


async def test_whether_pictures_are_looked_at(uso_bot: Run, tmp_path: Path) -> None:
    _, found = await examined(uso_bot)
    assert found["image check"]["outcome"] == "off"
    assert "pictures are not looked at" in found["image check"]["detail"]
    assert "put an image classifier there" in found["image check"]["remedy"]
    (tmp_path / "config.toml").write_text('[moderation]\nimage_check_folder = "classifier"\n')
    make_classifier(tmp_path / "classifier")
    _, found = await examined(uso_bot)
    assert (found["image check"]["outcome"], found["image check"]["detail"]) == ("ok", "looks for NSFW")
    (tmp_path / "classifier" / "model.safetensors").unlink()
    code, found = await examined(uso_bot)
    assert (code, found["image check"]["outcome"]) == (1, "failure")


async def test_the_revision_of_the_database(uso_bot: Run, tmp_path: Path, postgres_url: str) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    for one in (url, postgres_url):
        (tmp_path / "config.toml").write_text(f'[storage]\ndatabase_url = "{one}"\n')
        await upgrade(one)
        assert (await examined(uso_bot))[1]["database"]["detail"].endswith(", the newest")
        await run(one, lambda connection: run_downgrade(connection, "0002"))
        assert "revision 0002; the next start brings it to" in (await examined(uso_bot))[1]["database"]["detail"]
        await run(
            one, lambda connection: connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        )
        code, found = await examined(uso_bot)
        assert (code, found["database"]["outcome"]) == (1, "failure")
        assert "revision 9999 is of a newer bot" in found["database"]["detail"]


async def test_a_database_that_is_not_there_is_told_without_its_password(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("USO_BOT_DATABASE_URL=postgresql://ada:sesame@127.0.0.1:1/bot\n")
    code, found = await examined(uso_bot)
    assert (code, found["database"]["outcome"]) == (1, "failure")
    assert "can not be used" in found["database"]["detail"]
    assert "sesame" not in json.dumps(found)


@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        ("echo 'NVIDIA GeForce RTX 4090, 595.45, 24564'", "ok", "NVIDIA GeForce RTX 4090, 24564 MiB, driver 595.45"),
        ("echo 'NVIDIA GeForce RTX 3060, 595.45, 12288'", "warning", "12288 MiB"),
        ("echo 'No devices were found'", "failure", "does not answer"),
        ("exit 9", "failure", "does not answer"),
    ],
)
async def test_the_card_as_its_driver_tells(
    uso_bot: Run, tmp_path: Path, environment: dict[str, str], said: str, outcome: str, words: str
) -> None:
    tool = tmp_path / "bin/nvidia-smi"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\n{said}\n")
    tool.chmod(0o755)
    old = environment["PATH"]
    environment["PATH"] = f"{tool.parent}:{old}"
    try:
        _, found = await examined(uso_bot)
    finally:
        environment["PATH"] = old
    assert found["gpu"]["outcome"] == outcome
    assert words in found["gpu"]["detail"]


def test_people_read_lines_with_remedies_and_mistakes_are_pointed_at(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nprot = 1\n")
    result = uso_bot("doctor")
    assert result.returncode == 1
    assert "config.toml:2:1: web.prot" in result.stdout
    assert "-> Mend these lines" in result.stdout
    assert result.stdout.endswith("Failures: 1, warnings: 0.\n")


async def test_a_page_for_others_wants_a_password(uso_bot: Run, tmp_path: Path) -> None:
    _, found = await examined(uso_bot)
    assert (found["page"]["outcome"], found["page"]["detail"]) == ("ok", "127.0.0.1:8080, for this machine only")

    (tmp_path / "config.toml").write_text('[web]\nhost = "0.0.0.0"\n')
    code, found = await examined(uso_bot)
    assert (code, found["page"]["outcome"]) == (1, "failure")
    assert "uso-bot web password" in found["page"]["remedy"]
    assert not (tmp_path / "data").exists(), "looking makes nothing"

    await asyncio.to_thread(uso_bot, "web", "password", typed="correct horse battery\n")
    _, found = await examined(uso_bot)
    assert found["page"]["outcome"] == "warning"
    assert "HTTPS" in found["page"]["remedy"]
    (tmp_path / "config.toml").write_text('[web]\nhost = "0.0.0.0"\ntrusted_proxies = ["10.0.0.1"]\n')
    _, found = await examined(uso_bot)
    assert found["page"]["outcome"] == "ok"
    (tmp_path / "config.toml").write_text("[web]\nenabled = false\n")
    _, found = await examined(uso_bot)
    assert found["page"]["outcome"] == "off"
