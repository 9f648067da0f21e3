"""What commands and buttons work with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from discord import Client, Interaction

from adapters.discord.cdn import Cdn, PostedPicture
from adapters.discord.followers import CardFollowers
from adapters.discord.posts import CardPosts
from adapters.discord.presses import Presses
from adapters.discord.recent import Recent
from adapters.discord.redraw import Redraw
from bot.application import Application


@dataclass(frozen=True, slots=True)
class Sighting:
    """The pictures on a message, and whether only one person sees that message."""

    pictures: tuple[PostedPicture, ...]
    is_private: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The application and this adapter's own services; every interaction finds it at its client."""

    application: Application
    posts: CardPosts
    followers: CardFollowers
    redraw: Redraw
    cdn: Cdn
    typed: Recent[tuple[int, str], Mapping[str, str]] = field(default_factory=Recent)
    """What people typed into forms that were refused, by person and form."""
    chosen_from: Recent[str, Sighting] = field(default_factory=Recent)
    """The pictures that a message's menu found, by the token in the ids of what was answered."""
    presses: Presses = field(default_factory=Presses)
    _answers: set[asyncio.Task[object]] = field(default_factory=set)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Hold back the end of the connection while an interaction is answered."""
        task = asyncio.current_task()
        assert task is not None, "interactions are answered in tasks"
        self._answers.add(task)
        try:
            yield
        finally:
            self._answers.discard(task)

    async def finish_answers(self, timeout_s: float) -> None:
        """Wait for the answers that are under way, so that nobody is left with “thinking…”."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=timeout_s)


class DeskClient(Client):
    """What commands and buttons know of the client that their interaction came with."""

    desk: Desk
    is_closing: bool


DeskInteraction: TypeAlias = Interaction[DeskClient]
