"""`uso-bot run` on PostgreSQL: another URL, the same bot."""

from __future__ import annotations

from tests.e2e.process.conftest import BotFolder


def use_database(folder: BotFolder, url: str) -> None:
    config = folder.path / "config.toml"
    config.write_text(f'{config.read_text()}[storage]\ndatabase_url = "{url}"\n')


async def test_a_picture_is_there_after_a_restart(bot_folder: BotFolder, postgres_url: str) -> None:
    use_database(bot_folder, postgres_url)
    async with bot_folder.run() as bot:
        _, card = await bot.ask("k1", prompt="a blue fish", seed=7, steps=2)
        assert (await bot.end(card["id"]))["phase"] == "done"
    async with bot_folder.run() as again:
        async with again.client.get(f"{again.page}/api/jobs") as answer:
            jobs = (await answer.json())["jobs"]
        assert [(job["id"], job["phase"]) for job in jobs] == [(card["id"], "done")]
        async with again.client.get(again.page + jobs[0]["pictures"][0]["url"]) as picture:
            assert picture.status == 200
    assert not list((bot_folder.path / "data").glob("*.sqlite3"))


def test_a_server_that_is_not_there_is_named_without_its_password(bot_folder: BotFolder) -> None:
    use_database(bot_folder, "postgresql://ann:sesame@127.0.0.1:1/bot")
    answer = bot_folder.try_run()
    assert answer.returncode == 1
    assert "database" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr
    assert "sesame" not in answer.stderr
