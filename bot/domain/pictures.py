"""Pictures that were decoded, checked and made uniform."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.requests import PictureHash

_CROP_MULTIPLE_PX = 16
_KEPT_LONG_SIDE_PX = 1024
_MIN_MODEL_SIDE_PX = 64
_MAX_MODEL_SIDE_PX = 4096
AUTOMATIC_SUBJECT_SIZE_PX = 512


@dataclass(frozen=True, slots=True)
class AdmittedPicture:
    """An upright RGB picture without metadata, as PNG; `sha256` is of `data`. Sizes in pixels."""

    data: bytes
    sha256: PictureHash
    width: int
    height: int

    def fits_as_subject(self, subject_size: int) -> bool:
        """Whether anything is left of it once the model has scaled and cropped it."""
        return min(self._encoded_size(subject_size or AUTOMATIC_SUBJECT_SIZE_PX)) >= _CROP_MULTIPLE_PX

    def kept_size(self, subject_size: int) -> tuple[int, int] | None:
        """Width and height of a picture that keeps this one's shape, or None if the model can not draw that.

        The size it is encoded at times 1024 / `subject_size`, as the published code has it.
        """
        long_px = subject_size or AUTOMATIC_SUBJECT_SIZE_PX
        scale = _KEPT_LONG_SIDE_PX / long_px
        width, height = (_cropped(int(side * scale)) for side in self._encoded_size(long_px))
        fits = min(width, height) >= _MIN_MODEL_SIDE_PX and max(width, height) <= _MAX_MODEL_SIDE_PX
        return (width, height) if fits else None

    def _encoded_size(self, long_px: int) -> tuple[int, int]:
        """The model scales the long side to `long_px`, then crops both sides to multiples of 16."""
        if self.width == self.height == _CROP_MULTIPLE_PX:
            return self.width, self.height  # taken as it is, as published
        if self.width >= self.height:
            return _cropped(long_px), _cropped(int(long_px / self.width * self.height))
        return _cropped(int(long_px / self.height * self.width)), _cropped(long_px)


def _cropped(side_px: int) -> int:
    return side_px // _CROP_MULTIPLE_PX * _CROP_MULTIPLE_PX
