"""Retention: picture files go by age and by disk budget, and what nothing names is swept up; recipes stay."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never

from bot.domain.requests import PictureHash
from bot.ports.clock import Clock
from bot.ports.images import ImageStore
from bot.ports.storage import UnitOfWorkFactory
from bot.services.keeping import PictureKeeper

log = logging.getLogger(__name__)

_LET_GO_AT_ONCE: Final = 200
# Requests wait while files are being removed, so it is done in small portions.
_REMOVED_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long files stay after their job ended; 0 days keeps them, a budget of None is without bound.

    A file that nothing names is left alone for `grace_s` after it was stored; there is a look every `pause_s`.
    """

    result_days: int = 0
    reference_days: int = 0
    disk_budget_bytes: int | None = None
    grace_s: float = 3600.0
    pause_s: float = 6 * 3600.0


@dataclass(slots=True)
class Collected:
    """What one round did: pictures that jobs ceased to name, files removed, and the bytes still stored."""

    results: int = 0
    references: int = 0
    files: int = 0
    stored_bytes: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing was to be done."""
        return not (self.results or self.references or self.files)


class _Kind(Enum):
    RESULTS = "results"
    REFERENCES = "references"


class Retention:
    """Lets picture files go. Favourites, style cards and trays keep theirs; so does every job that has not ended."""

    def __init__(
        self,
        *,
        settings: RetentionSettings,
        images: ImageStore,
        open_unit: UnitOfWorkFactory,
        keeper: PictureKeeper,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._images = images
        self._open_unit = open_unit
        self._keeper = keeper
        self._clock = clock

    async def run(self) -> None:
        """Collect at once and then every few hours, for ever; what goes wrong is logged and tried again."""
        while True:
            try:
                collected = await self.collect(self._clock.now())
                if not collected.is_idle:
                    log.info(
                        "retention: let go of %d results and %d references, removed %d files; %.1f MB are stored",
                        collected.results,
                        collected.references,
                        collected.files,
                        collected.stored_bytes / 1e6,
                    )
            except Exception:
                log.exception("retention: the round was not finished")
            await asyncio.sleep(self._settings.pause_s)

    async def collect(self, now: datetime) -> Collected:
        """One round: by age, then what nothing names, then, oldest first, until the budget is kept."""
        collected = Collected()
        for kind, days in (
            (_Kind.RESULTS, self._settings.result_days),
            (_Kind.REFERENCES, self._settings.reference_days),
        ):
            if days:
                before = now - timedelta(days=days)
                while await self._let_go(kind, collected, before=before, limit=_LET_GO_AT_ONCE):
                    pass
        await self._sweep(collected, now)
        await self._keep_budget(collected)
        return collected

    async def _let_go(self, kind: _Kind, collected: Collected, *, before: datetime | None, limit: int) -> bool:
        """Have ended jobs name some of their oldest files no more and remove those; False when there are none."""
        async with self._open_unit() as unit:
            match kind:
                case _Kind.RESULTS:
                    pictures = await unit.pictures.let_go_results(finished_before=before, limit=limit)
                    collected.results += len(pictures)
                case _Kind.REFERENCES:
                    pictures = await unit.pictures.let_go_references(finished_before=before, limit=limit)
                    collected.references += len(pictures)
                case _:
                    assert_never(kind)
            await unit.commit()
        collected.files += await self._remove(pictures)
        return bool(pictures)

    async def _sweep(self, collected: Collected, now: datetime) -> None:
        """Remove what an interrupted request or deletion left.

        A file from the future was stored before the clock was set back: it is as good as fresh.
        """
        stored_before = now - timedelta(seconds=self._settings.grace_s)
        async for files in self._images.files():
            old = [file.picture for file in files if file.stored_at <= stored_before]
            if not old:
                continue
            async with self._open_unit() as unit:
                named = await unit.pictures.named(old)
            collected.files += await self._remove(picture for picture in old if picture not in named)

    async def _keep_budget(self, collected: Collected) -> None:
        budget = self._settings.disk_budget_bytes
        size_bytes, files = await self._measure()
        for kind in _Kind:
            while budget is not None and size_bytes > budget:
                # About as many as are too many, so that nothing goes that has room; then measured again, because
                # a picture that is let go may stay for another job, and files differ in size.
                wanted = -(-(size_bytes - budget) * files // size_bytes)
                limit = max(1, min(wanted, _LET_GO_AT_ONCE))
                if not await self._let_go(kind, collected, before=None, limit=limit):
                    break
                size_bytes, files = await self._measure()
        collected.stored_bytes = size_bytes
        if budget is not None and size_bytes > budget:
            log.warning(
                "retention: %.1f MB of pictures are stored, %.1f MB over the budget, and all of them are still needed",
                size_bytes / 1e6,
                (size_bytes - budget) / 1e6,
            )

    async def _measure(self) -> tuple[int, int]:
        """How many bytes are stored in how many files."""
        size_bytes = count = 0
        async for files in self._images.files():
            size_bytes += sum(file.size_bytes for file in files)
            count += len(files)
        return size_bytes, count

    async def _remove(self, pictures: Iterable[PictureHash]) -> int:
        every = list(pictures)
        removed = 0
        for start in range(0, len(every), _REMOVED_AT_ONCE):
            removed += await self._keeper.forget(every[start : start + _REMOVED_AT_ONCE])
        return removed
