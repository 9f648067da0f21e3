"""The bot's side of the control socket."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import Final

import msgspec

from adapters.control.addresses import socket_address
from adapters.control.desk import ControlDesk
from adapters.control.wire import MAX_LINE_BYTES, SOCKET_FILE, Answer, Refused, read_request, write

log = logging.getLogger(__name__)

_REQUEST_TIMEOUT_S: Final = 10.0


class ControlServer:
    """Listens in `folder`, for the account that runs the bot only. The caller has the folder to itself."""

    def __init__(self, desk: ControlDesk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to listen; what a killed bot left is removed. Raises `OSError`."""
        (self._folder / SOCKET_FILE).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        try:
            with socket_address(self._folder) as address:
                listener.bind(address)
            # Before it listens, or others could connect in between.
            (self._folder / SOCKET_FILE).chmod(0o600)
            self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=MAX_LINE_BYTES)
        except BaseException:
            listener.close()
            raise

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            (self._folder / SOCKET_FILE).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_TIMEOUT_S):
                line = await reader.readline()
            if line:
                writer.write(write(await self._answer(line)) + b"\n")
                await writer.drain()
        except (OSError, TimeoutError, ValueError) as error:  # ValueError: a line without end
            log.debug("a control connection ended: %s", error)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Answer:
        try:
            request = read_request(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Refused("That is not understood; the bot that runs and this command are of different versions.")
        try:
            return await self._desk.answer(request)
        except Exception:
            log.exception("a control request failed")
            return Refused("That failed; the log of the bot says why.")
