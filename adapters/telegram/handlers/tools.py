"""What every command may use, and what a handler of one is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.telegram.calls import Call, Reply
from adapters.telegram.delivery import Delivery
from adapters.telegram.desk import Desk
from adapters.telegram.pictures import PictureDownloads
from adapters.telegram.voice import Voice
from bot.application import Application


@dataclass(frozen=True, slots=True)
class Tools:
    """The services, and the hands that reach into Telegram; uploads may have `upload_bytes`."""

    application: Application
    voice: Voice
    desk: Desk
    downloads: PictureDownloads
    delivery: Delivery
    upload_bytes: int


Handler = Callable[[Tools, Call], Awaitable[Reply | None]]
"""Answers a command, with a reply or, where it returns None, by itself. Raises `Rejected`."""
