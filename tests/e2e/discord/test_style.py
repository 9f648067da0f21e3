"""/style: saved, found, shown, used, shared and deleted, by whom it may be."""

from __future__ import annotations

from adapters.engine.fake import Play
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.messages import Message
from tests.servers.discord.people import MODERATOR
from tests.support.pictures import png


async def used(stage: Stage, name: str) -> Message:
    return await stage.answered(await stage.server.slash("style use", {"name": name}))


async def test_a_style_is_saved_from_files_and_shown(stage: Stage) -> None:
    options = {"name": "  Ink   wash ", "picture": png(32, 32), "picture2": png(32, 40)}
    assert (await stage.said("style save", options)).startswith("Saved “Ink wash” with 2 pictures.")
    answer = await stage.answered(await stage.server.slash("style show", {"name": "ink WASH"}))
    assert "Ink wash" in answer.text
    assert len(answer.gallery) == 2
    assert "There is a style of that name already" in await stage.said("style save", options)
    assert stage.world.posted_in(stage.server.channel) == []


async def test_a_style_is_saved_from_a_result_and_from_the_tray(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "count": 2}))
    (job,) = await stage.jobs()
    (choice,) = await stage.server.autocomplete("style save", {"name": "n", "result": "CAT"}, focused="result")
    assert choice == {"name": "2026-01-01 · a cat", "value": job.id}
    assert "one picture" in await stage.said("style save", {"name": "cat", "result": f"{job.id}-2"})
    assert "needs one or two pictures" in await stage.said("style save", {"name": "tray"})
    await used(stage, "cat")
    assert "Saved “tray”" in await stage.said("style save", {"name": "tray"})
    refused = await stage.said("style save", {"name": "x", "result": job.id, "picture": png(32, 32)})
    assert refused == "Please give either pictures or a result, not both at once."
    assert "do not know that recipe" in await stage.said("style save", {"name": "x", "result": "!"})
    assert "do not know that picture" in await stage.said("style save", {"name": "x", "result": f"{job.id}-3"})


async def test_a_used_style_serves_the_next_request(stage: Stage) -> None:
    await stage.said("style save", {"name": "ink", "picture": png(32, 32), "picture2": png(40, 32)})
    answer = await used(stage, "ink")
    assert len(answer.gallery) == 2
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    assert "2 styles" in card.text


async def test_a_shared_style_is_everybodys_in_the_server_and_nobodys_elsewhere(stage: Stage) -> None:
    bob = stage.world.add_person("Bob", locale="de")
    await stage.said("style save", {"name": "ink", "picture": png(32, 32)})
    assert "kennen wir nicht" in await stage.said("style show", {"name": "ink"}, person=bob)
    assert await stage.said("style share", {"name": "ink"}) == "Everybody in this server can use “ink” now."
    choices = await stage.server.autocomplete("style show", {"name": "in"}, focused="name", person=bob)
    assert [one["name"] for one in choices] == ["ink (dieser Server)"]
    answer = await stage.answered(await stage.server.slash("style show", {"name": choices[0]["value"]}, person=bob))
    assert len(answer.gallery) == 1
    assert "Das kann nur" in await stage.said("style delete", {"name": "ink"}, person=bob)
    direct = stage.world.direct_channel(bob)
    assert "kennen wir nicht" in await stage.said("style show", {"name": "ink"}, person=bob, channel=direct)
    assert await stage.server.autocomplete("style use", {"name": ""}, focused="name", person=bob, channel=direct) == []
    told = await stage.said("style share", {"name": "ink"}, channel=stage.world.direct_channel(stage.server.ada))
    assert "server" in told


async def test_own_and_shared_cards_of_one_name_are_told_apart(stage: Stage) -> None:
    await stage.said("style save", {"name": "ink", "picture": png(32, 32)})
    await stage.said("style share", {"name": "ink"})
    choices = await stage.server.autocomplete("style delete", {"name": ""}, focused="name")
    assert sorted(one["name"] for one in choices) == ["ink", "ink (this server)"]
    assert [one["name"] for one in await stage.server.autocomplete("style share", {"name": ""}, focused="name")] == [
        "ink"
    ]
    (of_server,) = [one["value"] for one in choices if "server" in one["name"]]
    assert await stage.said("style delete", {"name": of_server}) == "Deleted “ink”."
    left = await stage.server.autocomplete("style delete", {"name": ""}, focused="name")
    assert [one["name"] for one in left] == ["ink"]


async def test_moderators_tidy_up_their_servers_shelf(stage: Stage) -> None:
    mo = stage.world.add_person("Mo", permissions=MODERATOR)
    await stage.said("style save", {"name": "ink", "picture": png(32, 32)})
    await stage.said("style share", {"name": "ink"})
    assert await stage.said("style delete", {"name": "ink"}, person=mo) == "Deleted “ink”."
    assert "do not know that style" in await stage.said("style delete", {"name": "ink"}, person=mo)


async def test_many_styles_are_turned_page_by_page_also_after_a_restart(stage: Stage) -> None:
    asked = await stage.server.slash("style list", {})
    assert await stage.whispered(asked)
    for number in range(27):
        await stage.said("style save", {"name": f"style {number:02}", "picture": png(32, 32)})
    asked = await stage.server.slash("style list", {})
    assert "style 19" in await stage.whispered(asked)
    answer = asked.response
    assert answer is not None
    assert list(answer.buttons) == ["Next"]
    await stage.down()
    await stage.up()
    await stage.server.press(answer, "Next")
    await stage.shows(answer, "style 26")
    assert "style 19" not in answer.text
    assert list(answer.buttons) == ["Back"]
    await stage.server.press(answer, "Back")
    await stage.shows(answer, "style 00")
    choices = await stage.server.autocomplete("style use", {"name": "style"}, focused="name")
    assert len(choices) == 25, "as many as Discord takes"


async def test_bad_names_and_files_are_refused_and_leave_nothing(stage: Stage) -> None:
    refused = await stage.said("style save", {"name": "@everyone", "picture": png(32, 32)})
    assert "without @" in refused
    refused = await stage.said("style save", {"name": "ink", "picture": b"no picture"})
    assert refused == "That file is not a picture we can read; please send PNG, JPEG or WebP."
    assert await stage.server.autocomplete("style use", {"name": ""}, focused="name") == []


async def test_a_private_result_of_somebody_else_does_not_become_a_style(stage: Stage) -> None:
    stage.engine.script(Play())
    await stage.finished(await stage.server.slash("imagine", {"prompt": "secret", "private": True}))
    (job,) = await stage.jobs()
    bob = stage.world.add_person("Bob")
    refused = await stage.said("style save", {"name": "stolen", "result": job.id}, person=bob)
    assert refused == "Only the person who asked for it can do that."
    assert (
        await stage.server.autocomplete("style save", {"name": "n", "result": ""}, focused="result", person=bob) == []
    )
