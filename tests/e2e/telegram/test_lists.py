"""/history, /queue and /cancel on Telegram."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group


async def test_history_queue_and_cancel_in_private(world: World) -> None:
    ada = world.person("Ada")
    async with world.running(FakeEngine(is_manual=True)):
        ada.write("/history")
        await world.until(lambda: ada.last().get("text", "").startswith("Nothing yet."))
        ada.write("/queue")
        await world.until(lambda: "Nobody is waiting" in ada.last().get("text", ""))
        ada.write("a fox")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        card = ada.last()
        (job,) = await world.jobs(ada)
        ada.write("/queue")
        await world.until(lambda: ada.last().get("text") == "One request is waiting, one of them yours.")
        ada.write("/history FOX")
        await world.until(
            lambda: ada.last().get("text") == f"{job.id} · {job.created_at:%Y-%m-%d} · In the queue · a fox"
        )
        ada.write("/history owl")
        await world.until(lambda: "nothing with “owl”" in ada.last().get("text", ""))
        ada.write(f"/cancel {job.id}")
        await world.until(lambda: ada.last().get("text") == "Stopped, as you wished.")
        await world.until(
            lambda: any(one["message_id"] == card["message_id"] and "Cancelled" in one["text"] for one in ada.seen())
        )
        ada.write("/cancel 7k3m9qx2vt0a")
        await world.until(lambda: "do not know that request" in ada.last().get("text", ""))
        ada.write("/cancel")
        await world.said(ada, "Nothing of yours is waiting")


async def test_history_is_not_told_in_groups_but_the_queue_is(world: World) -> None:
    ada = member(world.person("Ada"), new_group(world.server))
    async with world.running():
        ada.write("/history@uso_test_bot")
        await world.until(lambda: "in private" in ada.last().get("text", ""))
        ada.write("/queue@uso_test_bot")
        await world.until(lambda: "Nobody is waiting" in ada.last().get("text", ""))
