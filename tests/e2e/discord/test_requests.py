"""/imagine with little or much, /restyle, /sweep and /grid."""

from __future__ import annotations

import pytest

from adapters.engine.fake import Play
from bot.domain.actors import Actor, Platform, Server
from bot.domain.limits import Limits
from bot.services.tray import TrayPlace
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.messages import Message
from tests.servers.discord.people import Person
from tests.support.pictures import png

INK, OIL, CHALK = png(64, 64, (1, 2, 3)), png(64, 64, (9, 8, 7)), png(64, 64, (90, 80, 70))


def actor(stage: Stage, person: Person | None = None) -> Actor:
    person = person or stage.server.ada
    server = Server(Platform.DISCORD, str(stage.world.guild_id))
    return Actor(Platform.DISCORD, str(person.id), server=server)


async def saved(stage: Stage, **styles: bytes) -> None:
    for name, data in styles.items():
        await stage.kit.application.styles.save(actor(stage), name, [data])


async def test_imagine_needs_no_words_when_there_is_a_subject_or_a_tray(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"subject": png()}))
    await stage.kit.application.tray.put(actor(stage), png(80, 80), TrayPlace.SUBJECT)
    card = await stage.finished(await stage.server.slash("imagine", {}))
    assert "Subject" in card.text
    refused = await stage.server.slash("imagine", {})
    assert await stage.whispered(refused) == "Please write a prompt, or add a subject picture."
    assert len(await stage.jobs()) == 2


async def test_imagine_takes_a_saved_style_by_name_and_a_size_of_ones_own(stage: Stage) -> None:
    await saved(stage, Ink=INK)
    asked = {"prompt": "a cat", "style_card": "ink", "style": OIL, "width": 800, "height": 613}
    card = await stage.finished(await stage.server.slash("imagine", asked))
    assert "2 styles" in card.text
    assert "Height rounded from 613 to 608." in card.text
    (job,) = await stage.jobs()
    assert (job.request.width, job.request.height, len(job.request.styles)) == (800, 608, 2)
    refused = await stage.server.slash("imagine", {"prompt": "a cat", "style_card": "nothing"})
    assert await stage.whispered(refused) == "We do not know that style; look at the list for its name."
    three = await stage.server.slash("imagine", {"prompt": "a cat", "style_card": "ink", "style": OIL, "style2": CHALK})
    assert await stage.whispered(three) == "Please send at most 2 style pictures, not 3."


