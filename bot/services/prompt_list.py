"""Refusing prompts that say what is on a list: that of the bot, and that of the server asked from."""

from __future__ import annotations

import logging

from bot.domain.errors import Rejected, Rejection
from bot.domain.people import ServerSettings
from bot.domain.words import WordList, WordUnfit

log = logging.getLogger(__name__)

_TOLD_CHARS = 40


class PromptList:
    """What the operator does not want anybody to ask for, and moderators nobody in their server."""

    def __init__(self, everywhere: WordList) -> None:
        self._everywhere = everywhere

    def check(self, prompt: str, server: ServerSettings) -> None:
        """Raise `Rejected` with the first word of the prompt that is on a list."""
        found = self._everywhere.find(prompt) or _list_of(server).find(prompt)
        if found is not None:
            raise Rejected(Rejection.WORD_NOT_ALLOWED, word=found[:_TOLD_CHARS])


def _list_of(server: ServerSettings) -> WordList:
    try:
        return WordList(server.words)
    except WordUnfit as error:  # checked when it was added; the rules may have been others then
        log.warning("a server's list of words is passed over: %r can not be on one", error.args[0])
        return WordList(())
