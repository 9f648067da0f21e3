"""The life of a request, as the page sees it."""

from __future__ import annotations

import asyncio
import io
import json

import aiohttp
from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from adapters.web.server import WebServer, WebSettings
from bot.domain.cards import Phase
from bot.domain.recipes import parse_recipe
from bot.ports.engine import EngineLost, EngineOutOfMemory
from tests.e2e.web.conftest import PageKit, cards_of
from tests.support.pictures import png
from tests.support.spine import running_spine


async def test_a_picture_from_beginning_to_end(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=4))
    status, card = await page.post(
        fields={"prompt": "a red fox", "aspect": "16:9", "steps": "6", "guidance": "3,5", "seed": "7"},
        files=[("subject", png()), ("style", png(80, 80, (0, 120, 0))), ("style", png(90, 70, (0, 0, 120)))],
    )
    assert status == 201
    assert card["mode"] == "Subject + 2 styles"
    assert (card["width"], card["height"]) == (1360, 768)
    assert not card["is_final"]
    seen = []
    async for event in page.events(f"/api/jobs/{card['id']}/events"):
        seen.append(event)
        if engine.held.is_set() and event["preview_url"]:
            async with page.session.get(page.url + event["preview_url"]) as response:
                assert (response.status, response.content_type) == (200, "image/jpeg")
                Image.open(io.BytesIO(await response.read())).verify()
            engine.release()
    assert [event["serial"] for event in seen] == sorted({event["serial"] for event in seen})
    fractions = [event["fraction"] for event in seen if event["fraction"]]
    assert fractions == sorted(fractions)
    final = seen[-1]
    assert final["phase"] == "done"
    assert [event["is_final"] for event in seen].index(True) == len(seen) - 1
    assert any(event["title"] == "Drawing, step 4 of 6" for event in seen)
    assert final["is_toy"]
    assert final["label"] == "toy model"
    (picture,) = final["pictures"]
    assert picture["is_toy"]
    assert picture["seed"] == 7
    assert engine.tasks[0].guidance == 3.5


async def test_the_original_comes_with_its_recipe_and_can_be_saved(page: PageKit) -> None:
    card = await page.done({"prompt": "a lamp", "steps": "2", "seed": "5"})
    picture = card["pictures"][0]
    async with page.session.get(page.url + picture["url"]) as response:
        assert response.content_type == "image/png"
        assert "Content-Disposition" not in response.headers
        tag = response.headers["ETag"]
        opened = Image.open(io.BytesIO(await response.read()))
    recipe = parse_recipe(opened.text["uso-recipe"])  # type: ignore[attr-defined]
    assert (recipe.prompt, recipe.seed, recipe.recipe_id) == ("a lamp", 5, f"{card['id']}-1")
    async with page.session.get(page.url + picture["download_url"]) as response:
        assert response.headers["Content-Disposition"] == f'attachment; filename="uso-{card["id"]}-1.png"'
    async with page.session.get(page.url + picture["url"], headers={"If-None-Match": tag}) as response:
        assert response.status == 304


async def test_reroll_and_vary_make_new_jobs(page: PageKit, engine: FakeEngine) -> None:
    first = await page.done({"prompt": "a lamp", "steps": "2", "seed": "5"})
    status, again = await page.call(f"/api/jobs/{first['id']}/reroll")
    assert status == 201
    assert again["id"] != first["id"]
    for name, strength in (("subtle", 0.15), ("strong", 0.5)):
        status, varied = await page.call(f"/api/jobs/{first['id']}/vary", {"picture": 0, "strength": name})
        assert status == 201
        await page.spine.until(varied["id"], Phase.DONE)
        task = engine.tasks[-1]
        assert task.seed == 5
        assert task.variation is not None
        assert task.variation.strength == strength
    assert engine.tasks[1].seed != 5


async def test_cancel_waiting_and_running(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    _, running = await page.post(fields={"prompt": "one", "steps": "3"})
    await engine.held.wait()
    _, waiting = await page.post(fields={"prompt": "two", "steps": "3"})
    assert (waiting["phase"], waiting["queue_place"]) == ("queued", 1)
    for card in (waiting, running):
        status, _ = await page.call(f"/api/jobs/{card['id']}/cancel")
        assert status == 202
        last = [event async for event in page.events(f"/api/jobs/{card['id']}/events")][-1]
        assert last["phase"] == "cancelled"
    status, answer = await page.call(f"/api/jobs/{running['id']}/cancel")
    assert (status, answer["code"]) == (409, "job-ended")


async def test_retrying_and_failing_say_so(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(failure=EngineLost("gone"), fail_at_step=1), Play(), Play(failure=EngineOutOfMemory()))
    _, card = await page.post(fields={"prompt": "one", "steps": "2"})
    phases = [event["phase"] async for event in page.events(f"/api/jobs/{card['id']}/events")]
    assert "retrying" in phases
    assert phases[-1] == "done"
    _, card = await page.post(fields={"prompt": "two", "steps": "2"}, headers={"Accept-Language": "de-AT"})
    last = [event async for event in page.events(f"/api/jobs/{card['id']}/events")][-1]
    assert last["phase"] == "failed"
    assert last["detail"] == "The picture did not fit into memory. Try a smaller size."


async def test_warming_up_shows_how_far() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine) as spine, aiohttp.ClientSession() as session:
        server = WebServer(spine.application, WebSettings(port=0))
        await server.start()
        engine.warm_up(0.25, 120)
        form = aiohttp.FormData({"prompt": "a lamp", "steps": "2"}, default_to_multipart=True)
        async with session.post(f"http://127.0.0.1:{server.port}/api/jobs", data=form) as response:
            card = await response.json()
        assert (card["phase"], card["fraction"], card["seconds_left"]) == ("warming-up", 0.25, 120)
        assert "25 %" in card["detail"]
        async with session.get(f"http://127.0.0.1:{server.port}/api/jobs/{card['id']}/events") as response:
            phases = []
            async for event in cards_of(response):
                phases.append(event["phase"])
                if len(phases) == 1:
                    engine.become_ready()
        assert (phases[0], phases[-1]) == ("warming-up", "done")
        await server.close()


