"""/repeat: the identical picture once more, for those who may see it."""

from __future__ import annotations

import io

from PIL import Image

from bot.domain.jobs import LineageKind
from tests.e2e.discord.conftest import Stage


async def pixels(stage: Stage, picture: str) -> bytes:
    return Image.open(io.BytesIO(await stage.images.get(picture))).tobytes()


async def test_one_picture_of_a_recipe_comes_again_to_the_last_pixel(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "cats", "count": 2, "seed": 5}))
    (first,) = await stage.jobs()
    await stage.down()
    await stage.up()
    bob = stage.world.add_person("Bob")
    asked = await stage.server.slash("repeat", {"id": f"{first.id.upper()}-2"}, person=bob)
    assert "seed 6" in (await stage.finished(asked)).text
    (again,) = await stage.jobs_of(bob)
    assert again.lineage is not None
    assert (again.lineage.kind, again.lineage.parent) == (LineageKind.REPEAT, first.id)
    assert await pixels(stage, again.pictures[0].picture) == await pixels(stage, first.pictures[1].picture)


async def test_what_was_private_stays_private_and_its_owners(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "private": True}))
    (job,) = await stage.jobs()
    (choice,) = await stage.server.autocomplete("repeat", {"id": "cat"}, focused="id")
    card = await stage.finished(await stage.server.slash("repeat", {"id": choice["value"]}))
    assert card.is_ephemeral
    bob = stage.world.add_person("Bob")
    assert await stage.said("repeat", {"id": job.id}, person=bob) == "Only the person who asked for it can do that."


async def test_what_is_no_recipe_is_told_and_makes_nothing(stage: Stage) -> None:
    assert "do not know that recipe" in await stage.said("repeat", {"id": "a cat"})
    assert "do not know that" in await stage.said("repeat", {"id": "7k3m9qx2vt0a-1"})
    assert await stage.jobs() == []
