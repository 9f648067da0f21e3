"""Who looks after a group: its administrators, as Telegram knows them at this moment."""

from __future__ import annotations

from telegram import Chat, Message, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

from adapters.telegram.errors import report

_RANKS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})


class Moderators:
    """Asks Telegram each time: whoever was dismissed a moment ago decides nothing any more."""

    def __init__(self, bot: ExtBot[int]) -> None:
        self._bot = bot

    async def include(self, user: User, chat: Chat, message: Message | None = None) -> bool:
        """Whether that person looks after the chat; nobody does in private, or while Telegram does not say."""
        if chat.type == ChatType.PRIVATE:
            return False
        if message is not None and message.sender_chat is not None:
            # Only administrators may write in the name of the group itself.
            return message.sender_chat.id == chat.id
        try:
            member = await self._bot.get_chat_member(chat.id, user.id)
        except TelegramError as error:
            report(error, "asking who looks after a group")
            return False
        return member.status in _RANKS
