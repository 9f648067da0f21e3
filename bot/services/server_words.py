"""The words that moderators do not want in prompts on their server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.domain.actors import Actor
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import Rejected, Rejection
from bot.domain.words import LISTED_CHARS, WordUnfit, check_listed, same_entry
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.settings import moderated_server

MOST_WORDS: Final = 200


class ServerWords:
    """The list of the server that the actor moderates and asks from; each method returns it as it stands then.

    Each raises `Rejected` for anybody but moderators. Changes go into the audit log.
    """

    def __init__(self, *, open_unit: UnitOfWorkFactory, clock: Clock) -> None:
        self._open_unit = open_unit
        self._clock = clock

    async def listed(self, actor: Actor) -> tuple[str, ...]:
        """The list, in alphabetical order."""
        server = moderated_server(actor)
        async with self._open_unit() as unit:
            return (await unit.settings.of_server(server)).words

    async def add(self, actor: Actor, word: str) -> tuple[str, ...]:
        """Put a word on the list, with `*` for any letters and `?` for one; one that is there stays.

        Raises `Rejected`, also for what can not be on a list and for the 201st word.
        """

        def added(before: tuple[str, ...]) -> tuple[str, ...]:
            if any(same_entry(word, one) for one in before):
                return before
            if len(before) >= MOST_WORDS:
                raise Rejected(Rejection.TOO_MANY_WORDS, limit=MOST_WORDS)
            return tuple(sorted((*before, check_listed(word)), key=str.casefold))

        return await self._change(actor, word, added, AuditAction.WORDS_ADD)

    async def remove(self, actor: Actor, word: str) -> tuple[str, ...]:
        """Take a word off the list. Raises `Rejected`, also if it is not there."""

        def removed(before: tuple[str, ...]) -> tuple[str, ...]:
            left = tuple(one for one in before if not same_entry(word, one))
            if left == before:
                raise Rejected(Rejection.WORD_UNKNOWN, given=word[:LISTED_CHARS])
            return left

        return await self._change(actor, word, removed, AuditAction.WORDS_REMOVE)

    async def _change(
        self, actor: Actor, word: str, change: Callable[[tuple[str, ...]], tuple[str, ...]], action: AuditAction
    ) -> tuple[str, ...]:
        server = moderated_server(actor)
        try:
            word = check_listed(word)
        except WordUnfit as error:
            raise Rejected(Rejection.WORD_UNFIT, given=word[:LISTED_CHARS], limit=LISTED_CHARS) from error
        async with self._open_unit() as unit:
            before = await unit.settings.of_server(server)
            words = change(before.words)
            if words != before.words:
                await unit.settings.set_server(server, replace(before, words=words))
                await unit.audit.add(AuditEntry(self._clock.now(), actor.key, action, server.key, word))
            await unit.commit()
        return words
