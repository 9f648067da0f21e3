"""Everything that is kept about a person, as a zip file."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import IO, Any, BinaryIO, Final, TypeVar

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.credits import user_account
from bot.domain.errors import Rejected, Rejection
from bot.domain.histories import Search
from bot.domain.jobs import Job, JobId
from bot.domain.people import Identity
from bot.domain.requests import PictureHash
from bot.ports.clock import Clock
from bot.ports.images import ImageStore, PictureMissing
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.export_records import Access, account_record, card_record, copy_record, job_record, tray_record

_PAGE: Final = 100
_ALL_BOOKINGS: Final = 10_000_000

T = TypeVar("T")


class Export:
    """Writes a person's data into a file, page by page and picture by picture.

    `account.json`, `jobs.json` (deleted ones too), `favourites.json`, `styles.json`, `tray.json`, `copies.json` (what
    platforms keep of one's results), `reports.json` (what one reported), under `pictures/` every file that these name
    by its hash, and in `missing.json` the hashes whose files were let go.
    """

    def __init__(self, *, open_unit: UnitOfWorkFactory, images: ImageStore, clock: Clock) -> None:
        self._open_unit = open_unit
        self._images = images
        self._clock = clock

    async def __call__(self, actor: Actor, file: BinaryIO, *, with_pictures: bool = True, by: str = "") -> None:
        """Write the zip into `file`, which need not be seekable. Raises `Rejected` for somebody never seen.

        `by` is whoever takes somebody else's data: then it is in the audit log.
        Without pictures there is neither `pictures/` nor `missing.json`.

        After an error or a cancellation what was written is no whole zip.
        """
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
        if user_id is None:
            raise Rejected(Rejection.PERSON_UNKNOWN)
        if by:
            await self._note(actor, by)
        archive = zipfile.ZipFile(file, "w", allowZip64=True)
        zip_file = _Archive(archive, self._clock.now())
        try:
            named = await self._write_words(zip_file, user_id)
            if with_pictures:
                await self._write_pictures(zip_file, named)
        finally:
            await zip_file.close()

    async def _note(self, actor: Actor, by: str) -> None:
        async with self._open_unit() as unit:
            await unit.audit.add(AuditEntry(self._clock.now(), by, AuditAction.EXPORT, actor.key))
            await unit.commit()

    async def _write_words(self, zip_file: _Archive, user_id: UserId) -> Mapping[PictureHash, None]:
        """Everything but the pictures; returns those that it names."""
        named: dict[PictureHash, None] = {}
        await zip_file.write_json("account.json", await self._account(user_id))
        async with zip_file.json_list("jobs.json") as write:
            async for job in self._jobs(Search(user_id, limit=_PAGE, include_hidden=True)):
                await write(job_record(job))
                named.update(dict.fromkeys((*job.request.references, *(one.picture for one in job.pictures))))
        await zip_file.write_json("favourites.json", await self._favourites(user_id))
        async with self._open_unit() as unit:
            cards, tray = await unit.styles.owned_by(user_id), await unit.trays.get(user_id)
            copies = await unit.copies.owned_by(user_id)
            reports = await unit.reports.made_by(user_id)
        await zip_file.write_json("styles.json", [card_record(card) for card in cards])
        await zip_file.write_json("tray.json", tray_record(tray))
        await zip_file.write_json("copies.json", [copy_record(copy) for copy in copies])
        await zip_file.write_json("reports.json", [asdict(report) for report in reports])
        named.update(dict.fromkeys(picture for card in cards for picture in card.pictures))
        named.update(dict.fromkeys(tray.pictures))
        return named

    async def _write_pictures(self, zip_file: _Archive, named: Mapping[PictureHash, None]) -> None:
        missing = []
        for picture in named:
            try:
                data = await self._images.get(picture)
            except PictureMissing:
                missing.append(picture)
            else:
                await zip_file.write_stored(f"pictures/{picture}.png", data)
        await zip_file.write_json("missing.json", missing)

    async def _account(self, user_id: UserId) -> dict[str, Any]:
        async with self._open_unit() as unit:
            user = await unit.users.get(user_id)
            identities = await unit.users.identities(user_id)
            settings = await unit.settings.of_user(user_id)
            account = await unit.accounts.find(user_account(user_id))
            bookings = await unit.accounts.bookings(user_account(user_id), limit=_ALL_BOOKINGS)
            access = await _access(unit, identities)
        if user is None:
            raise Rejected(Rejection.PERSON_UNKNOWN)  # deleted in this very moment
        return account_record(user, identities, settings, account=account, bookings=bookings, access=access)

    async def _jobs(self, search: Search) -> AsyncIterator[Job]:
        """All jobs that are found, newest first."""
        async for job, _ in self._marked_jobs(search):
            yield job

    async def _marked_jobs(self, search: Search) -> AsyncIterator[tuple[Job, frozenset[tuple[JobId, int]]]]:
        """All jobs that are found, newest first, with what the person marked on their page."""
        before: int | None = None
        while True:
            async with self._open_unit() as unit:
                page = await unit.history.search(replace(search, before=before))
            for job in page.jobs:
                yield job, page.favourites
            if page.older is None:
                return
            before = page.older

    async def _favourites(self, user_id: UserId) -> list[dict[str, Any]]:
        """The marked pictures; other people's by their place only, for the rest is theirs."""
        marked = []
        async for job, favourites in self._marked_jobs(Search(user_id, only_favourites=True, limit=_PAGE)):
            marked += [{"job": job_id, "picture": index + 1} for job_id, index in favourites if job_id == job.id]
        return marked


async def _access(unit: UnitOfWork, identities: Sequence[Identity]) -> Access:
    own = {(one.platform, one.external_id) for one in identities}
    is_at_page = any(platform is Platform.WEB for platform, _ in own)
    return Access(
        tokens=[one for one in await unit.api_tokens.all() if (one.platform, one.external_id) in own],
        sessions=await unit.web_access.all() if is_at_page else (),
    )


class _Archive:
    """A zip file that is written in threads, one step after another."""

    def __init__(self, archive: zipfile.ZipFile, now: datetime) -> None:
        self._archive = archive
        self._written_at = now.timetuple()[:6]

    async def write_json(self, name: str, data: object) -> None:
        """Add a JSON file."""
        text = await _in_thread(lambda: _as_json(data, indent=2).encode())
        await _in_thread(lambda: self._archive.writestr(self._entry(name, zipfile.ZIP_DEFLATED), text))

    async def write_stored(self, name: str, data: bytes) -> None:
        """Add a file that is compressed already."""
        await _in_thread(lambda: self._archive.writestr(self._entry(name, zipfile.ZIP_STORED), data))

    @asynccontextmanager
    async def json_list(self, name: str) -> AsyncIterator[Callable[[object], Any]]:
        """Add a JSON file that is a list; what the block calls adds one item, each on a line of its own."""
        entry = self._entry(name, zipfile.ZIP_DEFLATED)
        member: IO[bytes] = await _in_thread(lambda: self._archive.open(entry, "w", force_zip64=True))
        separator = b"[\n"

        async def write(item: object) -> None:
            nonlocal separator
            line = separator + _as_json(item).encode()
            separator = b",\n"
            await _in_thread(lambda: member.write(line))

        try:
            yield write
            await _in_thread(lambda: member.write(b"[]" if separator == b"[\n" else b"\n]"))
        finally:
            await _in_thread(member.close)

    async def close(self) -> None:
        """Write the list of contents."""
        await _in_thread(self._archive.close)

    def _entry(self, name: str, method: int) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._written_at)
        entry.compress_type = method
        return entry


async def _in_thread(action: Callable[[], T]) -> T:
    """Run `action` in a thread to its end even when cancelled: two threads must never write at once."""
    work = asyncio.ensure_future(asyncio.to_thread(action))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


def _as_json(data: object, *, indent: int | None = None) -> str:
    return json.dumps(data, ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
