"""The command line's side of the control socket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import msgspec

from adapters.control.addresses import socket_address
from adapters.control.wire import MAX_LINE_BYTES, Answer, Request, read_answer, write

ANSWER_TIMEOUT_S: Final = 60.0


class NoAnswer(Exception):  # noqa: N818 -- what happened
    """The bot does not answer over its socket; `args[0]` says why in a few words."""


async def ask(folder: Path, request: Request, *, timeout_s: float = ANSWER_TIMEOUT_S) -> Answer:
    """Put one request to the bot that works in `folder`. Raises `NoAnswer`."""
    try:
        async with asyncio.timeout(timeout_s):
            with socket_address(folder) as address:
                reader, writer = await asyncio.open_unix_connection(address, limit=MAX_LINE_BYTES)
            try:
                writer.write(write(request) + b"\n")
                await writer.drain()
                return read_answer(await reader.readline())
            finally:
                writer.close()
    except TimeoutError as error:
        raise NoAnswer("it took too long") from error
    except OSError as error:
        raise NoAnswer(error.strerror or str(error)) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise NoAnswer("it said something that is not understood") from error
