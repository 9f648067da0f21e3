"""Photos that Telegram keeps of results: noted when it took one, so that inline mode can offer it again."""

from __future__ import annotations

import logging

from telegram import Message
from telegram.ext import ExtBot

from bot.domain.actors import Platform
from bot.domain.errors import Rejected
from bot.domain.histories import Copy, Keeper
from bot.domain.jobs import JobId
from bot.services.copies import Copies

log = logging.getLogger(__name__)


def keeper_of(bot: ExtBot[int]) -> Keeper:
    """The bot's own account: a file's id is worth nothing to another one."""
    return f"{Platform.TELEGRAM.value}:{bot.id}"


class KeptPhotos:
    """Notes the ids of photos; a delivery is none the worse where that fails."""

    def __init__(self, bot: ExtBot[int], copies: Copies) -> None:
        self._bot = bot
        self._copies = copies

    async def note(self, job_id: JobId, index: int, message: object) -> None:
        """Note the largest photo of the message that was answered with; other kinds of answers are no photos."""
        if not isinstance(message, Message) or not message.photo:
            return
        largest = max(message.photo, key=lambda size: size.width * size.height)
        try:
            await self._copies.note(Copy(keeper_of(self._bot), job_id, index, largest.file_id))
        except Rejected as rejected:
            log.warning("telegram: the photo of job %s is not noted: %s", job_id, rejected.rejection.value)
