"""What a person does with the bot and sees of it, whatever chat they are in."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from bot.domain.actors import Platform
from bot.ports.platforms import Deliverer
from tests.support.spine import SpineKit


class Button(Enum):
    """What is below a card or a result, by what it does."""

    CANCEL = "cancel"
    REROLL = "reroll"
    VARY_SUBTLE = "vary-subtle"
    VARY_STRONG = "vary-strong"
    UPSCALE = "upscale"
    AS_SUBJECT = "as-subject"
    AS_STYLE = "as-style"
    INFO = "info"


class Answer(Protocol):
    """What the bot answered to one request, as it stands now; empty before the first word."""

    @property
    def text(self) -> str:
        """Everything written on it."""
        ...

    @property
    def pictures(self) -> Sequence[bytes]:
        """The results it shows."""
        ...

    @property
    def buttons(self) -> frozenset[Button]:
        """What can be pressed."""
        ...


class Chat(Protocol):
    """Somebody at their screen, with the bot in front of them."""

    platform: Platform
    name: str

    async def connect(self, kit: SpineKit) -> Deliverer:
        """Let the bot come online."""
        ...

    async def disconnect(self) -> None:
        """Let it go."""
        ...

    async def ask(
        self, prompt: str, *, subject: bytes | None = None, style: bytes | None = None, private: bool = False
    ) -> Answer:
        """Ask for a picture."""
        ...

    async def press(self, answer: Answer, button: Button) -> Answer:
        """Press a button below an answer; what comes of it is an answer too."""
        ...

    async def command(self, name: str, words: str = "") -> Answer:
        """A command that is answered with words."""
        ...

    def lose_next_result(self) -> None:
        """Let the platform refuse the next picture for a moment."""
        ...

    def results_seen(self) -> int:
        """How many messages with pictures of the bot's there are."""
        ...

    async def moment(self) -> bool:
        """Wait for something to change; False if nothing did and only time can help."""
        ...

    def wait_no_longer(self) -> None:
        """Move the platform's clock to the next moment that somebody waits for, where it stands still."""
        ...
