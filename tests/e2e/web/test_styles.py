"""Style cards over HTTP: made, named, used, deleted; and nothing of anybody else's."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.domain.actors import Actor, Platform, Server
from tests.e2e.web.conftest import LOCAL, Json, PageKit
from tests.e2e.web.test_gallery import delete, html, raw, told
from tests.support.pictures import BAD_PICTURES, png

BOB = Actor(Platform.DISCORD, "2")
INK, WASH = png(90, 60, (9, 9, 9)), png(60, 90, (9, 9, 200))
NOBODYS = "01234567"


async def save(page: PageKit, name: str, *pictures: bytes) -> Json:
    status, answer = await page.post("/api/styles", {"name": name}, [("picture", one) for one in pictures])
    assert status == 201, answer
    return answer


def names(text: str) -> list[str]:
    return re.findall(r'class="style-name"[^>]*>(.*?)</h2>', text)


async def test_a_card_is_made_of_an_upload_and_shown_with_its_pictures(page: PageKit) -> None:
    made = await save(page, "  My \n Ink ", INK, WASH)
    assert (made["name"], made["is_shared"], made["uses"]) == ("My Ink", False, 0)
    for url, size in zip(made["picture_urls"], ((90, 60), (60, 90)), strict=True):
        status, kind, data, _ = await raw(page, url)
        assert (status, kind) == (200, "image/png")
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.size == size
    for url in made["thumbnail_urls"]:
        assert (await raw(page, url))[:2] == (200, "image/webp")
    text = await html(page, "/styles")
    assert names(text) == ["My Ink"]
    assert "yours" in text
    assert "not used yet" in text
    assert f'href="/?style={made["id"]}"' in text
    assert (await page.get("/api/styles"))[1]["styles"] == [made]


async def test_how_often_a_card_served_leads_to_what_was_drawn_with_it(page: PageKit) -> None:
    made = await save(page, "Ink", INK)
    await page.done({"prompt": "a fox"}, files=[("style", INK)])
    await page.done({"prompt": "ink"})
    text = await html(page, "/styles")
    assert "used once" in text
    assert f'href="/gallery?style={made["id"]}"' in text
    found = await html(page, f"/gallery?style={made['id']}")
    assert "a fox" in found
    assert found.count('class="tile"') == 1
    assert f'<option value="{made["id"]}" selected>' in found


async def test_what_was_shared_from_a_chat_says_so(page: PageKit) -> None:
    await save(page, "Ink", INK)
    in_server = Actor(Platform.WEB, "local", server=Server(Platform.DISCORD, "7"))
    await page.spine.application.styles.share(in_server, "Ink")
    assert "shared with a server" in await html(page, "/styles")
    assert "mit einem Server geteilt" in await html(page, "/styles", language="de")


async def test_a_card_is_renamed(page: PageKit) -> None:
    made, other = await save(page, "Ink", INK), await save(page, "Wash", WASH)
    status, answer = await page.call(f"/api/styles/{made['id']}/rename", {"name": "<b>Black</b>"})
    assert (status, answer["words"]) == (200, "It is called “<b>Black</b>” now.")
    assert names(await html(page, "/styles")) == ["&lt;b&gt;Black&lt;/b&gt;", "Wash"]
    status, answer = await page.call(f"/api/styles/{other['id']}/rename", {"name": "<B>black</b>"})
    assert (status, answer["code"]) == (422, "style-name-taken")
    assert (await page.call(f"/api/styles/{other['id']}/rename", {"name": " "}))[1]["code"] == "style-name-bad"
    assert (await page.call(f"/api/styles/{other['id']}/rename", {"name": 7}))[0] == 400


async def test_a_card_goes_into_the_tray_and_is_deleted_with_its_files(page: PageKit) -> None:
    made = await save(page, "Ink", INK, WASH)
    assert (await page.call(f"/api/styles/{made['id']}/tray"))[0] == 200
    assert len((await page.spine.application.tray.show(LOCAL)).styles) == 2
    await page.spine.application.tray.clear(LOCAL)
    status, answer = await delete(page, f"/api/styles/{made['id']}")
    assert (status, answer["words"]) == (200, "Deleted “Ink”.")
    assert (await delete(page, f"/api/styles/{made['id']}"))[0] == 404
    assert [file for file in page.pictures_folder.rglob("*") if file.is_file()] == []


async def test_cards_are_found_by_name(page: PageKit) -> None:
    for name, picture in (("Ink", INK), ("Pink", WASH), ("Wash", png(64, 64, (1, 2, 3)))):
        await save(page, name, picture)
    assert names(await html(page, "/styles?q=INK")) == ["Ink", "Pink"]
    assert "No style card of yours is called that." in await html(page, "/styles?q=oil")
    assert [one["name"] for one in (await page.get("/api/styles?q=was"))[1]["styles"]] == ["Wash"]


@pytest.mark.parametrize("name", BAD_PICTURES)
async def test_bad_pictures_make_no_card(page: PageKit, name: str) -> None:
    data, code = BAD_PICTURES[name]
    status, answer = await page.post("/api/styles", {"name": "Ink"}, [("picture", INK), ("picture", data)])
    assert 400 <= status < 500
    assert answer["code"] == code
    await page.assert_nothing_stored()


@pytest.mark.parametrize(
    ("name", "pictures", "code"),
    [
        ("Ink", [], "style-without-picture"),
        ("Ink", [INK, WASH, INK], "too-many-styles"),
        ("", [INK], "style-name-bad"),
        ("x" * 41, [INK], "style-name-bad"),
        ("a\u202eb", [INK], "style-name-bad"),
    ],
)
async def test_forms_that_are_not_enough_or_too_much(
    page: PageKit, name: str, pictures: list[bytes], code: str
) -> None:
    status, answer = await page.post("/api/styles", {"name": name}, [("picture", one) for one in pictures])
    assert (status, answer["code"]) == (422, code)
    await page.assert_nothing_stored()


async def test_forms_that_can_not_be_read(page: PageKit) -> None:
    assert (await page.call("/api/styles", {"name": "Ink"}))[0] == 400
    form = aiohttp.FormData(default_to_multipart=True)
    for number in range(9):
        form.add_field("other", str(number))
    async with page.session.post(page.url + "/api/styles", data=form) as response:
        assert response.status == 400
    cut = b'--edge\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\nabc'
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    async with page.session.post(page.url + "/api/styles", data=cut, headers=headers) as response:
        assert response.status == 400
    await page.assert_nothing_stored()


async def test_others_cards_are_answered_exactly_as_unknown_ones(page: PageKit) -> None:
    await save(page, "Mine", WASH)
    in_server = Actor(Platform.DISCORD, "2", server=Server(Platform.DISCORD, "7"))
    own = await page.spine.application.styles.save(BOB, "Ink", (INK,))
    shared = await page.spine.application.styles.share(in_server, "Ink")
    pressed: list[tuple[str, Any]] = [("rename", {"name": "Stolen"}), ("tray", None)]
    for card_id in (own.id, shared.id):
        for file in ("png", "webp"):
            theirs, other = [
                (await raw(page, f"/api/styles/{one}/pictures/0.{file}"))[:3] for one in (card_id, NOBODYS)
            ]
            assert theirs[0] == 404
            assert told(theirs[2].decode(), card_id) == told(other[2].decode(), NOBODYS)
        for path, body in pressed:
            first, second = [await page.call(f"/api/styles/{one}/{path}", body) for one in (card_id, NOBODYS)]
            assert (first[0], told(json.dumps(first[1]), card_id)) == (404, told(json.dumps(second[1]), NOBODYS))
        assert await delete(page, f"/api/styles/{card_id}") == await delete(page, f"/api/styles/{NOBODYS}")
        for path in ("/gallery", "/"):
            await html(page, f"{path}?style={card_id}", status=404)
    assert names(await html(page, "/styles")) == ["Mine"]
    assert len(await page.spine.application.own_styles.listed(BOB)) == 2
