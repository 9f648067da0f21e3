"""Files that people posted, fetched from Discord's own addresses and from nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from adapters.discord.settings import DiscordSettings
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId

_HOSTS: Final = frozenset(
    {"cdn.discordapp.com", "media.discordapp.net", "images-ext-1.discordapp.net", "images-ext-2.discordapp.net"}
)
_TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=10)
_CHUNK_BYTES: Final = 64 * 1024
_MIB: Final = 2**20


class AttachmentUnreachable(Exception):  # noqa: N818 -- a refusal, not a fault
    """An attachment could not be downloaded from Discord."""


@dataclass(frozen=True, slots=True)
class ResultName:
    """Job and index of a picture that this bot made."""

    job_id: JobId
    index: int


@dataclass(frozen=True, slots=True)
class PostedPicture:
    """A picture on a message; `url` is signed and expires, `size_bytes` is what Discord says, if it does.

    `result` is what it shows if this bot posted it.
    """

    url: str
    filename: str
    size_bytes: int | None = None
    is_spoiler: bool = False
    result: ResultName | None = None


class Cdn:
    """Discord's file servers; with another API address (a proxy's, a test's) also the files there.

    The addresses come from messages that anybody can write. So that nobody makes the bot ask a machine in its own
    network, hosts are known ones, redirects are not followed, and a file is cut off once it is too large.
    """

    def __init__(self, settings: DiscordSettings) -> None:
        self._own = URL(settings.api_base_url).origin() if settings.api_base_url else None
        self._session: aiohttp.ClientSession | None = None

    def serves(self, url: str) -> bool:
        """Whether this is one of Discord's own files."""
        try:
            address = URL(url)
        except (ValueError, IndexError):  # the latter for brackets without an end
            return False
        if not (address.scheme and address.host):
            return False
        if self._own is not None and address.origin() == self._own:
            # Decoded: a server in between may take `..%2f` for the way up.
            return address.path.startswith("/attachments/") and ".." not in address.path
        return (
            address.scheme == "https"
            and address.host in _HOSTS
            and address.explicit_port is None
            and address.user is None
        )

    async def fetch(self, picture: PostedPicture, *, most_bytes: int) -> bytes:
        """The file's bytes. Raises `Rejected` for one that is too large, else `AttachmentUnreachable`."""
        if not self.serves(picture.url):
            raise AttachmentUnreachable(picture.filename)
        if (picture.size_bytes or 0) > most_bytes:
            raise _too_large(most_bytes)
        try:
            async with self._connected().get(picture.url, allow_redirects=False) as response:
                if response.status != 200:
                    raise AttachmentUnreachable(f"{picture.filename}: {response.status}")
                return await _read(response, most_bytes)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AttachmentUnreachable(picture.filename) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        data += chunk
        if len(data) > most_bytes:
            raise _too_large(most_bytes)
    return bytes(data)


def _too_large(most_bytes: int) -> Rejected:
    return Rejected(Rejection.FILE_TOO_LARGE, limit_mb=most_bytes // _MIB)
