"""The live sections of the page, each drawn by itself, so that only what changed is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from adapters.web.templates import Templates
from adapters.web.visitors import Visitor
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.operations import RunMode
from bot.messages.cards import card_text
from bot.messages.catalogs import Catalog

_AUDIT_SHOWN: Final = 30
_REPORTS_SHOWN: Final = 20
_SHORT_S: Final = 10
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600

Facts = Mapping[str, object]


class Sections:
    """Draws sections in the words of a visitor, who must be an operator: the services refuse anybody else."""

    def __init__(self, application: Application, templates: Templates) -> None:
        self._application = application
        self._templates = templates
        self._parts: Mapping[str, Callable[[Actor], Awaitable[Facts]]] = {
            "now": self._now,
            "queue": self._queue,
            "reports": self._reports,
            "errors": self._errors,
            "outbox": self._outbox,
            "chats": self._chats,
            "audit": self._audit,
        }

    async def draw(self, visitor: Visitor) -> dict[str, str]:
        """The HTML of every section by its name, in the order of the page."""
        return {name: await self._draw(name, find, visitor) for name, find in self._parts.items()}

    async def _draw(self, name: str, find: Callable[[Actor], Awaitable[Facts]], visitor: Visitor) -> str:
        words = Words(visitor.catalog)
        facts = await find(visitor.actor)
        return self._templates.render(f"operate/{name}.html", visitor, current="operate", words=words, **facts)

    async def _now(self, actor: Actor) -> Facts:
        stats = await self._application.operations.stats(actor)
        return {"stats": stats, "modes": tuple(RunMode), "engine": self._application.engine.status}

    async def _queue(self, actor: Actor) -> Facts:
        return {"queue": await self._application.oversight.queue(actor), "card_text": card_text}

    async def _reports(self, actor: Actor) -> Facts:
        reports = await self._application.reports.open_reports(actor)
        return {"reports": reports[:_REPORTS_SHOWN], "total": len(reports)}

    async def _errors(self, actor: Actor) -> Facts:
        return {"errors": self._application.oversight.errors(actor)}

    async def _outbox(self, actor: Actor) -> Facts:
        return {"outbox": await self._application.oversight.outbox(actor)}

    async def _chats(self, _actor: Actor) -> Facts:
        return {"connections": self._application.connections.all()}

    async def _audit(self, actor: Actor) -> Facts:
        return {"entries": await self._application.audit.recent(actor, _AUDIT_SHOWN)}


class Words:
    """Numbers and times as people read them."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def seconds(self, seconds: float) -> str:
        """A span of time in its two largest units; a short one to a tenth."""
        if seconds < _SHORT_S:
            return self.catalog.text("operate-seconds", seconds=f"{max(0.0, seconds):.1f}")
        whole = round(seconds)
        if whole < _MINUTE_S:
            return self.catalog.text("operate-seconds", seconds=whole)
        if whole < _HOUR_S:
            minutes, rest = divmod(whole, _MINUTE_S)
            return self.catalog.text("operate-minutes", minutes=minutes, seconds=rest)
        hours, rest = divmod(whole, _HOUR_S)
        return self.catalog.text("operate-hours", hours=hours, minutes=rest // _MINUTE_S)

    def moment(self, at: datetime) -> str:
        """A time as it is written where no script makes it local."""
        return f"{at:%Y-%m-%d %H:%M:%S} UTC"

    def gigabytes(self, size_bytes: int) -> str:
        """A size in gigabytes of 2^30 bytes, as cards are sold."""
        return self.catalog.text("operate-gigabytes", size=f"{size_bytes / 2**30:.1f}")
