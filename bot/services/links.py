"""Signed links to originals: for files that are too large for a chat."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.domain.jobs import JobId
from bot.ports.clock import Clock
from bot.ports.images import ImageStore, PictureMissing
from bot.ports.storage import UnitOfWorkFactory

LINK_KEY_BYTES: Final = 32
_MOST_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """`public_url` is where the page can be reached from outside, without a slash at the end.

    Whoever has the `key` (32 random bytes) can make links; it is not shown when this is printed.
    """

    public_url: str
    key: bytes = field(repr=False)
    life: timedelta = timedelta(days=7)


class SignLink:
    """Makes links that anybody who has them can open until they expire: give them only to who may see the picture."""

    def __init__(self, *, settings: LinkSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def __call__(self, job_id: JobId, index: int) -> str:
        """The address of an original on the page."""
        expires = int((self._clock.now() + self._settings.life).timestamp())
        signature = _signature(self._settings.key, job_id, index, expires)
        return f"{self._settings.public_url}/o/{job_id}/{index}?e={expires}&s={signature}"


class OpenLink:
    """Opens what `SignLink` made."""

    def __init__(
        self, *, settings: LinkSettings, open_unit: UnitOfWorkFactory, images: ImageStore, clock: Clock
    ) -> None:
        self._settings = settings
        self._open_unit = open_unit
        self._images = images
        self._clock = clock

    async def __call__(self, job_id: JobId, index: str, expires: str, signature: str) -> bytes | None:
        """The original as PNG; None if the link is wrong or has expired, or the picture was deleted or let go.

        What comes from the address is taken as it is; nothing is read before the signature fits.
        """
        if not self._is_valid(job_id, index, expires, signature):
            return None
        async with self._open_unit() as unit:
            job = await unit.jobs.get(job_id)
        if job is None or job.hidden_at is not None:
            return None
        picture = next((one for one in job.pictures if one.index == int(index) and one.is_kept), None)
        if picture is None:
            return None
        try:
            return await self._images.get(picture.picture)
        except PictureMissing:
            return None

    def _is_valid(self, job_id: JobId, index: str, expires: str, signature: str) -> bool:
        if not (_is_number(index) and _is_number(expires)):
            return False
        wanted = _signature(self._settings.key, job_id, int(index), int(expires))
        # Compared as bytes: text outside ASCII can not be compared in constant time.
        is_ours = hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
        return is_ours and self._clock.now().timestamp() < int(expires)


def _signature(key: bytes, job_id: JobId, index: int, expires: int) -> str:
    """HMAC-SHA256 over job, index and expiry, as base64url without padding."""
    digest = hmac.new(key, f"{job_id}/{index}/{expires}".encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and str(int(text)) == text
