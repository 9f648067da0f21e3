"""What the page does beside asking: tray, settings, recipes, grids, Info, triptych, swapping."""

from __future__ import annotations

import io

from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from bot.domain.cards import Phase
from bot.services.tray import TrayPlace
from tests.e2e.web.conftest import LOCAL, Json, PageKit
from tests.support.pictures import png

RED, GREEN, BLUE = png(), png(80, 80, (0, 120, 0)), png(90, 70, (0, 0, 120))


async def picture_at(page: PageKit, path: str) -> Image.Image:
    async with page.session.get(page.url + path) as response:
        assert response.status == 200
        return Image.open(io.BytesIO(await response.read()))


async def change(page: PageKit, method: str, path: str, body: object = None) -> tuple[int, Json]:
    async with page.session.request(method, page.url + path, json=body) as response:
        return response.status, await response.json()


async def style_card(page: PageKit, name: str, picture: bytes) -> str:
    return (await page.spine.application.styles.save(LOCAL, name, [picture])).id


async def test_the_tray_is_shown_swapped_and_emptied(page: PageKit) -> None:
    _, empty = await page.get("/api/tray")
    assert empty["pictures"] == []
    assert "empty" in empty["words"]
    await page.spine.application.tray.put(LOCAL, RED, TrayPlace.SUBJECT)
    await page.spine.application.tray.put(LOCAL, GREEN, TrayPlace.STYLE)
    await page.spine.application.tray.put(LOCAL, BLUE, TrayPlace.STYLE)
    _, tray = await page.get("/api/tray")
    assert [one["place"] for one in tray["pictures"]] == ["subject", "style", "style-2"]
    assert (await picture_at(page, tray["pictures"][2]["url"])).size == (90, 70)
    assert (await picture_at(page, tray["pictures"][2]["thumbnail_url"])).format == "WEBP"
    status, _ = await page.call("/api/tray/swap")
    assert status == 200
    assert (await picture_at(page, "/api/tray/subject.png")).size == (80, 80)
    status, tray = await change(page, "DELETE", "/api/tray/style")
    assert [one["place"] for one in tray["pictures"]] == ["subject", "style"]
    assert (await picture_at(page, "/api/tray/style.png")).size == (90, 70)
    status, tray = await change(page, "DELETE", "/api/tray")
    assert (status, tray["pictures"]) == (200, [])
    assert (await page.call("/api/tray/swap"))[1]["code"] == "nothing-to-swap"
    assert (await page.get("/api/tray/subject.png"))[1]["code"] == "picture-unknown"
    assert (await change(page, "DELETE", "/api/tray/elsewhere"))[1]["code"] == "not-found"


async def test_a_request_takes_from_the_tray_only_what_it_has_not(page: PageKit, engine: FakeEngine) -> None:
    for picture, place in ((RED, TrayPlace.SUBJECT), (GREEN, TrayPlace.STYLE)):
        await page.spine.application.tray.put(LOCAL, picture, place)
    await page.done({"prompt": "a lamp"})
    assert engine.tasks[-1].subject is None
    card = await page.done({"prompt": "a lamp", "use_tray": "on"}, files=[("style", BLUE)])
    assert card["mode"] == "Subject + 1 style"
    assert [(one["place"], one["label"]) for one in card["references"]] == [
        ("subject", "Subject picture"),
        ("style", "Style picture"),
    ]
    _, tray = await page.get("/api/tray")
    assert [one["place"] for one in tray["pictures"]] == ["style"]


async def test_settings_are_kept_and_make_requests_private(page: PageKit) -> None:
    _, before = await page.get("/api/preferences")
    assert (before["private"], before["aspect"], before["locale"]) == (False, None, None)
    body = {"locale": "de", "private": True, "spoiler": True, "aspect": "3:2", "keep_tray": True}
    status, after = await change(page, "PUT", "/api/preferences", body)
    assert status == 200
    assert {name: after[name] for name in body} == body
    _, card = await page.post(fields={"prompt": "eine Lampe"})
    assert card["is_private"]
    assert (card["width"], card["height"]) == (1248, 832)
    _, card = await page.post(fields={"prompt": "eine Lampe", "private": "off"})
    assert not card["is_private"]
    async with page.session.get(page.url, headers={"Cookie": "uso-locale=de"}) as response:
        assert '<html lang="de">' in await response.text()
    async with page.session.get(page.url, headers={"Cookie": "uso-locale=tlh"}) as response:
        assert '<html lang="en">' in await response.text()


async def test_settings_that_do_not_work_change_nothing(page: PageKit) -> None:
    for body, code in (
        ({"aspect": "7:1"}, "unknown-choice"),
        ({"locale": "tlh"}, "unknown-choice"),
        ({"private": "perhaps"}, "bad-request"),
        ({"theme": "pink"}, "bad-request"),
    ):
        assert (await change(page, "PUT", "/api/preferences", body))[1]["code"] == code
    await page.assert_nothing_stored()


async def test_a_recipe_is_read_from_its_file_and_made_again(page: PageKit, engine: FakeEngine) -> None:
    card = await page.done({"prompt": "a lamp", "seed": "5", "steps": "3"}, files=[("subject", RED)])
    async with page.session.get(page.url + card["pictures"][0]["url"]) as response:
        original = await response.read()
    status, told = await page.post("/api/recipes/read", files=[("picture", original)])
    assert status == 200
    found = told["found"]
    assert (found["recipe"], found["prompt"], found["seed"], found["steps"]) == (f"{card['id']}-1", "a lamp", 5, 3)
    assert found["has_references"]
    assert any("a lamp" in line for line in told["lines"])
    status, again = await page.call(f"/api/recipes/{found['recipe'].upper()}/repeat")
    assert status == 201
    await page.spine.until(again["id"], Phase.DONE)
    assert (engine.tasks[1].prompt, engine.tasks[1].seed) == (engine.tasks[0].prompt, 5)


