"""/me and /link on Telegram."""

from __future__ import annotations

import re

from bot.domain.actors import Actor, Platform
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group

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