async def test_style_cards_are_suggested_ones_own_and_the_servers(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    await saved(stage, Ink=INK, Oil=OIL)
    await stage.kit.application.styles.share(actor(stage), "ink")
    offered = await stage.server.autocomplete("imagine", {"style_card": "i"}, focused="style_card", person=bob)
    assert [one["name"] for one in offered] == ["Ink (this server)"]
    card = await stage.finished(
        await stage.server.slash("imagine", {"prompt": "a cat", "style_card": offered[0]["value"]}, person=bob)
    )
    assert "1 style" in card.text
    own = await stage.server.autocomplete("imagine", {"style_card": ""}, focused="style_card")
    assert sorted(one["name"] for one in own) == ["Ink", "Ink (this server)", "Oil"]


async def test_restyle_keeps_layout_and_size_of_the_subject(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("restyle", {"subject": png(640, 480), "style": INK}))
    assert "Subject + 1 style, layout kept" in card.text
    (job,) = await stage.jobs()
    assert job.request.keep_size
    assert job.request.prompt == ""


async def test_restyle_takes_what_is_missing_from_the_tray_and_asks_for_the_rest(stage: Stage) -> None:
    refused = await stage.server.slash("restyle", {"style": INK})
    assert (await stage.whispered(refused)).startswith("Which picture should get another style?")
    refused = await stage.server.slash("restyle", {"subject": png(), "prompt": "more blue"})
    assert (await stage.whispered(refused)).startswith("In which style?")
    assert await stage.jobs() == []
    await saved(stage, Ink=INK)
    await stage.kit.application.tray.put(actor(stage), png(640, 480), TrayPlace.SUBJECT)
    await stage.finished(await stage.server.slash("restyle", {"style_card": "ink"}))


async def test_a_sweep_is_four_seeds_to_pick_from(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("sweep", {"prompt": "Ada", "subject": png(), "seed": 20}))
    assert list(card.buttons)[:4] == ["1", "2", "3", "4"]
    (job,) = await stage.jobs()
    assert [one.seed for one in job.pictures] == [20, 21, 22, 23]


async def cards_of(stage: Stage, count: int) -> list[Message]:
    channel = stage.server.channel
    await stage.world.until(
        lambda: sum("### Done" in one.text for one in stage.world.posted_in(channel)) == count, f"{count} results"
    )
    return stage.world.posted_in(channel)


async def test_a_grid_is_one_card_a_style_with_one_seed_and_one_subject(stage: Stage) -> None:
    await saved(stage, Ink=INK, Oil=OIL, Chalk=CHALK)
    asked = await stage.server.slash("grid", {"first": "Ink", "second": "oil", "third": "Chalk", "subject": png()})
    cards = await cards_of(stage, 3)
    assert cards[0] is asked.response
    assert [one for one in asked.followups if not one.is_deleted] == cards[1:]
    assert ["Style: Ink" in cards[0].text, "Style: Oil" in cards[1].text, "Style: Chalk" in cards[2].text] == [True] * 3
    jobs = await stage.jobs()
    assert len({job.request.seed for job in jobs}) == 1
    assert len({job.request.subject for job in jobs}) == 1
    assert len({job.request.styles for job in jobs}) == 3
    assert [job.event_key for job in jobs] == [f"discord:{asked.id}:{number}" for number in range(3)]


async def test_a_grid_from_the_tray_uses_one_subject_for_all(stage: Stage) -> None:
    await saved(stage, Ink=INK, Oil=OIL)
    await stage.kit.application.tray.put(actor(stage), png(80, 80), TrayPlace.SUBJECT)
    await stage.server.slash("grid", {"first": "Ink", "second": "Oil"})
    await cards_of(stage, 2)
    assert len({job.request.subject for job in await stage.jobs()}) == 1


@pytest.mark.parametrize(("first", "second"), [("Ink", "nothing"), ("nothing", "Ink")])
async def test_an_unknown_style_in_a_grid_makes_nothing_at_all(stage: Stage, first: str, second: str) -> None:
    await saved(stage, Ink=INK)
    asked = await stage.server.slash("grid", {"first": first, "second": second, "prompt": "a cat"})
    assert await stage.whispered(asked) == "We do not know that style; look at the list for its name."
    assert await stage.jobs() == []
    assert stage.world.posted_in(stage.server.channel) == []


async def test_what_of_a_grid_does_not_fit_any_more_is_told_by_name(stage: Stage) -> None:
    await stage.down()
    await stage.up(limits=Limits(max_waiting_jobs=1))
    await saved(stage, Ink=INK, Oil=OIL, Chalk=CHALK)
    stage.engine.script(Play(hold_at_step=1))
    running = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    asked = await stage.server.slash(
        "grid", {"first": "Ink", "second": "Oil", "third": "Chalk", "prompt": "a cat"}, by_user_install=True
    )
    told = await stage.whispered(asked)
    assert told.startswith("Not made: Oil, Chalk. You already have 1 requests waiting")
    stage.engine.release()
    await stage.shows(running, "### Done")
    assert await cards_of(stage, 2) == [running, asked.response]
    assert len(await stage.jobs()) == 2


async def test_a_private_grid_is_private_in_every_card(stage: Stage) -> None:
    await saved(stage, Ink=INK, Oil=OIL)
    asked = await stage.server.slash("grid", {"first": "Ink", "second": "Oil", "prompt": "a cat", "private": True})
    await stage.finished(asked)
    await stage.eventually(stage.all_is_told)
    assert [one.is_ephemeral for one in asked.followups] == [True]
    assert stage.world.posted_in(stage.server.channel) == []


async def test_the_new_commands_are_german_for_germans(stage: Stage) -> None:
    german = stage.kit.application.catalogs.for_locale("de")
    for name in ("restyle", "sweep", "grid"):
        (command,) = (one for one in stage.world.commands if one["name"] == name)
        for option in command["options"]:
            own = f"command-{name}-{option['name'].replace('_', '-')}"
            shared = f"command-imagine-{option['name'].replace('_', '-')}"
            texts = []
            for key in (own, shared):
                try:
                    texts.append(german.text(key))
                except KeyError:
                    continue
            assert option["description_localizations"]["de"] in texts, option["name"]
    greta = stage.world.add_person("Greta", locale="de")
    refused = await stage.server.slash("restyle", {"subject": png()}, person=greta)
    assert (await stage.whispered(refused)).startswith("In welchem Stil?")