async def test_one_stream_follows_several_jobs(page: PageKit) -> None:
    ids = [(await page.post(fields={"prompt": str(number), "steps": "2"}))[1]["id"] for number in range(8)]
    last = {}
    async for event in page.events("/api/events?" + "&".join(f"job={job_id}" for job_id in ids)):
        last[event["id"]] = event["phase"]
    assert last == dict.fromkeys(ids, "done")


async def test_the_list_is_newest_first_and_tells_of_older_ones(page: PageKit) -> None:
    ids = []
    for number in range(3):
        page.spine.clock.advance(1)
        ids.append((await page.done({"prompt": str(number), "steps": "1"}))["id"])
    _, answer = await page.get("/api/jobs?limit=2")
    assert [card["id"] for card in answer["jobs"]] == [ids[2], ids[1]]
    assert answer["has_more"]
    _, answer = await page.get("/api/jobs")
    assert len(answer["jobs"]) == 3
    assert not answer["has_more"]


async def test_the_same_key_makes_one_job(page: PageKit, engine: FakeEngine) -> None:
    headers = {"Idempotency-Key": "press-0123456789"}
    answers = await asyncio.gather(
        *(page.post(fields={"prompt": "a lamp", "steps": "1"}, headers=headers) for _ in range(4))
    )
    assert sorted(status for status, _ in answers) == [200, 200, 200, 201]
    assert len({card["id"] for _, card in answers}) == 1
    path = f"/api/jobs/{answers[0][1]['id']}/reroll"
    pressed = await asyncio.gather(*(page.call(path, headers={"Idempotency-Key": "again-01"}) for _ in range(3)))
    assert len({card["id"] for _, card in pressed}) == 1
    assert sorted(status for status, _ in pressed) == [200, 200, 201]


async def test_what_was_rounded_is_told(page: PageKit) -> None:
    _, card = await page.post(fields={"prompt": "a lamp", "width": "1000", "height": "777", "steps": "1"})
    assert card["notes"] == ["Width rounded from 1000 to 992.", "Height rounded from 777 to 768."]
    assert (card["width"], card["height"]) == (992, 768)


async def test_nothing_is_lost_over_a_restart(page: PageKit, engine: FakeEngine) -> None:
    finished = await page.done({"prompt": "done before", "steps": "1"})
    engine.script(Play(hold_at_step=1))
    page.spine.clock.advance(1)
    _, moving = await page.post(fields={"prompt": "in the middle", "steps": "2"})
    await engine.held.wait()
    await page.server.close()
    await page.spine.spine.close()
    kit = page.spine
    async with running_spine(FakeEngine(), storage=kit.storage, images=kit.images, clock=kit.clock) as spine:
        server = WebServer(spine.application, WebSettings(port=0))
        await server.start()
        base = f"http://127.0.0.1:{server.port}"
        async with page.session.get(f"{base}/api/jobs") as response:
            assert [card["id"] for card in (await response.json())["jobs"]] == [moving["id"], finished["id"]]
        async with page.session.get(f"{base}/api/jobs/{moving['id']}/events") as response:
            assert [card async for card in cards_of(response)][-1]["phase"] == "done"
        async with page.session.get(base + finished["pictures"][0]["url"]) as response:
            assert response.status == 200
        await server.close()


async def test_the_page_carries_the_cards_and_nothing_can_break_out(page: PageKit) -> None:
    await page.done({"prompt": "</script><script>alert(1)</script>", "steps": "1"})
    async with page.session.get(page.url + "/", headers={"Accept-Language": "fr, de;q=0.8, en;q=0.5"}) as response:
        html = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert '<html lang="de">' in html
    assert "Bild machen" in html
    assert "<noscript>" in html
    assert "<script>alert" not in html
    start = html.index('id="opening">') + len('id="opening">')
    opening = json.loads(html[start : html.index("</script>", start)])
    assert opening["cards"]["jobs"][0]["prompt"] == "</script><script>alert(1)</script>"
    assert opening["cards"]["jobs"][0]["title"] == "Fertig"
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
