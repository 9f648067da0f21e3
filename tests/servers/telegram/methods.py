"""The methods that bots of our kind call, with the rules Telegram has for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.servers.telegram.answering import Answering
from tests.servers.telegram.asking import Asking
from tests.servers.telegram.chats import Json, Memory
from tests.servers.telegram.editing import Editing
from tests.servers.telegram.media import Media, Upload
from tests.servers.telegram.sending import Sending

Method = Callable[[Json, Mapping[str, Upload]], Any]

WRITING = frozenset(
    {
        "sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "editMessageText", "editMessageMedia",
        "editMessageCaption", "editMessageReplyMarkup", "deleteMessage", "deleteMessages",
    }
)  # fmt: skip


class Methods:
    """Carries out checked calls on the memory."""

    def __init__(self, memory: Memory, media: Media, webhook: Mapping[str, Method]) -> None:
        self.sending = Sending(memory, media)
        self.answering = Answering(memory, media)
        self.asking = Asking(memory)
        editing = Editing(memory, self.sending)
        self._table: dict[str, Method] = {
            **webhook,
            "getMe": self.asking.get_me,
            "setMyCommands": self.asking.set_my_commands,
            "getMyCommands": self.asking.get_my_commands,
            "deleteMyCommands": self.asking.delete_my_commands,
            "getChatMember": self.asking.get_chat_member,
            "getChatAdministrators": self.asking.get_chat_administrators,
            "getFile": self.asking.get_file,
            "sendMessage": self.sending.message,
            "sendPhoto": self.sending.photo,
            "sendDocument": self.sending.document,
            "sendMediaGroup": self.sending.album,
            "sendChatAction": self.sending.chat_action,
            "editMessageText": editing.text,
            "editMessageCaption": editing.caption,
            "editMessageMedia": editing.media,
            "editMessageReplyMarkup": editing.reply_markup,
            "deleteMessage": editing.delete,
            "deleteMessages": editing.delete_several,
            "answerCallbackQuery": self.answering.callback,
            "answerInlineQuery": self.answering.inline,
        }

    @property
    def callbacks(self) -> dict[str, float]:
        """Presses that are not answered yet, and when they were made."""
        return self.answering.callbacks

    @property
    def answered(self) -> list[Json]:
        """What presses were answered with."""
        return self.answering.answered

    @property
    def actions(self) -> list[tuple[int, str]]:
        """The chats in which the bot was seen doing something, and what."""
        return self.sending.actions

    @property
    def commands(self) -> dict[str, list[Json]]:
        """The command lists of the default scope by language."""
        return self.asking.commands

    def offers(self, method: str) -> bool:
        """Whether the server can do it."""
        return method in self._table

    def call(self, method: str, values: Json, uploads: Mapping[str, Upload]) -> Any:
        """Do it; raises `ApiError`."""
        return self._table[method](values, uploads)
