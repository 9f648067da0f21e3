"""Subject, style and result in one picture, for sharing."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Final

from PIL import Image

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId
from bot.domain.requests import PictureHash
from bot.ports.images import ImageStore, PictureMissing
from bot.services.history import History, picture_of

_GAP_PX: Final = 16
_WIDEST_PX: Final = 4096
_WIDEST_SHAPE: Final = 2.0
_WHITE: Final = (255, 255, 255)


class MakeTriptych:
    """Puts a finished picture beside what it was made from."""

    def __init__(self, *, images: ImageStore, history: History) -> None:
        self._images = images
        self._history = history

    async def __call__(self, actor: Actor, job_id: JobId, index: int) -> bytes:
        """Subject, styles and result from left to right, as PNG without metadata, at most 4096 px wide.

        Raises `Rejected` for what the actor may not see, for a picture made from words alone, and where a file that
        it needs was let go.
        """
        job = await self._history.job(actor, job_id)
        result = picture_of(job, index)
        if not result.is_kept:
            raise Rejected(Rejection.RESULT_GONE)
        references = [*([job.request.subject] if job.request.subject else []), *job.request.styles]
        if not references:
            raise Rejected(Rejection.TRIPTYCH_WITHOUT_REFERENCES)
        panels = [await self._read(one, Rejection.PICTURE_GONE) for one in references]
        panels.append(await self._read(result.picture, Rejection.RESULT_GONE))
        return await asyncio.to_thread(compose, panels)

    async def _read(self, picture: PictureHash, gone: Rejection) -> bytes:
        try:
            return await self._images.get(picture)
        except PictureMissing as error:
            raise Rejected(gone) from error


def compose(panels: Sequence[bytes]) -> bytes:
    """PNG pictures side by side with white between, as high as the last one, smaller if that gets too wide.

    Of a panel more than twice as wide as high only the middle is shown. Takes seconds for the largest references:
    call it in a thread.
    """
    shapes = [min(_shape(panel), _WIDEST_SHAPE) for panel in panels]
    gaps_px = _GAP_PX * (len(panels) - 1)
    height = min(_height(panels[-1]), int((_WIDEST_PX - gaps_px) / sum(shapes)))
    widths = [max(1, int(height * shape)) for shape in shapes]
    canvas = Image.new("RGB", (sum(widths) + gaps_px, height), _WHITE)
    left = 0
    for panel, width in zip(panels, widths, strict=True):
        canvas.paste(_fitted(panel, width, height), (left, 0))
        left += width + _GAP_PX
    encoded = io.BytesIO()
    canvas.save(encoded, "PNG")
    return encoded.getvalue()


def _shape(panel: bytes) -> float:
    with Image.open(io.BytesIO(panel), formats=("PNG",)) as opened:
        return opened.width / opened.height


def _height(panel: bytes) -> int:
    with Image.open(io.BytesIO(panel), formats=("PNG",)) as opened:
        return opened.height


def _fitted(panel: bytes, width: int, height: int) -> Image.Image:
    """The middle of the picture in the shape of `width` and `height`, at that size."""
    with Image.open(io.BytesIO(panel), formats=("PNG",)) as opened:
        picture = opened.convert("RGB")
    kept = min(picture.width, picture.height * width / height)
    left = (picture.width - kept) / 2
    box = (left, 0.0, left + kept, float(picture.height))
    return picture.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
