"""The engine: whatever turns one task into one picture, in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bot.domain.engines import EngineState
from bot.domain.jobs import JobId
from bot.domain.requests import Variation


@dataclass(frozen=True, slots=True)
class UpscalerInfo:
    """The loaded upscaler."""

    label: str
    revision: str


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """The loaded model; `profile` names its precision profile.

    `native_side_px` is set when requests are scaled to it (1024 asked = this many drawn).
    """

    label: str
    revision: str
    is_toy: bool
    device: str
    profile: str
    native_side_px: int | None
    upscaler: UpscalerInfo


@dataclass(frozen=True, slots=True)
class EngineMemory:
    """The memory that the engine works in, when it was last looked at: after loading and after each picture.

    On a card `used_bytes` are taken by tensors, `reserved_bytes` kept from the card for them (never less), and
    `total_bytes` is what the card has. On a CPU both are the resident size of the engine's process, and the total is
    the machine's.
    """

    used_bytes: int
    reserved_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """State with what goes with it: `fraction` 0 to 1 of the warm-up, `seconds_left` a guess, `reason` when broken.

    `memory` is told while ready.
    """

    state: EngineState
    fraction: float = 0.0
    seconds_left: float | None = None
    reason: str = ""
    info: EngineInfo | None = None
    memory: EngineMemory | None = None


@dataclass(frozen=True, slots=True)
class EngineTask:
    """One picture to make; reference pictures as encoded files (PNG, upright, RGB). `preview_every` 0 sends none.

    With `upscale_of` that picture is enlarged to twice its sides, `width` and `height`; its tiles are the steps, there
    are no previews, and everything else is of no account.
    """

    job_id: JobId
    prompt: str
    subject: bytes | None
    styles: tuple[bytes, ...]
    width: int
    height: int
    keep_size: bool
    steps: int
    guidance: float
    subject_size: int
    seed: int
    variation: Variation | None
    preview_every: int = 5
    upscale_of: bytes | None = None


@dataclass(frozen=True, slots=True)
class StepDone:
    """One denoising step, or one tile of an enlarged picture, is done; `preview` is a small JPEG now and then."""

    step: int
    steps: int
    elapsed_s: float
    preview: bytes | None = None


@dataclass(frozen=True, slots=True)
class PictureDone:
    """The finished picture: 8-bit RGB rows, top to bottom, `width * height * 3` bytes.

    `shrunk_to` is set when memory was not enough for what was asked: a task of this width and height, with `keep_size`
    off, gives the same picture again.
    """

    width: int
    height: int
    rgb: bytes
    duration_s: float
    shrunk_to: tuple[int, int] | None = None


EngineEvent = StepDone | PictureDone


class EngineLost(Exception):  # noqa: N818
    """The engine died or hung; a fresh one is being started and the task may be tried again."""


class EngineRestarted(EngineLost):
    """An operator has the engine start afresh; the task is not at fault and is to be tried again."""


class EngineRefused(Exception):  # noqa: N818
    """The model says this task can never work; `args[0]` is one sentence."""


class EngineOutOfMemory(Exception):  # noqa: N818
    """The picture did not fit into memory, not even smaller."""


class EngineFailed(Exception):  # noqa: N818
    """The task failed inside the engine, which lives on; `args[0]` is for the log."""


class TaskStopped(Exception):  # noqa: N818
    """The task ended because `stop` asked for it."""


class Engine(Protocol):
    """One model on one device; works on one task at a time."""

    @property
    def status(self) -> EngineStatus:
        """The present status."""
        ...

    def watch_status(self) -> AsyncIterator[EngineStatus]:
        """The present status at once, then every change until the engine is closed; slow readers see the latest."""
        ...

    async def start(self) -> None:
        """Begin to start; returns at once, `status` tells how it goes."""
        ...

    async def wait_ready(self) -> EngineInfo:
        """Wait until tasks are taken."""
        ...

    def generate(self, task: EngineTask) -> AsyncIterator[EngineEvent]:
        """Work on `task`: steps, then one `PictureDone`.

        Raises `EngineLost`, `EngineRefused`, `EngineOutOfMemory`, `EngineFailed` or `TaskStopped`.
        """
        ...

    async def stop(self, job_id: JobId) -> None:
        """Stop that job's task within one step; nothing happens if it is not running."""
        ...

    async def restart(self) -> None:
        """End the process and begin to start a fresh one at once, also of a broken engine; returns without waiting.

        A running task raises `EngineRestarted`. Raises `EngineLost` after `close`.
        """
        ...

    async def close(self) -> None:
        """End the process; a running task raises `EngineLost`."""
        ...


class StyleTokens(Protocol):
    """What the engine computed from pictures and prompts and keeps on disk, to spare itself the work."""

    async def forget(self, picture: bytes) -> None:
        """Remove what was computed from this picture file (as stored), for every model revision.

        Raises `OSError` if something cannot be removed.
        """
        ...

    async def forget_prompts(self) -> None:
        """Remove what was computed from prompts, whosever they were: it is soon made again, and no one's name is on it.

        Raises `OSError` if something cannot be removed.
        """
        ...
