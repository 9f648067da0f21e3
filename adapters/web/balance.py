"""What a request would cost, told before it is sent."""

from __future__ import annotations

import msgspec
from aiohttp import web

from adapters.web.form_schema import NUMBER_REFUSALS, number_schemas
from adapters.web.forms import read_numbers
from adapters.web.interface.declared import Answer, Operation, described
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.credits import CREDIT
from bot.messages.cards import quote_text


class QuoteView(msgspec.Struct, frozen=True):
    """Credits as people count them; `words` is empty and `is_limited` false where nothing is charged."""

    tier: str
    is_limited: bool
    cost: float
    left: float
    resets_at: str
    words: str


class BalanceHandlers:
    """Handlers of prices and balances."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/api/balance", self.quote)

    @described(
        Operation(
            "Ask what a request would cost",
            (Answer(200, "Its price, and what is there for it.", QuoteView),),
            "Credits",
            refusals=NUMBER_REFUSALS,
            query=number_schemas,
        )
    )
    async def quote(self, request: web.Request) -> web.Response:
        """The price of the request that the query describes (names as in the form), and what is there for it."""
        visitor = visitor_of(request, self._application.catalogs)
        draft = read_numbers(request.query, visitor.catalog)
        quote = await self._application.accounts.quote(visitor.actor, draft)
        balance = quote.balance
        view = QuoteView(
            tier=balance.tier.name,
            is_limited=balance.tier.daily is not None,
            cost=quote.cost / CREDIT,
            left=balance.account.left / CREDIT,
            resets_at=balance.resets_at.isoformat(),
            words=quote_text(quote, visitor.catalog),
        )
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=msgspec.json.encode(view), content_type="application/json", headers=headers)
