"""Who runs this bot."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected, Rejection


class Operators:
    """The identities named in the configuration, and the page: it is on the machine of whoever runs the bot."""

    def __init__(self, keys: Collection[str]) -> None:
        self.keys: Final = frozenset(keys)

    def __contains__(self, actor: Actor) -> bool:
        return actor.platform is Platform.WEB or actor.key in self.keys

    def check(self, actor: Actor) -> None:
        """Raise `Rejected` (`OPERATORS_ONLY`) for anybody else."""
        if actor not in self:
            raise Rejected(Rejection.OPERATORS_ONLY)
