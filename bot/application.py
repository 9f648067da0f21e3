"""Everything an adapter may use, in one frozen bundle."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.limits import Limits
from bot.messages.catalogs import Catalogs
from bot.ports.engine import Engine
from bot.ports.images import ImageStore
from bot.services.board import CardBoard
from bot.services.cancel import Cancel
from bot.services.follow_up import Reroll, Vary
from bot.services.history import History
from bot.services.submit import Submit


@dataclass(frozen=True, slots=True)
class Application:
    """The services, and what they are told with."""

    limits: Limits
    catalogs: Catalogs
    submit: Submit
    reroll: Reroll
    vary: Vary
    cancel: Cancel
    board: CardBoard
    history: History
    images: ImageStore
    engine: Engine
