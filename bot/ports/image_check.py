"""Looking at pictures for what must not be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CheckState(StrEnum):
    """Whether pictures are looked at: `off` where no weights are there, `broken` where they can not be used."""

    OFF = "off"
    READY = "ready"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class CheckStatus:
    """State and one sentence that says why, or what is looked for."""

    state: CheckState
    reason: str


class CheckFailed(Exception):  # noqa: N818
    """The picture could not be looked at; `args[0]` is for the log."""


class ImageCheck(Protocol):
    """A classifier, never on the event loop."""

    def state(self) -> CheckStatus:
        """Whether pictures are looked at."""
        ...

    async def flags(self, picture: bytes) -> bool:
        """Whether an encoded picture (PNG, JPEG or WebP) must not be shown. Raises `CheckFailed`.

        While the state is `off` nothing is flagged.
        """
        ...

    async def close(self) -> None:
        """Let go of the classifier."""
        ...


class NoImageCheck:
    """Implements `ImageCheck` where there is nothing to look with."""

    def state(self) -> CheckStatus:
        """Off."""
        return CheckStatus(CheckState.OFF, "no image check was set up")

    async def flags(self, _picture: bytes) -> bool:
        """Flag nothing."""
        return False

    async def close(self) -> None:
        """Do nothing."""
