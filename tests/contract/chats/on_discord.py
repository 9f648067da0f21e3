"""The stories' person on Discord: the real discord.py against the test server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from adapters.discord.bot import DiscordBot
from adapters.discord.settings import DiscordSettings
from bot.domain.actors import Platform
from bot.ports.platforms import Deliverer
from tests.contract.chats.chat import Answer, Button
from tests.servers.discord.server import BOT_TOKEN, DiscordServer
from tests.servers.discord.world import Interaction, Message
from tests.support.spine import SpineKit

_MOMENT_S = 0.05
_LABELS: Mapping[Button, str] = {
    Button.CANCEL: "Cancel",
    Button.REROLL: "Re-roll",
    Button.VARY_SUBTLE: "Subtle",
    Button.VARY_STRONG: "Strong",
    Button.UPSCALE: "Upscale",
    Button.AS_SUBJECT: "As subject",
    Button.AS_STYLE: "As style",
    Button.INFO: "Info",
}


@dataclass(frozen=True)
class DiscordAnswer:
    """What an interaction was answered with."""

    interaction: Interaction

    @property
    def message(self) -> Message | None:
        """The card, or the words, that are there now."""
        told = [one for one in (self.interaction.response, *self.interaction.followups) if one is not None]
        return next((one for one in reversed(told) if not one.is_deleted), None)

    @property
    def text(self) -> str:
        """Everything written on it."""
        return self.message.text if self.message is not None else ""

    @property
    def pictures(self) -> Sequence[bytes]:
        """The results; a preview is none."""
        if self.message is None or "### Done" not in self.message.text:
            return ()
        return [file.data for file, _ in self.message.gallery]

    @property
    def buttons(self) -> frozenset[Button]:
        """What can be pressed."""
        labels = self.message.buttons if self.message is not None else {}
        return frozenset(button for button, label in _LABELS.items() if label in labels)


class OnDiscord:
    """Ada in a channel of a server."""

    platform = Platform.DISCORD

    def __init__(self, server: DiscordServer, state_folder: Path) -> None:
        self._server = server
        self._state_folder = state_folder
        self._bot: DiscordBot | None = None
        self.name = str(server.ada.id)

    async def connect(self, kit: SpineKit) -> Deliverer:
        """Let the bot come online."""
        settings = DiscordSettings(
            token=BOT_TOKEN,
            api_base_url=self._server.api_base_url,
            gateway_url=self._server.gateway_url,
            state_folder=self._state_folder,
            edit_interval_s=0.1,
            reconnect_s=0.0,
        )
        self._bot = DiscordBot(kit.application, settings)
        await self._bot.start()
        return self._bot

    async def disconnect(self) -> None:
        """Let it go."""
        if self._bot is not None:
            await self._bot.close()

    async def ask(
        self, prompt: str, *, subject: bytes | None = None, style: bytes | None = None, private: bool = False
    ) -> DiscordAnswer:
        """/imagine"""
        options: dict[str, object] = {"prompt": prompt, "subject": subject, "style": style, "private": private or None}
        given = {name: value for name, value in options.items() if value is not None}
        return DiscordAnswer(await self._server.slash("imagine", given))

    async def press(self, answer: Answer, button: Button) -> DiscordAnswer:
        """Press a button; Discord does not let one press as fast as a machine could."""
        assert isinstance(answer, DiscordAnswer)
        assert answer.message is not None
        return DiscordAnswer(await self._server.press(answer.message, _LABELS[button]))

    async def command(self, name: str, words: str = "") -> DiscordAnswer:
        """A slash command; the words are the value of its first option."""
        command = next(one for one in self._server.world.commands if one["name"] == name)
        return DiscordAnswer(await self._server.slash(name, {command["options"][0]["name"]: words} if words else {}))

    def lose_next_result(self) -> None:
        """Refuse whatever brings the finished picture."""
        for method in ("PATCH", "POST"):
            self._server.fail_next(method, "messages|webhooks", 500, {"message": "500", "code": 0}, text="### Done")

    def results_seen(self) -> int:
        """How many of the channel's messages show results, those for Ada alone included."""
        shown = self._server.world.messages.values()
        return sum("### Done" in one.text and bool(one.gallery) and not one.is_deleted for one in shown)

    def seen_by_all(self) -> str:
        """What everybody in the channel can read."""
        shown = self._server.world.messages.values()
        return "\n".join(one.text for one in shown if not one.is_ephemeral and not one.is_deleted)

    def called(self) -> Sequence[int]:
        """Whom the bot's messages called by a mention."""
        return [one for message in self._server.world.messages.values() for one in message.pinged]

    async def moment(self) -> bool:
        """Wait for something to change."""
        looks = count()
        try:
            async with asyncio.timeout(_MOMENT_S):
                await self._server.world.until(lambda: next(looks) > 0)
        except TimeoutError:
            return False
        return True

    def wait_no_longer(self) -> None:
        """Nothing: the bot waits in real time here."""
