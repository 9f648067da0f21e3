"""What becomes of pictures that the image check flags: uploads, results, and previews on the way to them."""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PIL import Image

from bot.domain.errors import Rejected, Rejection
from bot.ports.image_check import CheckFailed, CheckState, ImageCheck

log = logging.getLogger(__name__)

_LOOKED_AT_PX: Final = 512
"""The longer side at most; classifiers look at smaller ones still."""


class FlaggedResults(StrEnum):
    """What happens to a result that is flagged."""

    WITHHOLD = "withhold"
    SPOILER = "spoiler"


@dataclass(frozen=True, slots=True)
class CheckRules:
    """Whether uploads are looked at as well, and what happens to results."""

    refuses_uploads: bool = True
    results: FlaggedResults = FlaggedResults.WITHHOLD


class Verdict(StrEnum):
    """How a result may be shown."""

    SHOW = "show"
    SPOILER = "spoiler"
    WITHHOLD = "withhold"


class PictureCheck:
    """Looks at pictures where there is something to look with; else lets everything pass."""

    def __init__(self, check: ImageCheck, rules: CheckRules) -> None:
        self._check = check
        self._rules = rules

    async def admit(self, upload: bytes) -> None:
        """Raise `Rejected` for an upload that is flagged or, where it should be looked at, can not be."""
        if not (self._is_on and self._rules.refuses_uploads):
            return
        try:
            is_flagged = await self._flags(upload)
        except CheckFailed as error:
            log.error("an upload could not be looked at: %s", error)
            raise Rejected(Rejection.PICTURE_UNCHECKED) from error
        if is_flagged:
            raise Rejected(Rejection.PICTURE_NOT_ALLOWED)

    async def judge(self, result: bytes) -> Verdict:
        """How a finished picture may be shown. Raises `CheckFailed`: what was not looked at is not shown."""
        if not (self._is_on and await self._flags(result)):
            return Verdict.SHOW
        return Verdict.WITHHOLD if self._rules.results is FlaggedResults.WITHHOLD else Verdict.SPOILER

    async def shows_preview(self, preview: bytes) -> bool:
        """Whether a preview may be shown; one that can not be looked at may not."""
        if not self._is_on:
            return True
        try:
            return not await self._check.flags(preview)
        except CheckFailed as error:
            log.warning("a preview could not be looked at: %s", error)
            return False

    @property
    def _is_on(self) -> bool:
        return self._check.state().state is not CheckState.OFF

    async def _flags(self, picture: bytes) -> bool:
        return await self._check.flags(await asyncio.to_thread(_small, picture))


def _small(picture: bytes) -> bytes:
    """A PNG of ours as a small JPEG: large ones would take longer on their way than being looked at."""
    encoded = io.BytesIO()
    with Image.open(io.BytesIO(picture), formats=("PNG",)) as opened:
        small = opened.convert("RGB")
    small.thumbnail((_LOOKED_AT_PX, _LOOKED_AT_PX), reducing_gap=3.0)
    small.save(encoded, "JPEG", quality=95)
    return encoded.getvalue()
