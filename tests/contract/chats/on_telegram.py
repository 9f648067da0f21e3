"""The stories' person on Telegram: the real python-telegram-bot against the test server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.telegram.bot import TelegramBot
from adapters.telegram.settings import TelegramSettings
from bot.domain.actors import Platform
from bot.ports.platforms import Deliverer
from tests.contract.chats.chat import Answer, Button
from tests.servers.telegram.chats import Json
from tests.servers.telegram.hand_timer import HandTimer
from tests.servers.telegram.people import Person, private_person, texts
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.spine import SpineKit

_MOMENT_S = 0.02
# Parts of the labels: longer ones name the picture too.
_LABELS: Mapping[Button, str] = {
    Button.CANCEL: "Cancel",
    Button.REROLL: "Re-roll",
    Button.VARY_SUBTLE: "ubtle",
    Button.VARY_STRONG: "trong",
    Button.UPSCALE: "Upscale",
    Button.AS_SUBJECT: "As subject",
    Button.AS_STYLE: "As style",
    Button.INFO: "Info",
}


@dataclass(frozen=True)
class TelegramAnswer:
    """The bot's messages that answer one of the person's messages, or a press, after message number `after`."""

    person: Person
    answered_id: int
    after: int

    @property
    def messages(self) -> list[Json]:
        """All of them."""
        seen = [one for one in self.person.seen() if one["message_id"] > self.after]
        return [one for one in seen if one.get("reply_to_message", {}).get("message_id") == self.answered_id]

    @property
    def text(self) -> str:
        """Everything written on them."""
        return "\n".join(str(one.get("text") or one.get("caption", "")) for one in self.messages)

    @property
    def pictures(self) -> Sequence[bytes]:
        """The results; a preview, drawn on or left behind by Cancel, can not be varied."""
        if Button.VARY_SUBTLE not in self.buttons:
            return ()
        files = self.person.server.memory.files
        return [files[one["photo"][-1]["file_id"]] for one in self.messages if "photo" in one]

    @property
    def buttons(self) -> frozenset[Button]:
        """What can be pressed."""
        labels = [label for one in self.messages for row in texts(one) for label in row]
        return frozenset(button for button, part in _LABELS.items() if any(part in label for label in labels))


class OnTelegram:
    """Ada in her private chat with the bot."""

    platform = Platform.TELEGRAM

    def __init__(self, server: BotApiServer, timer: HandTimer) -> None:
        self._server = server
        self._timer = timer
        self._ada = private_person(server, "Ada")
        self._bot: TelegramBot | None = None
        self.name = str(self._ada.user["id"])

    async def connect(self, kit: SpineKit) -> Deliverer:
        """Let the bot come online."""
        settings = TelegramSettings(TOKEN, self._server.url + "/bot", self._server.url + "/file/bot")
        self._bot = TelegramBot(kit.application, settings, self._timer)
        await self._bot.start()
        return self._bot

    async def disconnect(self) -> None:
        """Let it go."""
        if self._bot is not None:
            await self._bot.close()

    async def ask(
        self, prompt: str, *, subject: bytes | None = None, style: bytes | None = None, private: bool = False
    ) -> TelegramAnswer:
        """A message, a photo with a caption, or an album; in private everything is for oneself alone."""
        del private
        if subject is not None and style is not None:
            album = self._ada.album(subject, style, caption=prompt)
            self._ada.send(*album)
            return self._answer_to(album[0])
        if subject is not None:
            return self._answer_to(self._ada.attach(subject, prompt))
        if style is not None:
            return self._answer_to(self._ada.show(style, f"/style {prompt}"))
        return self._answer_to(self._ada.write(prompt))

    async def press(self, answer: Answer, button: Button) -> TelegramAnswer:
        """Press a button."""
        assert isinstance(answer, TelegramAnswer)
        part = _LABELS[button]
        message = next(one for one in answer.messages if any(part in label for row in texts(one) for label in row))
        after = self._ada.chat.last_id
        self._ada.press(message, part)
        return TelegramAnswer(self._ada, message["message_id"], after)

    async def command(self, name: str, words: str = "") -> TelegramAnswer:
        """A command."""
        return self._answer_to(self._ada.write(f"/{name} {words}".strip()))

    def lose_next_result(self) -> None:
        """Refuse whatever brings the finished picture."""
        self._server.fail("editMessageMedia", 502, "Bad Gateway")

    def results_seen(self) -> int:
        """How many messages show results."""
        return sum("photo" in one for one in self._ada.seen())

    async def moment(self) -> bool:
        """Wait for something to change."""
        self._server.changed.clear()
        try:
            await asyncio.wait_for(self._server.changed.wait(), _MOMENT_S)
        except TimeoutError:
            return False
        return True

    def wait_no_longer(self) -> None:
        """Move the clock that the server and the bot share."""
        self._timer.skip_to_next()

    def _answer_to(self, message: Json) -> TelegramAnswer:
        return TelegramAnswer(self._ada, message["message_id"], self._ada.chat.last_id)
