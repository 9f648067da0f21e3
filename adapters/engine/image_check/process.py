"""The image check over a process of its own: started with the first picture, replaced when it dies or hangs."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapters.engine.child import child_environment
from adapters.engine.image_check.folder import state
from bot.ports.image_check import CheckFailed, CheckState, CheckStatus

log = logging.getLogger(__name__)

_SERVER: Final = "adapters.engine.image_check.server"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Where the classifier is, what it looks for, and from which probability on that is flagged."""

    folder: Path
    labels: tuple[str, ...]
    flagged_from: float
    load_timeout_s: float = 120.0
    picture_timeout_s: float = 30.0


class ImageCheckProcess:
    """Implements `bot.ports.image_check.ImageCheck`; whether it is on is decided once, by what is in the folder."""

    def __init__(self, settings: CheckSettings) -> None:
        self._settings = settings
        self._status = state(settings.folder, settings.labels)
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        if self._status.state is CheckState.BROKEN:
            log.error("the image check can not be used: %s", self._status.reason)

    @property
    def pid(self) -> int | None:
        """The system's number of the present process, None while there is none."""
        return self._process.pid if self._process is not None else None

    def state(self) -> CheckStatus:
        """As the folder was when the bot started; broken also once the model could not be loaded."""
        return self._status

    async def flags(self, picture: bytes) -> bool:
        """Whether the picture is flagged; one after another. Raises `CheckFailed`."""
        if self._status.state is CheckState.OFF:
            return False
        async with self._turn:
            if self._status.state is CheckState.BROKEN:
                raise CheckFailed(self._status.reason)
            try:
                process = self._process or await self._start()
                answer = await self._ask(process, picture)
            except (OSError, TimeoutError, ValueError) as error:
                await self._end()
                raise CheckFailed(f"the process of the image check is gone: {error!r}") from error
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for that of the next picture
                raise
        if "probability" not in answer:
            raise CheckFailed(str(answer.get("error")))
        return float(answer["probability"]) >= self._settings.flagged_from

    async def close(self) -> None:
        """End the process."""
        await self._end()

    async def _start(self) -> Process:
        settings = self._settings
        process = self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _SERVER, str(settings.folder), *settings.labels),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=child_environment(os.environ),
            start_new_session=True,
        )
        async with asyncio.timeout(settings.load_timeout_s):
            loaded = await _line(process)
        if "broken" in loaded:
            await self._end()
            self._status = CheckStatus(CheckState.BROKEN, f"{settings.folder} can not be loaded: {loaded['broken']}")
            log.error("the image check can not be used: %s", self._status.reason)
            raise CheckFailed(self._status.reason)
        log.info("the image check is ready: it %s", self._status.reason)
        return process

    async def _ask(self, process: Process, picture: bytes) -> Mapping[str, Any]:
        assert process.stdin is not None, "it is a pipe"
        async with asyncio.timeout(self._settings.picture_timeout_s):
            process.stdin.write(len(picture).to_bytes(4, "big") + picture)
            await process.stdin.drain()
            return await _line(process)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _line(process: Process) -> Mapping[str, Any]:
    """Its next answer; raises ValueError once there is none."""
    assert process.stdout is not None, "it is a pipe"
    line = await process.stdout.readline()
    if not line:
        raise ValueError("it ended")
    answer: Mapping[str, Any] = json.loads(line)
    return answer