async def test_files_and_ids_without_a_recipe(page: PageKit) -> None:
    _, told = await page.post("/api/recipes/read", files=[("picture", RED)])
    assert told["found"] is None
    assert "96 × 64" in " ".join(told["lines"])
    assert (await page.post("/api/recipes/read", files=[("picture", b"words")]))[1]["code"] == "not-a-picture"
    assert (await page.post("/api/recipes/read", fields={"picture": "words"}))[1]["code"] == "bad-request"
    assert (await page.call("/api/recipes/read"))[1]["code"] == "bad-request"
    for recipe in ("nothing-1", "%00", "a%2fb"):
        assert (await page.call(f"/api/recipes/{recipe}/repeat"))[1]["code"] == "recipe-unknown"


async def test_a_grid_is_a_job_for_each_style_with_one_seed(page: PageKit, engine: FakeEngine) -> None:
    ink, wash = await style_card(page, "ink", GREEN), await style_card(page, "wash", BLUE)
    headers = {"Idempotency-Key": "grid-number-one"}
    path = f"/api/grids?card={ink}&card={wash}"
    status, grid = await page.post(path, {"prompt": "a lamp"}, [("subject", RED)], headers)
    assert (status, grid["left_out"], len(grid["jobs"])) == (201, "", 2)
    for card in grid["jobs"]:
        await page.spine.until(card["id"], Phase.DONE)
    first, second = engine.tasks
    assert first.seed == second.seed
    assert first.subject == second.subject is not None
    assert first.styles != second.styles
    status, again = await page.post(path, {"prompt": "a lamp"}, [("subject", RED)], headers)
    assert (status, [card["id"] for card in again["jobs"]]) == (200, [card["id"] for card in grid["jobs"]])


async def test_a_grid_says_what_is_left_out_and_refuses_what_is_none(page: PageKit, engine: FakeEngine) -> None:
    names = ("ink", "wash", "oil", "clay", "wool")
    ids = [await style_card(page, name, png(64 + number, 64)) for number, name in enumerate(names)]
    engine.script(Play(hold_at_step=1))
    for number in range(7):
        await page.post(fields={"prompt": f"lamp {number}"})
    query = "&".join(f"card={one}" for one in ids)
    status, grid = await page.post(f"/api/grids?{query}", {"prompt": "a lamp"})
    assert status == 201
    assert 0 < len(grid["jobs"]) < len(ids)
    assert grid["left_out"].startswith("Not made:")
    assert "wool" in grid["left_out"]
    for path, code in (
        ("/api/grids", "bad-request"),
        (f"/api/grids?card={ids[0]}&card={ids[0]}", "bad-request"),
        (f"/api/grids?card={ids[0]}&card=nowhere", "style-unknown"),
    ):
        assert (await page.post(path, {"prompt": "a lamp"}))[1]["code"] == code
    engine.release()


async def test_info_and_triptych_of_a_picture(page: PageKit) -> None:
    plain = await page.done({"prompt": "a lamp", "seed": "5"})
    _, info = await page.get(f"/api/jobs/{plain['id']}/pictures/0/info")
    assert info["recipe"] == plain["pictures"][0]["recipe"] == f"{plain['id']}-1"
    assert "Seed: 5" in info["lines"]
    triptych = f"/api/jobs/{plain['id']}/pictures/0/triptych.png"
    assert (await page.get(triptych))[1]["code"] == "triptych-without-references"
    card = await page.done({"prompt": "a lamp"}, files=[("subject", RED), ("style", GREEN)])
    shown = await picture_at(page, f"/api/jobs/{card['id']}/pictures/0/triptych.png")
    assert shown.width > 2 * shown.height
    assert (await page.get(f"/api/jobs/{card['id']}/pictures/7/info"))[1]["code"] == "picture-unknown"
    assert (await page.get("/api/jobs/nothing/pictures/0/info"))[1]["code"] == "job-unknown"


async def test_swapping_takes_the_place_of_what_waits(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    await page.post(fields={"prompt": "first in line"})
    _, waiting = await page.post(fields={"prompt": "a lamp"}, files=[("subject", RED), ("style", GREEN)])
    status, swapped = await page.call(f"/api/jobs/{waiting['id']}/swap")
    assert status == 201
    engine.release()
    await page.spine.until(swapped["id"], Phase.DONE)
    _, before = await page.get(f"/api/jobs/{waiting['id']}")
    assert before["phase"] == "cancelled"
    task = engine.tasks[-1]
    assert task.subject is not None
    assert len(engine.tasks) == 2
    _, plain = await page.post(fields={"prompt": "a lamp"})
    assert (await page.call(f"/api/jobs/{plain['id']}/swap"))[1]["code"] == "nothing-to-swap"


async def test_the_list_tells_favourites_and_goes_beyond_a_hundred(page: PageKit) -> None:
    card = await page.done({"prompt": "a lamp", "count": "2", "steps": "1"})
    await page.spine.application.history.favourite(LOCAL, card["id"], 1, is_on=True)
    _, listed = await page.get("/api/jobs")
    assert listed["favourites"] == [f"{card['id']}-2"]
    for number in range(104):
        await page.done({"prompt": f"lamp {number}", "steps": "1"})
    _, listed = await page.get("/api/jobs?limit=103")
    assert (len(listed["jobs"]), listed["has_more"]) == (103, True)
    _, listed = await page.get("/api/jobs?limit=200")
    assert (len(listed["jobs"]), listed["has_more"]) == (105, False)
    assert listed["favourites"] == [f"{card['id']}-2"]
