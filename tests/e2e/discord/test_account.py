"""/me and /link on Discord."""

from __future__ import annotations

import re

from bot.domain.actors import Actor, Platform
from bot.domain.credits import CREDIT
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.e2e.discord.conftest import Stage

ON_TELEGRAM = Actor(Platform.TELEGRAM, "42", name="ada_*t*")


async def test_me_tells_only_the_sender(stage: Stage) -> None:
    said = await stage.whispered(await stage.server.slash("me", {}))
    assert said == "Your tier: unlimited\nPictures cost you no credits."
    await stage.kit.application.accounts.grant(
        Actor(Platform.DISCORD, str(stage.server.ada.id)), 3 * CREDIT, by="command line"
    )
    said = await stage.whispered(await stage.server.slash("me", {}))
    assert "Latest:" in said
    assert "+3  granted" in said


async def test_an_account_is_shared_with_telegram_by_a_code(stage: Stage) -> None:
    said = await stage.whispered(await stage.server.slash("link", {}))
    found = re.search(r"/link (\S+) on your other platform within 10 minutes", said)
    assert found is not None
    linking = stage.kit.application.linking
    await linking.redeem(ON_TELEGRAM, found[1])
    said = await stage.whispered(await stage.server.slash("me", {}))
    assert r"Telegram (ada\_\*t\*)" in said, "names can not format"
    again = await stage.whispered(await stage.server.slash("link", {"code": found[1]}))
    assert again.startswith("That code does not work")


async def test_a_code_from_telegram_joins_the_histories(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    application = stage.kit.application
    await application.submit(Origin(ON_TELEGRAM, "telegram:1"), Draft("a hen"))
    issued = await application.linking.issue(ON_TELEGRAM)
    said = await stage.whispered(await stage.server.slash("link", {"code": issued.code.upper()}))
    assert said.startswith("Linked: ")
    prompts = {job.request.prompt for job in await stage.jobs()}
    assert prompts == {"a cat", "a hen"}


async def test_accounts_are_parted_again(stage: Stage) -> None:
    linking = stage.kit.application.linking
    said = await stage.whispered(await stage.server.slash("link", {"remove": "telegram:42"}))
    assert said == "We have never seen that person."
    issued = await linking.issue(ON_TELEGRAM)
    await stage.whispered(await stage.server.slash("link", {"code": issued.code}))
    choices = await stage.server.autocomplete("link", {"remove": "tele"}, focused="remove")
    assert choices == [{"name": "Telegram (ada_*t*)", "value": "telegram:42"}]
    both = await stage.whispered(await stage.server.slash("link", {"remove": "telegram:42", "code": "abc"}))
    assert both == "Please either type a code or remove an account, not both at once."
    said = await stage.whispered(await stage.server.slash("link", {"remove": "telegram:42"}))
    assert said == r"Telegram (ada\_\*t\*) stands alone again. History and credits stay here."
    assert [one.external_id for one in await linking.identities(ON_TELEGRAM)] == ["42"]
    only = f"discord:{stage.server.ada.id}"
    assert "has to stay" in await stage.whispered(await stage.server.slash("link", {"remove": only}))
    bob = stage.world.add_person("Bob")
    refused = await stage.whispered(await stage.server.slash("link", {"remove": only}, person=bob))
    assert refused == "We have never seen that person."
