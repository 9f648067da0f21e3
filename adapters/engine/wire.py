"""What the bot and the engine process say to each other: msgpack structs in length-prefixed frames."""

from __future__ import annotations

import struct
from asyncio import IncompleteReadError
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

if TYPE_CHECKING:
    import asyncio
    import socket

T = TypeVar("T")

MAX_FRAME_BYTES: Final = 256 * 1024 * 1024
_HEADER: Final = struct.Struct(">I")


class FrameTooLong(Exception):  # noqa: N818
    """A frame of `length` bytes is longer than the other side accepts."""

    def __init__(self, length: int) -> None:
        super().__init__(f"a frame of {length} bytes; at most {MAX_FRAME_BYTES} are allowed")
        self.length = length


class _Message(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    pass


class Begin(_Message, frozen=True):
    """First message of the bot: load this model. No weights folder means the toy model in the cache folder."""

    weights_folder: str | None
    cache_folder: str
    device: str
    profile: str
    threads: int
    style_cache_folder: str | None = None
    style_cache_bytes: int = 0


class Draw(_Message, frozen=True):
    """Draw one picture, or enlarge `upscale_of`; `number` names the run in every answer."""

    number: int
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
    variation_seed: int | None
    variation_strength: float
    preview_every: int
    upscale_of: bytes | None = None


class Halt(_Message, frozen=True):
    """Stop that run within one step; nothing happens when it is over."""

    number: int


class WarmingUp(_Message, frozen=True):
    """The model is being loaded; `fraction` 0 to 1, `seconds_left` only when an earlier start was timed."""

    stage: str
    fraction: float
    seconds_left: float | None


class Ready(_Message, frozen=True):
    """Model and upscaler are loaded, the model has drawn once and takes runs.

    `stages_s` are the parts of the start in their order, with the seconds each took.
    """

    label: str
    revision: str
    is_toy: bool
    device: str
    profile: str
    native_side_px: int | None
    upscaler_label: str
    upscaler_revision: str
    stages_s: tuple[tuple[str, float], ...] = ()


class Memory(_Message, frozen=True):
    """What the process takes of its device's memory; told before `Ready` and before the outcome of each run."""

    used_bytes: int
    reserved_bytes: int
    total_bytes: int


class Cause(StrEnum):
    """What kept the model from loading."""

    WEIGHTS = "weights"
    DEVICE = "device"
    OTHER = "other"


class Broken(_Message, frozen=True):
    """The model cannot be loaded, in one sentence; the process ends after this."""

    reason: str
    cause: Cause


class Stepped(_Message, frozen=True):
    """A step or a tile is done; `preview` is a JPEG now and then."""

    number: int
    step: int
    steps: int
    elapsed_s: float
    preview: bytes | None


class Drawn(_Message, frozen=True):
    """The run gave a picture: 8-bit RGB rows, top to bottom.

    `shrunk_to` is the smaller size that memory was enough for, in what `Draw` counts in.
    """

    number: int
    width: int
    height: int
    rgb: bytes
    duration_s: float
    shrunk_to: tuple[int, int] | None = None


class Refused(_Message, frozen=True):
    """The model cannot draw this, ever; `sentence` says why."""

    number: int
    sentence: str


class MemoryFull(_Message, frozen=True):
    """The picture did not fit into memory."""

    number: int
    detail: str


class Failed(_Message, frozen=True):
    """The run failed; `trace` is the traceback, for the log."""

    number: int
    trace: str


class Stopped(_Message, frozen=True):
    """The run was stopped by `Halt`."""

    number: int


ToEngine = Begin | Draw | Halt
Outcome = Drawn | Refused | MemoryFull | Failed | Stopped
FromEngine = WarmingUp | Memory | Ready | Broken | Stepped | Outcome

_ENCODER: Final = msgspec.msgpack.Encoder()
_TO_ENGINE: Final[msgspec.msgpack.Decoder[ToEngine]] = msgspec.msgpack.Decoder(ToEngine)
_FROM_ENGINE: Final[msgspec.msgpack.Decoder[FromEngine]] = msgspec.msgpack.Decoder(FromEngine)


def pack(message: ToEngine | FromEngine) -> bytes:
    """One whole frame; raises `FrameTooLong`, or `OverflowError` for numbers beyond 64 bits."""
    body = _ENCODER.encode(message)
    if len(body) > MAX_FRAME_BYTES:
        raise FrameTooLong(len(body))
    return _HEADER.pack(len(body)) + body


def _body_length(header: bytes) -> int:
    length: int = _HEADER.unpack(header)[0]
    if length > MAX_FRAME_BYTES:
        raise FrameTooLong(length)
    return length


async def read_from_engine(reader: asyncio.StreamReader) -> FromEngine | None:
    """The next message of the engine, None when it hung up; raises `FrameTooLong` or `msgspec.DecodeError`."""
    try:
        header = await reader.readexactly(_HEADER.size)
        body = await reader.readexactly(_body_length(header))
    except (IncompleteReadError, ConnectionError):
        return None
    return _decoded(_FROM_ENGINE, body)


def receive_to_engine(connection: socket.socket) -> ToEngine | None:
    """Wait for the next message of the bot, None when it hung up; raises like `read_from_engine`."""
    header = _receive_exactly(connection, _HEADER.size)
    if header is None:
        return None
    body = _receive_exactly(connection, _body_length(bytes(header)))
    return None if body is None else _decoded(_TO_ENGINE, body)


def _decoded(decoder: msgspec.msgpack.Decoder[T], body: bytes | bytearray) -> T:
    try:
        return decoder.decode(body)
    except UnicodeDecodeError as error:  # text that is no UTF-8 is no message either
        raise msgspec.DecodeError(str(error)) from error


def _receive_exactly(connection: socket.socket, length: int) -> bytearray | None:
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        try:
            count = connection.recv_into(view[filled:])
        except ConnectionError:
            return None
        if not count:
            return None
        filled += count
    return buffer
