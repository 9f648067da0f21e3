"""Result pictures as files that Discord takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from discord import HTTPException

from adapters.discord.cards import Attached
from bot.domain.jobs import Job, JobId, ResultPicture
from bot.messages.catalogs import Catalog
from bot.ports.images import ImageStore
from bot.services.links import SignLink
from bot.services.uploads import fit_upload

REQUEST_BYTES: Final = 24 * 1024 * 1024
"""All files of one message together, with room for what goes around them."""
SMALLEST_LIMIT_BYTES: Final = 64 * 1024

_TOO_LARGE: Final = 40005
_ORIGINAL_ENDING: Final = ".png"


async def attach_pictures(
    images: ImageStore, job_id: JobId, pictures: Iterable[ResultPicture], limit_bytes: int
) -> tuple[Attached, ...]:
    """The pictures as files of at most `limit_bytes` each: the original wherever it fits. Raises `PictureMissing`."""
    attached = []
    for picture in pictures:
        png = await images.get(picture.picture)
        attached.append(await attach(png, limit_bytes, stem=f"uso-{job_id}-{picture.index + 1}"))
    return tuple(attached)


async def attach(png: bytes, limit_bytes: int, *, stem: str) -> Attached:
    """One picture as a file of at most `limit_bytes`; its ending tells what it became."""
    data, filename = await asyncio.to_thread(fit_upload, png, limit_bytes, stem=stem)
    return Attached(filename, data)


def originals_told(sign: SignLink | None, job: Job, filenames: Sequence[str], catalog: Catalog) -> list[str]:
    """Where the originals are whose files became something else to fit; nothing where none did.

    The page's links need a public page.
    """
    smaller = [
        picture for picture, name in zip(job.pictures, filenames, strict=False) if not name.endswith(_ORIGINAL_ENDING)
    ]
    if not smaller:
        return []
    notes = [catalog.text("note-smaller-copy", count=len(smaller), id=job.id)]
    if sign is not None:
        notes += [catalog.text("show-original", number=one.index + 1, url=sign(job.id, one.index)) for one in smaller]
    return notes


def is_too_large(error: HTTPException) -> bool:
    """Whether Discord refused the files for their size."""
    return error.status == 413 or error.code == _TOO_LARGE


def smaller_limit(limit_bytes: int, attached: Iterable[Attached]) -> int:
    """What to try next after files of this limit were too large."""
    largest = max((len(one.data) for one in attached), default=limit_bytes)
    return min(limit_bytes, largest) // 2
