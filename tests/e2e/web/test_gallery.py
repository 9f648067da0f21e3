"""The gallery over HTTP: search, pages, one job, what can be done with it; and nothing of anybody else's."""

from __future__ import annotations

import io
import itertools
import json
import re
from typing import Any

import pytest
from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.jobs import JobState
from bot.domain.requests import Draft
from bot.services.png import read_recipe
from bot.services.submit import Origin
from tests.e2e.web.conftest import LOCAL, Json, PageKit
from tests.support.pictures import png

BOB = Actor(Platform.DISCORD, "2")
INK, FOX = png(90, 60, (9, 9, 9)), png(64, 64, (200, 90, 20))
_events = itertools.count()


async def html(page: PageKit, path: str, status: int = 200, language: str = "en") -> str:
    async with page.session.get(page.url + path, headers={"Accept-Language": language}) as response:
        text = await response.text()
        assert response.status == status, text
        assert response.content_type == "text/html"
        return text


async def raw(page: PageKit, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, bytes, Any]:
    async with page.session.get(page.url + path, headers=headers) as response:
        return response.status, response.content_type, await response.read(), response.headers


async def delete(page: PageKit, path: str) -> tuple[int, Json]:
    async with page.session.delete(page.url + path) as response:
        return response.status, await response.json()


async def ended(page: PageKit, answer: tuple[int, Json]) -> Json:
    status, card = answer
    assert status == 201, card
    await page.spine.until(card["id"], Phase.DONE)
    return card


async def of_bob(page: PageKit, prompt: str = "an owl", **draft: Any) -> str:
    origin = Origin(BOB, f"bob{next(_events)}")
    job = (await page.spine.application.submit(origin, Draft(prompt, **draft))).job
    await page.spine.until(job.id, Phase.DONE)
    return job.id


def titles(text: str) -> list[str]:
    return re.findall(r'<span class="tile-title">(.*?)</span>', text)


def where_to(text: str, element: str) -> str | None:
    found = re.search(rf'<a [^>]*id="{element}"[^>]*>', text)
    return re.search(r'href="([^"]*)"', found[0])[1].replace("&amp;", "&") if found else None  # type: ignore[index]


async def test_pages_lead_from_the_newest_to_the_oldest(page: PageKit) -> None:
    for number in range(26):
        await page.done({"prompt": f"fish {number}"})
    first = await html(page, "/gallery?q=fish")
    assert titles(first) == [f"fish {number}" for number in range(25, 1, -1)]
    older = where_to(first, "older")
    assert older is not None
    assert "q=fish" in older
    assert "offset" not in older
    second = await html(page, older)
    assert titles(second) == ["fish 1", "fish 0"]
    assert where_to(second, "older") is None
    assert "Back to the newest" in second


async def test_search_finds_and_says_what_was_asked(page: PageKit) -> None:
    await page.spine.application.styles.save(LOCAL, "My Ink", (INK,))
    await page.done({"prompt": "a fox", "seed": "77"}, files=[("style", INK)])
    await page.done({"prompt": "an <b>owl</b>"})
    await of_bob(page, "a fox of Bob")

    assert titles(await html(page, "/gallery?q=fox")) == ["a fox"]
    assert titles(await html(page, "/gallery?q=my+ink")) == ["a fox"]
    assert titles(await html(page, "/gallery?q=77")) == ["a fox"]
    assert titles(await html(page, "/gallery?state=failed")) == []
    assert titles(await html(page, "/gallery?kind=drawn&state=done")) == ["an &lt;b&gt;owl&lt;/b&gt;", "a fox"]
    nothing = await html(page, "/gallery?q=%22%3E%3Cscript%3E")
    assert 'value="&#34;&gt;&lt;script&gt;"' in nothing
    assert "Nothing fits all of that." in nothing


