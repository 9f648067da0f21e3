"""Which picture files stay: those that something names."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from bot.domain.errors import Rejected, Rejection
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import PictureHash
from bot.ports.engine import StyleTokens
from bot.ports.images import ImageStore, PictureMissing
from bot.ports.storage import UnitOfWorkFactory

log = logging.getLogger(__name__)

_BATCH: Final = 500


class PictureKeeper:
    """Removes files that nothing names any more.

    Whoever stores files and then the rows that name them holds `storing` meanwhile: a clean-up in between would take
    the files of the one for left over. Where several processes use the files, it is a lock for all of them.
    """

    def __init__(
        self,
        *,
        images: ImageStore,
        open_unit: UnitOfWorkFactory,
        style_tokens: StyleTokens,
        storing: AbstractAsyncContextManager[object] | None = None,
    ) -> None:
        self._images = images
        self._open_unit = open_unit
        self._style_tokens = style_tokens
        self.storing: Final = asyncio.Lock() if storing is None else storing

    @asynccontextmanager
    async def stored(self, pictures: Sequence[AdmittedPicture]) -> AsyncIterator[None]:
        """Store `pictures` for a block that commits the rows naming them; if it fails, what is new is removed."""
        async with self.storing:
            fresh = [one.sha256 for one in pictures if not await self._images.exists(one.sha256)]
            try:
                for picture in pictures:
                    await self._images.put(picture.data)
                yield
            except BaseException:
                await self.forget_held(fresh)
                raise

    async def forget(self, pictures: Iterable[PictureHash]) -> int:
        """Remove those of `pictures` that nothing names; returns how many went."""
        async with self.storing:
            return await self.forget_held(pictures)

    async def release(self, pictures: Iterable[PictureHash]) -> None:
        """Forget pictures whose rows are gone for good; what can not be removed at present is left to the next sweep.

        For those who have done by then what they were asked for: a disk that fails is no reason to tell them otherwise.
        """
        try:
            await self.forget(pictures)
        except Exception:
            log.exception("pictures that nothing names any more could not be removed yet")

    async def forget_prompts(self) -> None:
        """Remove what was computed from prompts, as when rows that held some are gone."""
        await self._style_tokens.forget_prompts()

    async def forget_held(self, pictures: Iterable[PictureHash]) -> int:
        """The same for a caller that holds `storing`."""
        candidates = sorted(set(pictures))
        removed = 0
        for start in range(0, len(candidates), _BATCH):
            batch = candidates[start : start + _BATCH]
            async with self._open_unit() as unit:
                named = await unit.pictures.named(batch)
            for picture in batch:
                if picture not in named:
                    await self._remove(picture)
                    removed += 1
        return removed

    async def _remove(self, picture: PictureHash) -> None:
        try:
            data = await self._images.get(picture)
        except PictureMissing:
            pass  # gone or damaged: what was computed from it ages out by itself
        else:
            await self._style_tokens.forget(data)
        await self._images.delete(picture)


async def check_references(images: ImageStore, references: Iterable[PictureHash]) -> None:
    """Refuse a request whose reference pictures were let go; raises `Rejected`."""
    for picture in references:
        if not await images.exists(picture):
            raise Rejected(Rejection.PICTURE_GONE)
