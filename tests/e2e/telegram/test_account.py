"""/me and /link on Telegram."""

from __future__ import annotations

import re

from bot.domain.actors import Actor, Platform
from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import Person, member, new_group, texts

ON_DISCORD = Actor(Platform.DISCORD, "918273645546372819", name="Ada on Discord")


async def test_me_and_link_in_private(world: World) -> None:
    ada = world.person("Ada")
    async with world.running():
        ada.write("/me")
        await world.until(lambda: "Your tier: unlimited" in ada.last().get("text", ""))
        ada.write("/link")
        await world.until(lambda: "within 10 minutes" in ada.last().get("text", ""))
        found = re.search(r"/link (\S+) on", ada.last()["text"])
        assert found is not None
        await world.kit.application.linking.redeem(ON_DISCORD, found[1])
        ada.write("/me")
        await world.until(lambda: "Discord (Ada on Discord)" in ada.last().get("text", ""))
        ada.write(f"/link {found[1]}")
        await world.until(lambda: "That code does not work" in ada.last().get("text", ""))
        issued = await world.kit.application.linking.issue(Actor(Platform.WEB, "local"))
        ada.write(f"/link {issued.code}")
        await world.until(lambda: ada.last().get("text", "").startswith("Linked: "))


async def test_codes_and_credits_are_not_told_in_groups(world: World) -> None:
    ada = member(world.person("Ada"), new_group(world.server))
    async with world.running():
        for number, command in enumerate(("/link", "/me"), start=1):
            ada.write(f"{command}@uso_test_bot")
            await world.until(lambda number=number: len(ada.seen()) == number)  # type: ignore[misc]
            assert "in private" in ada.last()["text"]


async def linked(world: World, ada: Person) -> None:
    """Join an account on Discord to Ada's."""
    issued = await world.kit.application.linking.issue(Actor(Platform.TELEGRAM, str(ada.user["id"]), "Ada"))
    await world.kit.application.linking.redeem(ON_DISCORD, issued.code)


async def test_a_linked_account_is_parted_with_a_button_after_a_question_and_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/link")
        assert texts(await world.said(ada, "within 10 minutes")) == []
        await linked(world, ada)
        await world.drawn(ada)
        ada.write("/link")
        offer = await world.said(ada, "Linked: ")
        assert texts(offer) == [["Part Telegram (Ada)"], ["Part Discord (Ada on Discord)"]]
    async with world.running():
        ada.press(offer, "Discord")
        await world.until(lambda: "will start afresh" in shown(offer))
        assert len(await world.kit.application.linking.identities(ON_DISCORD)) == 2
        ada.press(offer, "Part Discord")
        await world.until(lambda: "stands alone again" in shown(offer))
        assert len(await world.kit.application.linking.identities(ON_DISCORD)) == 1
        assert len(await world.jobs(ada)) == 1


async def test_a_button_for_what_is_parted_already_says_so(world: World) -> None:
    ada = world.person()
    async with world.running():
        await linked(world, ada)
        ada.write("/link")
        offer = await world.said(ada, "Linked: ")
        await world.kit.application.linking.unlink(ON_DISCORD, ON_DISCORD.platform, ON_DISCORD.external_id)
        ada.press(offer, "Discord")
        await world.said(ada, "We have never seen that person.")


async def test_nobody_parts_what_is_not_theirs(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    async with world.running():
        await linked(world, ada)
        ada.write("/link")
        offer = await world.said(ada, "Linked: ")
        data = offer["reply_markup"]["inline_keyboard"][1][0]["callback_data"].replace("part", "part!")
        jo.write("/link")
        jo.press_data(await world.said(jo, "within"), data)
        await world.said(jo, "We have never seen that person.")
        assert len(await world.kit.application.linking.identities(ON_DISCORD)) == 2
