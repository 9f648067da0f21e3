"""`uso-bot backup` and `uso-bot restore`: what comes back is what was there, and nothing else ever gets in."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.backup.archive import BackupDamaged, Manifest
from bot.backup.restoring import RestoreRefused, restore, verify
from bot.backup.writing import make_backup
from bot.domain.actors import Actor, Platform
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.jobs import Job, JobState, ResultPicture
from bot.domain.requests import GenerationRequest
from bot.domain.styles import StyleCard, user_shelf
from bot.places import Places, pictures_folder
from storage.database import Database, upgrade
from storage.dumps import DumpFailed
from storage.image_store import FolderImageStore
from storage.migrations.runner import run_downgrade
from tests.migration.conftest import run
from tests.support.postgres import Cluster

Run = Callable[..., subprocess.CompletedProcess[str]]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ADA = Actor(Platform.TELEGRAM, "42", name="Ada")


def make_places(folder: Path, url: str) -> Places:
    return Places(url, folder, None, folder / "cache", folder / "image-check")


@pytest.fixture(params=["sqlite", "postgresql"])
def two_places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Places, Places]]:
    """A bot, and an empty folder and database of the same kind."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    if request.param == "sqlite":
        yield make_places(first, f"sqlite:///{first}/bot.db"), make_places(second, f"sqlite:///{second}/bot.db")
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    names = [cluster.create(), cluster.create()]
    yield make_places(first, cluster.url(names[0])), make_places(second, cluster.url(names[1]))
    for name in names:
        cluster.drop(name)


async def fill(at: Places) -> list[str]:
    """A person with a result, a style card and an audit entry; returns the pictures."""
    await upgrade(at.database_url)
    images = FolderImageStore(pictures_folder(at))
    pictures = [await images.put(data) for data in (b"first picture", os.urandom(70_000))]
    (at.folder / "links.key").write_bytes(b"k" * 32)
    database = await Database.open(at.database_url)
    async with database.unit_of_work() as unit:
        owner = await unit.users.resolve(ADA, now=NOW)
        request = GenerationRequest("ein Füchslein 🦊", None, (pictures[1],), 512, 512, False, 25, 4.0, 512, 7)
        result = ResultPicture(0, pictures[0], 7, None, 512, 512, 12.5, "USO", "0123abc", is_toy=False)
        job = Job("drawnjob0001", owner, request, JobState.DONE, "one", NOW, finished_at=NOW, pictures=(result,))
        await unit.jobs.add(job)
        await unit.styles.add(StyleCard("stylecard001", user_shelf(owner), "my ink", owner, (pictures[1],), NOW))
        await unit.audit.add(AuditEntry(NOW, "command line", AuditAction.BLOCK, ADA.key, "spam"))
        await unit.commit()
    await database.close()
    return pictures


async def content(at: Places) -> dict[str, Any]:
    """All rows, all pictures, all keys."""

    def rows(connection: sa.Connection) -> dict[str, list[str]]:
        names = sa.inspect(connection).get_table_names()
        found = {name: connection.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in names}
        return {name: sorted(map(repr, rows)) for name, rows in found.items()}

    return {"rows": await run(at.database_url, rows), "files": files(at)}


