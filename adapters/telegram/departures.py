"""Places that are gone: somebody blocked us, a group put us out. What still waits for them is given back."""

from __future__ import annotations

import logging
from typing import Any, Final

from telegram import Update
from telegram.constants import ChatMemberStatus
from telegram.ext import CallbackContext

from adapters.telegram.addresses import ChatAddress, read_reply_to
from bot.application import Application
from bot.domain.actors import Actor, Platform, Server
from bot.domain.errors import Rejected
from bot.domain.jobs import JobId

log = logging.getLogger(__name__)

_OUT: Final = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})


class Departures:
    """Cancels, with their charge given back, the waiting requests of a place that nothing can be delivered to.

    What is being drawn is finished: it is in its owner's history, should they come back.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def receive(self, update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Handle the news of our own membership: blocked in private is “banned” to Telegram."""
        change = update.my_chat_member
        if change is None or change.new_chat_member.status not in _OUT:
            return
        for job in self._application.board.unfinished():
            address = read_reply_to(job.reply_to)
            if address is not None and address.chat_id == change.chat.id:
                await self.give_up(job.id, address)

    async def give_up(self, job_id: JobId, address: ChatAddress) -> None:
        """Cancel a job that waits for a place that is gone."""
        try:
            if await self._application.cancel.withdraw(_voice_of(address), job_id):
                log.info("telegram: job %s was cancelled, its place is gone", job_id)
        except Rejected as rejected:
            log.info("telegram: job %s of a place that is gone stays: %s", job_id, rejected.rejection.value)


def _voice_of(address: ChatAddress) -> Actor:
    """Who speaks for a place: in private its person, who has the chat's id; the group for all that was asked in it."""
    external_id = str(address.chat_id)
    if not address.is_group:
        return Actor(Platform.TELEGRAM, external_id)
    return Actor(Platform.TELEGRAM, external_id, server=Server(Platform.TELEGRAM, external_id), is_moderator=True)
