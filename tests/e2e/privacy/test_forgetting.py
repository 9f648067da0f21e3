"""After a person had everything deleted, none of it is in the database's files nor in the folder."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from bot.domain.actors import Actor, Platform, ReplyAddress, Server
from bot.domain.cards import Phase
from bot.domain.people import ServerSettings
from bot.domain.requests import Draft
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from tests.support.real_spine import RealKit, real_spine
from uso.file_cache import FileCache
from uso.picture_hash import picture_hash

SERVER = Server(Platform.DISCORD, "4711")
ANN = Actor(Platform.DISCORD, "918273645546372819", name="Annabella Quixotic", server=SERVER)
ANN_TOO = Actor(Platform.TELEGRAM, "5647382910", name="annabella_qx")
BOB = Actor(Platform.DISCORD, "112233445566778899", name="Bob Ordinary", server=SERVER)


async def ask(kit: RealKit, actor: Actor, event: str, draft: Draft) -> str:
    """Ask and wait for the end."""
    reply_to = ReplyAddress(actor.platform, {"channel": f"channel of {actor.external_id}"})
    job = (await kit.application.submit(Origin(actor, event, reply_to), draft)).job
    await kit.until(job.id, Phase.DONE)
    return job.id


def keep_tokens(kit: RealKit, name: str, content: bytes) -> None:
    """What the engine would have kept of a style picture."""
    tokens = FileCache(kit.folder / "style-tokens", max_bytes=1 << 20)
    for revision in ("one", "two"):
        tokens.write(revision, name, content)


def everything(folder: Path) -> dict[Path, bytes]:
    """All files with their names and contents."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def photo(colour: tuple[int, int, int]) -> bytes:
    """A picture with something in it that compresses badly."""
    noise = Image.effect_noise((64, 48), 90).convert("RGB")
    encoded = io.BytesIO()
    Image.blend(noise, Image.new("RGB", noise.size, colour), 0.5).save(encoded, "PNG")
    return encoded.getvalue()


async def live(kit: RealKit, actor: Actor, word: str) -> set[str]:
    """Leave traces of every kind; returns the texts and hashes by which they would be found."""
    application = kit.application
    subject, style, carded, tray = (photo((20 * one, 99, 50)) for one in range(4))
    first = await ask(kit, actor, f"event {word} 1", Draft(f"a {word} prompt", subject, (style,), count=2))
    await ask(kit, actor, f"event {word} 2", Draft(f"deleted {word} prompt"))
    hidden = (await application.history.page(actor)).jobs[0]
    await application.history.delete(actor, hidden.id)
    await application.reroll(Origin(actor, f"event {word} 3"), first)
    await application.history.favourite(actor, first, 0, is_on=True)
    card = await application.styles.save(actor, f"{word} style", (carded,))
    shared = await application.styles.share(actor, f"{word} style")
    laid = await application.tray.put(actor, tray, TrayPlace.STYLE)
    job = await application.history.job(actor, first)
    with Image.open(io.BytesIO(await application.images.get(card.pictures[0]))) as opened:
        tokens = picture_hash(opened)
    keep_tokens(kit, tokens, f"tokens of {word}".encode())
    files = {*job.request.references, *(one.picture for one in job.pictures), *card.pictures, *laid.styles}
    return {
        f"{word} prompt", f"{word} style", f"event {word}", f"tokens of {word}", actor.external_id, actor.name,
        first, hidden.id, card.id, shared.id, tokens, *files,
    }  # fmt: skip


async def test_nothing_is_left_of_who_had_everything_deleted(tmp_path: Path) -> None:
    async with real_spine(tmp_path) as kit:
        application = kit.application
        anns = await live(kit, ANN, "xylophonic")
        issued = await application.linking.issue(ANN)
        await application.linking.redeem(ANN_TOO, issued.code)
        anns |= {ANN_TOO.external_id, ANN_TOO.name}
        bobs = await live(kit, BOB, "ordinary")
        async with kit.database.unit_of_work() as unit:
            ann = await unit.users.find(ANN)
            assert ann is not None
            await unit.settings.set_server(SERVER, ServerSettings(blocked=(ann,)))
            await unit.commit()
        anns.add(ann)
        before = everything(tmp_path)
        for trace in anns:
            assert found(before, trace), f"{trace} should be there to be deleted"

        await application.erase(ANN)

        after = everything(tmp_path)
        assert {trace: found(after, trace) for trace in anns if found(after, trace)} == {}
        for trace in bobs:
            assert found(after, trace), f"{trace} is somebody else's and should have stayed"
        page = await application.history.page(BOB)
        assert len(page.jobs) == 2
        assert (await application.history.page(ANN)).jobs == ()
        assert await application.images.get(page.jobs[-1].pictures[0].picture)
    # Closed, the database has written all it will.
    last = everything(tmp_path)
    assert {trace: found(last, trace) for trace in anns if found(last, trace)} == {}


def found(files: dict[Path, bytes], trace: str) -> list[str]:
    """The files that have it in their name or anywhere in their bytes."""
    return [str(path) for path, content in files.items() if trace in str(path) or trace.encode() in content]