def files(at: Places) -> dict[str, str]:
    wanted = [*at.folder.glob("pictures/??/*"), *at.folder.glob("*.key")]
    return {str(path.relative_to(at.folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in wanted}


async def test_what_is_restored_is_what_was_there(two_places: tuple[Places, Places], tmp_path: Path) -> None:
    first, second = two_places
    await fill(first)
    before = await content(first)
    target = tmp_path / "backup.tar"

    made = await make_backup(first, target, with_pictures=True)

    assert target.stat().st_mode & 0o777 == 0o600
    assert made.pictures == 2
    assert await verify(target) == made
    assert await restore(second, target, is_forced=False) == made
    assert await content(second) == before
    assert await content(first) == before
    assert sum(map(len, before["rows"].values())) > 5
    left = everything(tmp_path)
    assert {name for name in left if "/" not in name} == {"first", "second", "backup.tar"}
    assert not [name for name in left if ".restore" in name or ".backup" in name]


async def test_without_pictures_the_rest_is_there(two_places: tuple[Places, Places], tmp_path: Path) -> None:
    first, second = two_places
    await fill(first)
    await make_backup(first, tmp_path / "backup.tar", with_pictures=False)
    await restore(second, tmp_path / "backup.tar", is_forced=False)
    assert (await content(second))["rows"] == (await content(first))["rows"]
    assert files(second) == {"links.key": hashlib.sha256(b"k" * 32).hexdigest()}


async def test_a_full_database_is_replaced_only_by_force(two_places: tuple[Places, Places], tmp_path: Path) -> None:
    first, second = two_places
    await fill(first)
    before = await content(first)
    await make_backup(first, tmp_path / "backup.tar", with_pictures=True)
    await upgrade(second.database_url)
    database = await Database.open(second.database_url)
    async with database.unit_of_work() as unit:
        await unit.users.resolve(Actor(Platform.DISCORD, "1"), now=NOW)
        await unit.commit()
    await database.close()
    there = await content(second)

    with pytest.raises(RestoreRefused, match="not empty; --force"):
        await restore(second, tmp_path / "backup.tar", is_forced=False)
    assert await content(second) == there

    await restore(second, tmp_path / "backup.tar", is_forced=True)
    assert await content(second) == before


async def test_a_backup_of_an_older_release_is_brought_up_to_date(
    two_places: tuple[Places, Places], tmp_path: Path
) -> None:
    first, second = two_places
    await upgrade(first.database_url)
    await run(first.database_url, lambda connection: run_downgrade(connection, "0003"))
    made = await make_backup(first, tmp_path / "backup.tar", with_pictures=True)
    assert made.revision == "0003"
    await restore(second, tmp_path / "backup.tar", is_forced=False)
    await upgrade(first.database_url)
    assert await content(second) == await content(first)


async def test_the_database_is_copied_at_one_moment_while_others_write(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    at = make_places(tmp_path / "data", f"sqlite:///{tmp_path}/data/bot.db")
    await fill(at)
    database = await Database.open(at.database_url)
    async with database.unit_of_work() as unit:
        await unit.users.resolve(Actor(Platform.DISCORD, "never committed"), now=NOW)
        made = await make_backup(at, tmp_path / "backup.tar", with_pictures=False)
    await database.close()
    other = make_places(tmp_path / "other", f"sqlite:///{tmp_path}/other/bot.db")
    await restore(other, tmp_path / "backup.tar", is_forced=False)
    assert made.database == "sqlite"
    assert "never committed" not in repr(await content(other))


# Hostile archives ----------------------------------------------------------------------------------------------------

Members = list[tuple[tarfile.TarInfo, bytes]]


def member(name: str, data: bytes = b"x", **facts: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for fact, value in facts.items():
        setattr(info, fact, value)
    return info, data


def rewritten(members: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    """The members with another list at the end."""
    *rest, (info, data) = members
    listed = json.loads(data)
    change(listed)
    return [*rest, member(info.name, json.dumps(listed).encode())]


def listed(members: Members, *more: tuple[tarfile.TarInfo, bytes]) -> Members:
    """The members and more, which the list at the end names as well."""

    def add(manifest: dict[str, Any]) -> None:
        for info, data in more:
            manifest["members"][info.name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    *rest, end = rewritten(members, add)
    return [*rest, *more, end]


EVIL = "/uso-bot-evil"
PICTURE = "pictures/aa/" + "a" * 64
HOSTILE: dict[str, Callable[[Members], Members]] = {
    "a way up": lambda members: listed(members, member("../evil")),
    "a way up inside": lambda members: listed(members, member("pictures/../../evil")),
    "an absolute name": lambda members: listed(members, member(EVIL)),
    "a key elsewhere": lambda members: listed(members, member("keys/../evil.key")),
    "a strange name": lambda members: listed(members, member("pictures/aa/evil.png")),
    "a link": lambda members: listed(members, member(PICTURE, b"", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
    "a hard link": lambda members: listed(members, member(PICTURE, b"", type=tarfile.LNKTYPE, linkname="database")),
    "a device": lambda members: listed(members, member(PICTURE, b"", type=tarfile.CHRTYPE)),
    "a folder": lambda members: listed(members, member("pictures", b"", type=tarfile.DIRTYPE)),
    "a picture of another name": lambda members: listed(members, member(PICTURE)),
    "a name in another folder": lambda members: listed(members, member("pictures/bb/" + "a" * 64)),
    "a member twice": lambda members: [members[0], *members],
    "something after the list": lambda members: [*members, member("keys/late.key")],
    "two lists": lambda members: [*members, members[-1]],
    "something unlisted": lambda members: [*members[:-1], member("keys/more.key"), members[-1]],
    "something missing": lambda members: members[1:],
    "no list": lambda members: members[:-1],
    "other bytes": lambda members: [(members[0][0], bytes(len(members[0][1]))), *members[1:]],
    "another format": lambda members: rewritten(members, lambda listed: listed.update(format=2)),
    "a list of nonsense": lambda members: [*members[:-1], member("manifest.json", b"[]")],
    "a list that is no text": lambda members: [*members[:-1], member("manifest.json", b'{"version":"\x80"}')],
    "a newer release": lambda members: rewritten(members, lambda listed: listed.update(revision="9999")),
    "another database": lambda members: rewritten(members, lambda listed: listed.update(database="postgresql")),
    "no database": lambda members: [
        member("database", b"nonsense " * 500),
        *listed(members[1:], member("database", b"nonsense " * 500))[:-2],
        listed(members[1:], member("database", b"nonsense " * 500))[-1],
    ],
}


async def good_backup(tmp_path: Path) -> tuple[Path, Manifest]:
    first = make_places(tmp_path / "first", f"sqlite:///{tmp_path}/first/bot.db")
    first.folder.mkdir()
    await fill(first)
    target = tmp_path / "backup.tar"
    return target, await make_backup(first, target, with_pictures=True)


def members_of(file: Path) -> Members:
    with tarfile.open(file) as archive:
        found = []
        for info in archive:
            opened = archive.extractfile(info)
            assert opened is not None
            found.append((info, opened.read()))
        return found


def packed(members: Members, file: Path) -> None:
    with tarfile.open(file, "w:") as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def is_there(path: str) -> bool:
    return os.path.lexists(path)


async def refused(file: Path, tmp_path: Path) -> str:
    """Try to restore `file`; nothing may have been left behind. Returns the reason."""
    second = make_places(tmp_path / "second", f"sqlite:///{tmp_path}/second/bot.db")
    before = everything(tmp_path) | {"second"}
    with pytest.raises((BackupDamaged, RestoreRefused, DumpFailed)) as error:
        await restore(second, file, is_forced=True)
    assert everything(tmp_path) | {"second"} == before
    assert not is_there(EVIL)
    reason = str(error.value)
    assert reason.endswith(".")
    assert "\n" not in reason
    return reason


async def test_hostile_archives_leave_nothing(tmp_path: Path) -> None:
    file, _ = await good_backup(tmp_path)
    members = members_of(file)
    packed(members, file)
    await verify(file)  # packing anew is not what is refused
    for name, change in HOSTILE.items():
        packed(change(members), file)
        reason = await refused(file, tmp_path)
        assert reason, name


async def test_a_backup_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    file, _ = await good_backup(tmp_path)
    data = file.read_bytes()
    end = data.rstrip(b"\0")
    for length in {0, 1, 511, 512, 513, 1024, *range(2000, len(end), len(end) // 23), len(end) - 1}:
        file.write_bytes(data[:length])
        await refused(file, tmp_path)


async def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    file, _ = await good_backup(tmp_path)
    data = file.read_bytes()
    end = len(data.rstrip(b"\0"))
    inside = [info.offset_data + info.size // 2 for info, _ in members_of(file)]
    assert all(at < end for at in inside)
    for at in inside:
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        await refused(file, tmp_path)


@pytest.mark.parametrize("data", [b"", b"no archive", b"\x1f\x8b\x08" + b"x" * 999, os.urandom(4096), b"\0" * 10240])
async def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "backup.tar").write_bytes(data)
    await refused(tmp_path / "backup.tar", tmp_path)


# The command ---------------------------------------------------------------------------------------------------------


def test_the_commands_in_their_order(uso_bot: Run, tmp_path: Path) -> None:
    early = uso_bot("backup", "a.tar")
    assert (early.returncode, early.stderr.count("\n")) == (1, 1)
    assert "no database" in early.stderr
    assert uso_bot("admin", "grant", "telegram:42", "3").returncode == 0
    made = uso_bot("backup", "a.tar")
    assert made.returncode == 0, made.stderr
    assert hashlib.sha256((tmp_path / "a.tar").read_bytes()).hexdigest() in made.stdout
    again = uso_bot("backup", "a.tar")
    assert (again.returncode, again.stderr) == (2, "uso-bot: a.tar is there already; choose another name.\n")
    assert uso_bot("backup", "verify", "a.tar").stdout.startswith("a.tar is whole: sqlite at revision ")
    assert "backup a.tar" in uso_bot("admin", "audit").stdout
    full = uso_bot("restore", "a.tar")
    assert (full.returncode, full.stderr.count("\n")) == (1, 1)
    assert "--force" in full.stderr
    assert uso_bot("admin", "grant", "telegram:42", "4").returncode == 0
    assert uso_bot("restore", "a.tar", "--force").returncode == 0
    assert "3 of them bonus" in uso_bot("admin", "show", "telegram:42").stdout
    assert (tmp_path / "data/uso-bot.sqlite3.before-restore").is_file()
    (tmp_path / "a.tar").write_bytes((tmp_path / "a.tar").read_bytes()[:5000])
    for command in (("backup", "verify"), ("restore",)):
        cut = uso_bot(*command, "a.tar")
        assert (cut.returncode, cut.stderr.count("\n")) == (1, 1)
        assert "not whole" in cut.stderr
    missing = uso_bot("restore", "none.tar")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)


DOCUMENT = Path(__file__).parents[3] / "docs/upgrade.md"


def documented() -> list[list[str]]:
    """The commands of docs/upgrade.md in their order, each once."""
    found = re.findall(r"\.venv/bin/uso-bot ([a-z0-9 .-]+)", DOCUMENT.read_text(encoding="utf-8"))
    return [command.split() for command in dict.fromkeys(map(str.strip, found))]


def test_every_command_of_the_upgrade_notes_works(uso_bot: Run) -> None:
    assert uso_bot("init", "--no-input").returncode == 0
    assert uso_bot("admin", "grant", "telegram:42", "3").returncode == 0
    commands = documented()
    assert len(commands) == 12
    for command in commands:
        more = ["--force"] if command[0] == "restore" else []
        result = uso_bot(*command, *more)
        if command == ["admin", "drain"]:
            assert "not running" in result.stderr
        else:
            assert result.returncode == 0, (command, result.stderr)
    assert "3 of them bonus" in uso_bot("admin", "show", "telegram:42").stdout


def test_the_way_back_is_asked_for_and_checked(uso_bot: Run) -> None:
    assert uso_bot("admin", "collect").returncode == 0
    for revision, words in (("9999", "known are 0001"), ("base", "known are"), ("0009; drop", "known are")):
        refused = uso_bot("database", "downgrade", revision, "--yes")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert words in refused.stderr
    assert uso_bot("database", "downgrade", "0002", "--yes").returncode == 0
    assert uso_bot("database", "show").stdout.startswith("database 0002, this release ")
    forward = uso_bot("database", "downgrade", "0003", "--yes")
    assert (forward.returncode, "no way back" in forward.stderr) == (2, True)
