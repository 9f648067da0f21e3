"""Pictures that were decoded, checked and made uniform."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.requests import PictureHash

_CROP_MULTIPLE_PX = 16
AUTOMATIC_SUBJECT_SIZE_PX = 512


@dataclass(frozen=True, slots=True)
class AdmittedPicture:
    """An upright RGB picture without metadata, as PNG; `sha256` is of `data`. Sizes in pixels."""

    data: bytes
    sha256: PictureHash
    width: int
    height: int

    def fits_as_subject(self, subject_size: int) -> bool:
        """Whether anything is left of it once the model has scaled and cropped it.

        The model scales the long side to `subject_size` (0: automatic), then crops both sides to multiples of 16.
        """
        long_px, short_px = max(self.width, self.height), min(self.width, self.height)
        return int((subject_size or AUTOMATIC_SUBJECT_SIZE_PX) / long_px * short_px) >= _CROP_MULTIPLE_PX
