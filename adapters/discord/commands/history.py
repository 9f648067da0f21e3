"""/history, /queue and /cancel: looking back and looking on; only the sender sees the answers."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.actors import actor_of
from adapters.discord.commands.options import describe_options
from adapters.discord.commands.suggestions import unfinished_suggested
from adapters.discord.listings import LONGEST_WORDS_CHARS, HistoryView, list_history
from adapters.discord.telling import Reply, answer, tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.messages.catalogs import Catalog
from bot.messages.histories import queue_text


def history_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """The sender's requests, all or those with some words in their prompt, all or their favourites."""

    async def history(
        interaction: Interaction, words: Range[str, 1, LONGEST_WORDS_CHARS] | None = None, favourites: bool = False
    ) -> None:
        view = HistoryView(" ".join((words or "").split()), only_favourites=favourites)

        async def compose(catalog: Catalog) -> Reply:
            return await list_history(application, actor_of(interaction), view, catalog)

        await answer(interaction, application, compose)

    describe_options(history, phrases, "command-history")
    return app_commands.Command(name="history", description=phrases("command-history"), callback=history)


def queue_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """How many requests wait."""

    async def queue(interaction: Interaction) -> None:
        async def find(catalog: Catalog) -> str:
            waiting = await application.waiting(actor_of(interaction))
            return queue_text(waiting.total, waiting.own, catalog)

        await tell(interaction, application, find)

    return app_commands.Command(name="queue", description=phrases("command-queue"), callback=queue)


def cancel_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Stop a request by its id; for its owner and for moderators."""

    async def cancel(interaction: Interaction, id: Range[str, 1, 40]) -> None:  # noqa: A002 -- the option's name
        async def find(catalog: Catalog) -> str:
            await application.cancel(actor_of(interaction), id.strip().lower())
            return catalog.text("cancel-done")

        await tell(interaction, application, find)

    describe_options(cancel, phrases, "command-cancel")
    app_commands.autocomplete(id=unfinished_suggested(application))(cancel)
    return app_commands.Command(name="cancel", description=phrases("command-cancel"), callback=cancel)
