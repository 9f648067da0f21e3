"""What is offered while an option is typed. Values are ids, since names and prompts need not be unique."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final

from discord import Interaction
from discord.app_commands import Choice

from adapters.discord.actors import actor_of
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected
from bot.domain.jobs import Job, JobState
from bot.domain.people import Identity
from bot.domain.styles import StyleCard
from bot.messages.accounts import identities_text
from bot.messages.catalogs import Catalog
from bot.messages.histories import title_text

log = logging.getLogger(__name__)

_MOST_CHOICES: Final = 25
_LONGEST_NAME_CHARS: Final = 100
_SEARCHED: Final = 100
_LONGEST_SEARCH_S: Final = 2.0
"""Of the 3 s that Discord waits for choices."""

Suggest = Callable[[Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]
_Find = Callable[[Actor, str, Catalog], Awaitable[Sequence[tuple[str, str]]]]


def styles_suggested(application: Application, *, only_own: bool = False) -> Suggest:
    """Style cards whose name holds what was typed: the person's and the server's, or only the former."""

    async def find(actor: Actor, typed: str, catalog: Catalog) -> Sequence[tuple[str, str]]:
        cards: Sequence[StyleCard] = await application.styles.suggest(actor, typed, limit=_SEARCHED)
        return [(_card_name(one, catalog), one.id) for one in cards if not (only_own and one.is_shared)]

    return _suggesting(application, find)


def results_suggested(application: Application) -> Suggest:
    """The person's own finished requests whose prompt holds what was typed, latest first."""

    async def find(actor: Actor, typed: str, catalog: Catalog) -> Sequence[tuple[str, str]]:
        page = await application.history.page(actor, words=typed, limit=_SEARCHED)
        return [_titled(one, catalog) for one in page.jobs if one.state is JobState.DONE]

    return _suggesting(application, find)


def unfinished_suggested(application: Application) -> Suggest:
    """The person's own requests that wait or run."""

    async def find(actor: Actor, typed: str, catalog: Catalog) -> Sequence[tuple[str, str]]:
        page = await application.history.page(actor, words=typed, limit=_SEARCHED)
        return [_titled(one, catalog) for one in page.jobs if not one.state.is_final]

    return _suggesting(application, find)


def identities_suggested(application: Application) -> Suggest:
    """By what the person's account is known; the value is the identity's key, such as `telegram:42`."""

    async def find(actor: Actor, typed: str, _catalog: Catalog) -> Sequence[tuple[str, str]]:
        known: Sequence[Identity] = await application.linking.identities(actor)
        named = [(identities_text([one]), f"{one.platform.value}:{one.external_id}") for one in known]
        return [(name, value) for name, value in named if typed.casefold() in name.casefold()]

    return _suggesting(application, find)


def _suggesting(application: Application, find: _Find) -> Suggest:
    async def suggest(interaction: Interaction[Any], typed: str) -> list[Choice[str]]:
        try:
            async with asyncio.timeout(_LONGEST_SEARCH_S):
                actor = actor_of(interaction)
                catalog = application.catalogs.for_locale(await application.preferences.locale_of(actor))
                found = await find(actor, typed, catalog)
        except (Rejected, TimeoutError) as error:
            log.warning("nothing could be suggested: %s", error)
            return []
        return [Choice(name=_cut(name), value=value) for name, value in found[:_MOST_CHOICES]]

    return suggest


def _card_name(card: StyleCard, catalog: Catalog) -> str:
    return catalog.text("style-of-server", name=card.name) if card.is_shared else card.name


def _titled(job: Job, catalog: Catalog) -> tuple[str, str]:
    return title_text(job, catalog), job.id


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME_CHARS else name[: _LONGEST_NAME_CHARS - 1] + "…"