@pytest.mark.parametrize(
    "query", ["kind=best", "state=lost", "before=x", "before=-1", "before=1234567890123456789", "before=%D9%A1"]
)
async def test_addresses_that_make_no_sense(page: PageKit, query: str) -> None:
    await html(page, f"/gallery?{query}", status=400)
    assert (await page.get(f"/api/gallery?{query}"))[0] == 400


async def test_an_empty_gallery_says_what_to_do_and_makes_nobody(page: PageKit) -> None:
    assert "Draw something" in await html(page, "/gallery")
    assert "Etwas zeichnen" in await html(page, "/gallery", language="de")
    assert "No style cards yet" in await html(page, "/styles")
    await page.assert_nothing_stored()


async def test_programs_search_by_the_same_words_and_page_by_key(page: PageKit) -> None:
    for number in range(3):
        await page.done({"prompt": f"fish {number}"})
    status, first = await page.get("/api/gallery?q=fish&limit=2")
    assert status == 200
    assert [card["prompt"] for card in first["jobs"]] == ["fish 2", "fish 1"]
    _, second = await page.get(f"/api/gallery?q=fish&limit=2&before={first['older']}")
    assert [card["prompt"] for card in second["jobs"]] == ["fish 0"]
    assert second["older"] is None
    assert (await page.get("/api/gallery?limit=0"))[0] == 400


async def test_one_job_with_all_its_parameters_and_references(page: PageKit) -> None:
    await page.spine.application.styles.save(LOCAL, "My Ink", (INK,))
    fields = {"prompt": "a fox", "seed": "77", "steps": "12", "guidance": "3.5", "subject_size": "0", "count": "2"}
    card = await page.done(fields, files=[("subject", FOX), ("style", INK)])
    text = await html(page, f"/gallery/{card['id']}?picture=2")
    pairs = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text))
    assert (
        pairs | {"Seed": "78", "Steps": "12", "Guidance": "3.5", "Subject size": "automatic", "Pictures": "2"} == pairs
    )
    assert pairs["Mode"] == "Subject + 1 style"
    assert f"{card['id']}-2" in pairs["Recipe"]
    assert "My Ink" in text
    for place in ("subject", "style"):
        status, kind, data, _ = await raw(page, f"/api/jobs/{card['id']}/references/{place}.png")
        assert (status, kind) == (200, "image/png")
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.size == ((64, 64) if place == "subject" else (90, 60))
        assert (await raw(page, f"/api/jobs/{card['id']}/references/{place}.webp"))[:2] == (200, "image/webp")
    await html(page, f"/gallery/{card['id']}?picture=3", status=404)
    assert (await raw(page, f"/api/jobs/{card['id']}/references/style-2.png"))[0] == 404
    assert (await raw(page, f"/api/jobs/{card['id']}/references/anything.png"))[0] == 404


async def test_thumbnails_are_small_have_no_recipe_and_are_not_sent_twice(page: PageKit) -> None:
    card = await page.done({"prompt": "a secret fox"})
    path = f"/api/jobs/{card['id']}/pictures/0.webp"
    status, kind, data, headers = await raw(page, f"{path}?v=1")
    assert (status, kind) == (200, "image/webp")
    assert b"secret" not in data
    assert "immutable" in headers["Cache-Control"]
    again = await raw(page, path, {"If-None-Match": headers["ETag"]})
    assert (again[0], again[2]) == (304, b"")
    assert again[3]["Cache-Control"] == "private, no-cache"
    assert (await raw(page, f"/api/jobs/{card['id']}/pictures/1.webp"))[0] == 404


async def test_neighbours_stay_among_what_was_looked_for(page: PageKit) -> None:
    ids = [(await page.done({"prompt": prompt}))["id"] for prompt in ("a cat", "a dog", "a cat again")]
    newest = await html(page, f"/gallery/{ids[2]}?q=cat")
    assert where_to(newest, "newer") is None
    assert where_to(newest, "older") == f"/gallery/{ids[0]}?q=cat"
    assert where_to(newest, "back") == "/gallery?q=cat"
    assert where_to(await html(page, f"/gallery/{ids[0]}?q=cat"), "newer") == f"/gallery/{ids[2]}?q=cat"
    assert where_to(await html(page, f"/gallery/{ids[0]}"), "newer") == f"/gallery/{ids[1]}"


