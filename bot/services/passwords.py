"""Passwords, as Argon2id keeps them."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes and checks, one at a time and in a thread: each takes a moment and 64 MiB of memory, on purpose.

    The parameters are RFC 9106's for machines without memory to spare (its second choice) unless others are given.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Lock()

    async def hash(self, password: str) -> str:
        """What can be stored: salt and parameters are in it."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str) -> bool:
        """Whether `stored` was made of that password; what is no hash fits nothing."""
        async with self._turn:
            return await asyncio.to_thread(self._fits, password, stored)

    def _fits(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
