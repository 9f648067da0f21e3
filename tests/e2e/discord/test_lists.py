"""/history, /queue and /cancel on Discord."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine
from tests.e2e.discord.conftest import RESULT_ROWS, Stage


async def test_history_lists_and_finds_ones_own_requests(stage: Stage) -> None:
    said = await stage.whispered(await stage.server.slash("history", {}))
    assert said == "Nothing yet. Your pictures will be listed here."
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a *bold* cat " + "x" * 200}))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a hen", "private": True}))
    hen, cat = reversed(await stage.jobs())
    said = await stage.whispered(await stage.server.slash("history", {}))
    first, second = said.splitlines()
    assert first == f"{hen.id} · 2026-01-01 · Done · a hen"
    assert second.startswith(rf"{cat.id} · 2026-01-01 · Done · a \*bold\* cat xxx")
    assert second.endswith("…")
    said = await stage.whispered(await stage.server.slash("history", {"words": "BOLD cat"}))
    assert said.startswith(cat.id)
    said = await stage.whispered(await stage.server.slash("history", {"words": "owl"}))
    assert "nothing with “owl”" in said


async def test_a_long_history_fits_into_a_message(stage: Stage) -> None:
    for _ in range(17):
        await stage.finished(await stage.server.slash("imagine", {"prompt": "*" * 300}))
    said = await stage.whispered(await stage.server.slash("history", {}))
    assert len(said) <= 2000
    assert len(said.splitlines()) > 8


async def test_queue_counts_and_cancel_stops_by_id(stage: Stage) -> None:
    assert "Nobody is waiting" in await stage.whispered(await stage.server.slash("queue", {}))
    await stage.down()
    await stage.up(FakeEngine(is_manual=True))
    cards = [await stage.card(await stage.server.slash("imagine", {"prompt": f"cat {n}"})) for n in range(2)]
    said = await stage.whispered(await stage.server.slash("queue", {}))
    assert said == "2 requests are waiting, 2 of them yours."
    (first, _) = await stage.jobs()
    said = await stage.whispered(await stage.server.slash("cancel", {"id": first.id.upper()}))
    assert said == "Stopped, as you wished."
    await stage.shows(cards[0], "### Cancelled")
    assert "already over" in await stage.whispered(await stage.server.slash("cancel", {"id": first.id}))
    assert "do not know" in await stage.whispered(await stage.server.slash("cancel", {"id": "no such"}))
    said = await stage.whispered(await stage.server.slash("queue", {}))
    assert said == "One request is waiting, one of them yours."


async def test_a_long_history_is_turned_also_after_a_restart(stage: Stage) -> None:
    for number in range(12):
        await stage.finished(await stage.server.slash("imagine", {"prompt": f"cat {number}"}))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a hen"}))
    asked = await stage.server.slash("history", {"words": "  CAT  "})
    assert "cat 11" in await stage.whispered(asked)
    answer = asked.response
    assert answer is not None
    assert answer.is_ephemeral
    assert list(answer.buttons) == ["Older"]
    assert len(answer.selects["uso:open"]) == 10
    await stage.down()
    await stage.up()
    await stage.server.press(answer, "Older")
    await stage.shows(answer, "cat 0")
    assert "cat 2" not in answer.text
    assert "hen" not in answer.text
    assert list(answer.buttons) == ["Newest"]
    await stage.server.press(answer, "Newest")
    await stage.shows(answer, "cat 11")


async def test_a_result_is_opened_from_the_history_after_a_restart(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    asked = await stage.server.slash("history", {})
    await stage.whispered(asked)
    await stage.down()
    await stage.up()
    assert asked.response is not None
    opened = await stage.finished(await stage.server.select(asked.response, "uso:open", [job.id]))
    assert opened.is_ephemeral
    ((file, _),) = opened.gallery
    assert file.data == await stage.images.get(job.pictures[0].picture)
    assert list(opened.buttons) == RESULT_ROWS
    assert asked.response.text.startswith(job.id), "the list stays"


async def test_favourites_alone_are_listed(stage: Stage) -> None:
    said = await stage.whispered(await stage.server.slash("history", {"favourites": True}))
    assert said == "No favourites yet. Press “Favourite” below a picture you like."
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a hen"}))
    await stage.whispered(await stage.server.press(card, "Favourite"))
    said = await stage.whispered(await stage.server.slash("history", {"favourites": True}))
    assert said.startswith("★ ")
    assert "a cat" in said
    assert "a hen" not in said


async def test_the_longest_words_fit_into_the_ids_of_the_buttons(stage: Stage) -> None:
    words = "ÿ" * 60
    for _ in range(11):
        await stage.finished(await stage.server.slash("imagine", {"prompt": words}))
    asked = await stage.server.slash("history", {"words": words})
    await stage.whispered(asked)
    assert asked.response is not None
    assert list(asked.response.buttons) == ["Older"]


async def test_only_ones_own_unfinished_requests_are_offered_to_cancel(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a finished cat"}))
    await stage.down()
    await stage.up(FakeEngine(is_manual=True))
    await stage.card(await stage.server.slash("imagine", {"prompt": "a waiting cat"}))
    await stage.card(await stage.server.slash("imagine", {"prompt": "a hen"}, person=bob))
    _, waiting = await stage.jobs()
    choices = await stage.server.autocomplete("cancel", {"id": ""}, focused="id")
    assert choices == [{"name": "2026-01-01 · a waiting cat", "value": waiting.id}]
    assert await stage.server.autocomplete("cancel", {"id": "hen"}, focused="id") == []
    refused = await stage.whispered(await stage.server.slash("cancel", {"id": waiting.id}, person=bob))
    assert refused == "Only the person who asked for it can do that."


async def test_lists_speak_german(stage: Stage) -> None:
    eva = stage.world.add_person("Eva", locale="de")
    assert (await stage.whispered(await stage.server.slash("history", {}, person=eva))).startswith("Noch nichts.")
    assert (await stage.whispered(await stage.server.slash("queue", {}, person=eva))).startswith("Niemand wartet")
    for number in range(11):
        card = await stage.card(await stage.server.slash("imagine", {"prompt": f"Katze {number}"}, person=eva))
        await stage.shows(card, "### Fertig")
    asked = await stage.server.slash("history", {}, person=eva)
    assert "Fertig · Katze 10" in await stage.whispered(asked)
    assert asked.response is not None
    assert list(asked.response.buttons) == ["Ältere"]
