"""An image check that the test holds in its hand."""

from __future__ import annotations

from bot.ports.image_check import CheckFailed, CheckState, CheckStatus


class Turns:
    """An image check that flags the pictures whose turn, counted from 0, is in `flagged`; `seen` keeps them all."""

    def __init__(self, *flagged: int, is_down: bool = False) -> None:
        self.flagged = flagged
        self.is_down = is_down
        self.seen: list[bytes] = []
        self.is_closed = False

    def state(self) -> CheckStatus:
        """Ready, whatever `is_down` says: that it fails shows when it is used."""
        return CheckStatus(CheckState.READY, "looks for the turns of pictures")

    async def flags(self, picture: bytes) -> bool:
        """By its turn."""
        if self.is_down:
            raise CheckFailed("it is down")
        self.seen.append(picture)
        return len(self.seen) - 1 in self.flagged

    async def close(self) -> None:
        """Note it."""
        self.is_closed = True