async def test_a_family_leads_to_each_of_its_members(page: PageKit) -> None:
    root = await page.done({"prompt": "a fox"})
    one = f"/api/jobs/{root['id']}"
    varied = await ended(page, await page.call(f"{one}/vary", {"picture": 0, "strength": "strong"}))
    large = await ended(page, await page.call(f"/api/jobs/{varied['id']}/upscale", {}))
    remixed = await ended(page, await page.call(f"{one}/remix", {"prompt": "an owl", "aspect": "3:2"}))
    text = await html(page, f"/gallery/{varied['id']}")
    family = text[text.index("family-title") :]
    for card in (root, large, remixed):
        assert f'href="/gallery/{card["id"]}"' in family
    assert f'href="/gallery/{varied["id"]}" aria-current="page"' in family
    assert (await page.spine.job(remixed["id"])).request.width == 1248


async def test_a_family_of_a_hundred_that_parts_everywhere_is_drawn(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox"})
    trunk = card["id"]
    for _ in range(55):
        twig = await ended(page, await page.call(f"/api/jobs/{trunk}/reroll"))
        await ended(page, await page.call(f"/api/jobs/{trunk}/reroll"))
        trunk = twig["id"]
    assert (await html(page, f"/gallery/{card['id']}")).count('class="leaf"') > 100
    assert f'href="/gallery/{trunk}" aria-current="page"' in await html(page, f"/gallery/{trunk}")


async def test_again_is_the_same_to_the_last_pixel_and_a_double_press_is_one_job(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox", "count": "2"})
    path, key = f"/api/jobs/{card['id']}/repeat", {"Idempotency-Key": "pressed-twice"}
    again = await ended(page, await page.call(path, headers=key))
    assert (await page.call(path, headers=key)) == (200, (await page.get(f"/api/jobs/{again['id']}"))[1])
    before, after = await page.spine.job(card["id"]), await page.spine.job(again["id"])
    assert [one.seed for one in after.pictures] == [one.seed for one in before.pictures]


async def test_favourites_are_marked_found_and_unmarked(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox"})
    path = f"/api/jobs/{card['id']}/favourite"
    for _ in range(2):
        status, answer = await page.call(path, {"is_on": True})
        assert (status, answer["words"]) == (200, "Marked as a favourite.")
    assert titles(await html(page, "/gallery?favourites=on")) == ["a fox"]
    assert 'aria-pressed="true"' in await html(page, f"/gallery/{card['id']}")
    await page.call(path, {"is_on": False})
    assert titles(await html(page, "/gallery?favourites=on")) == []
    assert (await page.call(path, {"is_on": True, "picture": 1}))[0] == 404


async def test_a_result_goes_into_the_tray(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox"})
    status, _ = await page.call(f"/api/jobs/{card['id']}/tray", {"place": "subject"})
    assert status == 200
    tray = await page.spine.application.tray.show(LOCAL)
    assert tray.subject is not None
    assert read_recipe(await page.spine.images.get(tray.subject)) is None
    assert (await page.call(f"/api/jobs/{card['id']}/tray", {"place": "lid"}))[0] == 400


async def test_what_is_deleted_is_gone_with_its_files(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox"}, files=[("subject", FOX)])
    assert (await raw(page, f"/api/jobs/{card['id']}/pictures/0.webp"))[0] == 200
    status, answer = await delete(page, f"/api/jobs/{card['id']}")
    assert (status, answer["words"]) == (200, "Deleted.")
    await html(page, f"/gallery/{card['id']}", status=404)
    assert (await raw(page, f"/api/jobs/{card['id']}/pictures/0.webp"))[0] == 404
    assert (await delete(page, f"/api/jobs/{card['id']}"))[0] == 404
    assert [file for file in page.pictures_folder.rglob("*") if file.is_file()] == []


async def test_what_is_being_drawn_is_shown_and_can_not_be_deleted_yet(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=3))
    _, card = await page.post(fields={"prompt": "a fox"})
    await engine.held.wait()
    text = await html(page, f"/gallery/{card['id']}")
    assert "data-live" in text
    assert "Delete…" not in text
    assert (await delete(page, f"/api/jobs/{card['id']}"))[0] == 409
    assert titles(await html(page, "/gallery?state=running")) == ["a fox"]
    engine.release()
    await page.spine.until(card["id"], Phase.DONE)


async def test_a_picture_that_was_let_go_is_told_and_can_be_drawn_again(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox"}, files=[("style", INK)])
    async with page.spine.open_unit() as unit:
        await unit.pictures.let_go_results(finished_before=None, limit=9)
        await unit.commit()
    text = await html(page, f"/gallery/{card['id']}")
    assert "was let go to make room" in text
    assert "Download PNG" not in text
    assert "thumb-gone" in await html(page, "/gallery")
    await ended(page, await page.call(f"/api/jobs/{card['id']}/repeat"))


NOBODYS = "0123456789ab"
READ = ["/gallery/{}", "/api/jobs/{}/pictures/0.webp", "/api/jobs/{}/references/subject.png"]
READ += ["/api/jobs/{}/references/subject.webp"]
PRESSED: list[tuple[str, Any]] = [
    ("/api/jobs/{}/repeat", None),
    ("/api/jobs/{}/remix", {"prompt": "mine"}),
    ("/api/jobs/{}/upscale", {}),
    ("/api/jobs/{}/favourite", {"is_on": True}),
    ("/api/jobs/{}/tray", {"place": "subject"}),
]


def told(text: str, job_id: str) -> str:
    """An answer without what it was asked about."""
    return text.replace(job_id, "ID")


@pytest.mark.parametrize("is_private", [False, True])
async def test_others_jobs_are_answered_exactly_as_unknown_ones(page: PageKit, *, is_private: bool) -> None:
    await page.done({"prompt": "mine"})
    theirs = await of_bob(page, subject=FOX, private=is_private)
    for path in READ:
        first, second = [(await raw(page, path.format(job_id)))[:3] for job_id in (theirs, NOBODYS)]
        assert first[0] == 404
        assert first[:2] == second[:2]
        assert told(first[2].decode(), theirs) == told(second[2].decode(), NOBODYS)
    for path, body in PRESSED:
        pressed, other = [await page.call(path.format(job_id), body) for job_id in (theirs, NOBODYS)]
        assert (pressed[0], told(json.dumps(pressed[1]), theirs)) == (404, told(json.dumps(other[1]), NOBODYS))
    assert await delete(page, f"/api/jobs/{theirs}") == await delete(page, f"/api/jobs/{NOBODYS}")
    assert titles(await html(page, "/gallery")) == ["mine"]
    kept = await page.spine.job(theirs)
    assert (kept.hidden_at, kept.state) == (None, JobState.DONE)
    assert (await page.spine.application.tray.show(LOCAL)).subject is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("remix", {"seed": "many"}),
        ("remix", {"steps": 2.5}),
        ("remix", {"unknown": 1}),
        ("favourite", {}),
        ("favourite", {"is_on": "yes"}),
        ("upscale", {"picture": -1}),
        ("tray", []),
    ],
)
async def test_bodies_that_make_no_sense(page: PageKit, path: str, body: Any) -> None:
    card = await page.done({"prompt": "a fox"})
    status, answer = await page.call(f"/api/jobs/{card['id']}/{path}", body)
    assert (status, answer["code"]) == (400, "bad-request")


async def test_a_remix_out_of_range_is_refused_in_a_sentence(page: PageKit) -> None:
    card = await page.done({"prompt": "a fox"})
    status, answer = await page.call(f"/api/jobs/{card['id']}/remix", {"steps": 900})
    assert (status, answer["code"]) == (422, "steps-out-of-range")
