"""The engine process as the bot holds it: started, spoken to over a private socket, ended for certain."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import sys
from collections import deque
from typing import TYPE_CHECKING, Final, Self

from adapters.engine import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOG = logging.getLogger(__name__)
_SERVER_MODULE: Final = "adapters.engine.server"
_READ_BUFFER_BYTES: Final = 1024 * 1024
_WRITE_PIECE_BYTES: Final = 256 * 1024
_LOG_LINE_BYTES: Final = 2000
_REAP_TIMEOUT_S: Final = 10.0
_SECRET_NAME: Final = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|DATABASE_URL", re.IGNORECASE)
_CHILD_VARIABLES: Final = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
}


def child_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Our environment without anything secret, and with every way to a hub closed."""
    return {name: value for name, value in ours.items() if not _SECRET_NAME.search(name)} | _CHILD_VARIABLES


class ChildProcess:
    """One engine process; whatever it prints goes to the log, its messages come from a socket of their own."""

    def __init__(
        self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._last_lines: deque[str] = deque(maxlen=5)
        self._sender = asyncio.create_task(self._send_outgoing())
        self._printer = asyncio.create_task(self._log_output())

    @classmethod
    async def spawn(cls) -> Self:
        """Start the process; raises `OSError` when the system refuses."""
        ours, theirs = socket.socketpair()
        try:
            ours.setblocking(False)
            reader, writer = await asyncio.open_connection(sock=ours, limit=_READ_BUFFER_BYTES)
        except BaseException:
            ours.close()
            theirs.close()
            raise
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", _SERVER_MODULE, "--fd", str(theirs.fileno())),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
                env=child_environment(os.environ),
                # Ctrl-C in a terminal reaches the whole session: the bot decides what becomes of a picture.
                start_new_session=True,
            )
        except BaseException:
            writer.close()
            raise
        finally:
            theirs.close()
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The last lines it printed, for the log."""
        return " | ".join(self._last_lines)

    def send(self, frame: bytes) -> None:
        """Hand over a packed message; frames go out in order, and never if the process is gone."""
        self._outgoing.put_nowait(frame)

    async def receive(self) -> wire.FromEngine | None:
        """The next message, None when the process is gone."""
        return await wire.read_from_engine(self._reader)

    def end(self) -> None:
        """End the process by force without waiting; `receive` returns None from now on, once it gave what had come."""
        self._hang_up()
        if self._process.returncode is None:
            self._process.kill()

    async def close(self, timeout_s: float) -> None:
        """End the process kindly, and by force if it takes longer than `timeout_s`."""
        self._hang_up()
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), timeout_s)
            except TimeoutError:
                _LOG.warning("engine process %d does not end; killing it", self.pid)
        await self.kill()

    async def kill(self) -> int | None:
        """End the process by force and return its exit code, None if even that takes too long."""
        self.end()
        try:
            # A process stuck inside a device driver cannot die; waiting for it would keep everybody waiting.
            await asyncio.wait_for(self._process.wait(), _REAP_TIMEOUT_S)
            await asyncio.wait_for(self._printer, _REAP_TIMEOUT_S)
        except TimeoutError:
            _LOG.error("engine process %d cannot be ended", self.pid)
        self._printer.cancel()
        return self._process.returncode

    def _hang_up(self) -> None:
        self._sender.cancel()
        self._writer.close()

    async def _send_outgoing(self) -> None:
        try:
            while True:
                frame = memoryview(await self._outgoing.get())
                for start in range(0, len(frame), _WRITE_PIECE_BYTES):
                    self._writer.write(frame[start : start + _WRITE_PIECE_BYTES])
                    await self._writer.drain()
        except ConnectionError:
            _LOG.debug("engine process %d hung up", self.pid)

    async def _log_output(self) -> None:
        stream, rest = self._process.stdout, b""
        while stream is not None and (chunk := await stream.read(_WRITE_PIECE_BYTES)):
            *lines, rest = re.split(rb"[\r\n]+", rest + chunk)
            for line in lines:
                self._log_line(line)
            rest = rest[-_LOG_LINE_BYTES:]
        self._log_line(rest)

    def _log_line(self, line: bytes) -> None:
        text = line[:_LOG_LINE_BYTES].decode(errors="replace").rstrip()
        if text:
            self._last_lines.append(text)
            _LOG.info("engine process %d: %s", self.pid, text)
