"""Frames survive the socket, and nothing oversized or foreign gets through."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

import msgspec
import pytest

from adapters.engine import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAW = wire.Draw(
    number=7,
    prompt="ein Schloß 🏰",
    subject=b"\x00\xff" * 100_000,
    styles=(b"one", b"two"),
    width=1024,
    height=768,
    keep_size=False,
    steps=25,
    guidance=4.0,
    subject_size=512,
    seed=2**63 - 1,
    variation_seed=None,
    variation_strength=0.0,
    preview_every=5,
)
TO_ENGINE: list[wire.ToEngine] = [
    wire.Begin(None, "/cache", "auto", "auto", 0),
    wire.Begin("/weights", "/cache", "cuda", "quality", 4, "/styles", 1 << 40),
    DRAW,
    wire.Halt(7),
]
FROM_ENGINE: list[wire.FromEngine] = [
    wire.WarmingUp("vae", 0.5, None),
    wire.Memory(1 << 34, 1 << 35, 1 << 36),
    wire.Ready("toy model", "r1", True, "cpu", "int8", 256, "small", "s1"),
    wire.Broken("no", wire.Cause.WEIGHTS),
    wire.Stepped(7, 1, 25, 0.1, b"jpeg"),
    wire.Drawn(7, 16, 16, bytes(16 * 16 * 3), 1.5),
    wire.Refused(7, "no"),
    wire.MemoryFull(7, "no"),
    wire.Failed(7, "trace"),
    wire.Stopped(7),
]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def reader_of(*chunks: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for chunk in chunks:
        reader.feed_data(chunk)
    reader.feed_eof()
    return reader


async def test_every_message_to_the_engine_arrives_as_it_was(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    frames = b"".join(wire.pack(message) for message in TO_ENGINE)
    sending = asyncio.get_running_loop().run_in_executor(None, ours.sendall, frames)
    received = [await asyncio.to_thread(wire.receive_to_engine, theirs) for _ in TO_ENGINE]
    await sending
    assert received == TO_ENGINE


async def test_every_message_from_the_engine_arrives_as_it_was() -> None:
    frames = b"".join(wire.pack(message) for message in FROM_ENGINE)
    reader = reader_of(frames[:3], frames[3:50], frames[50:])
    assert [await wire.read_from_engine(reader) for _ in FROM_ENGINE] == FROM_ENGINE
    assert await wire.read_from_engine(reader) is None


@pytest.mark.parametrize("cut", [0, 2, 4, 20])
async def test_a_line_that_breaks_off_is_a_hang_up(cut: int, pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    assert await wire.read_from_engine(reader_of(wire.pack(FROM_ENGINE[0])[:cut])) is None
    ours.sendall(wire.pack(DRAW)[:cut])
    ours.close()
    assert wire.receive_to_engine(theirs) is None


async def test_a_frame_longer_than_allowed_is_refused_before_it_is_read(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    header = struct.pack(">I", wire.MAX_FRAME_BYTES + 1)
    with pytest.raises(wire.FrameTooLong):
        await wire.read_from_engine(reader_of(header))
    ours.sendall(header)
    with pytest.raises(wire.FrameTooLong):
        wire.receive_to_engine(theirs)


def test_a_message_longer_than_allowed_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_FRAME_BYTES", 1000)
    with pytest.raises(wire.FrameTooLong) as caught:
        wire.pack(DRAW)
    assert caught.value.length > 200_000


@pytest.mark.parametrize("body", [b"", b"\xc1", msgspec.msgpack.encode({"kind": "format_disk"}), wire.pack(DRAW)[4:]])
async def test_foreign_messages_are_told_apart(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        await wire.read_from_engine(reader_of(struct.pack(">I", len(body)) + body))
