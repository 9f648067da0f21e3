"""The twin of the storage in memory: the same rules and transactions, nothing on disk.

Transactions run one after another, as on SQLite: the first access of a unit of work waits until the one before
it has ended, then works on a copy that `commit` puts in place of the original.
"""

from __future__ import annotations

import asyncio
import hashlib
from types import TracebackType
from typing import Self

from bot.domain.requests import PictureHash
from bot.ports.images import PictureMissing
from bot.ports.storage import JobRepository, OutboxRepository, UnitOfWork, UserRepository
from storage.memory_repositories import MemoryJobRepository, MemoryOutboxRepository, MemoryUserRepository
from storage.memory_tables import MemoryTransaction, SharedTables


class MemoryStorage:
    """A database that ends with the process."""

    def __init__(self) -> None:
        self._shared = SharedTables()

    def unit_of_work(self) -> UnitOfWork:
        """A new unit of work, to be entered."""
        return MemoryUnitOfWork(self._shared)


class MemoryUnitOfWork:
    """`bot.ports.storage.UnitOfWork` in memory."""

    users: UserRepository
    jobs: JobRepository
    outbox: OutboxRepository

    def __init__(self, shared: SharedTables) -> None:
        self._shared = shared

    async def __aenter__(self) -> Self:
        """Prepare the repositories."""
        self._transaction = MemoryTransaction(self._shared)
        self.users = MemoryUserRepository(self._transaction)
        self.jobs = MemoryJobRepository(self._transaction)
        self.outbox = MemoryOutboxRepository(self._transaction)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Forget whatever was not committed."""
        self._transaction.end()

    async def commit(self) -> None:
        """Let everybody see the changes."""
        await asyncio.sleep(0)
        self._transaction.commit()


class MemoryImageStore:
    """`bot.ports.images.ImageStore` in memory."""

    def __init__(self) -> None:
        self._pictures: dict[PictureHash, bytes] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    async def put(self, data: bytes) -> PictureHash:
        """Store `data` and return its hash."""
        await asyncio.sleep(0)
        picture = hashlib.sha256(data).hexdigest()
        self._pictures[picture] = bytes(data)
        return picture

    async def get(self, picture: PictureHash) -> bytes:
        """Return the bytes; raises `PictureMissing`."""
        await asyncio.sleep(0)
        try:
            return self._pictures[picture]
        except KeyError as error:
            raise PictureMissing(picture) from error

    async def exists(self, picture: PictureHash) -> bool:
        """Whether the picture is stored."""
        await asyncio.sleep(0)
        return picture in self._pictures

    async def delete(self, picture: PictureHash) -> None:
        """Remove the picture; nothing happens if there is none."""
        await asyncio.sleep(0)
        self._pictures.pop(picture, None)
