"""/start and /help: what can be done here."""

from __future__ import annotations

from adapters.telegram.calls import Call, Reply
from adapters.telegram.handlers.tools import Tools
from bot.messages.help import help_text


async def start(tools: Tools, call: Call) -> Reply:  # noqa: ARG001 -- as every handler
    """A few words to begin with."""
    return Reply(call.catalog.text("telegram-start"))


async def help_(tools: Tools, call: Call) -> Reply:
    """What the sender may do where they are, and what is Telegram's own: pictures, albums, flags."""
    is_operator = tools.application.operations.is_operator(call.actor)
    commands = help_text(call.catalog, is_operator=is_operator, is_moderator=call.actor.is_moderator)
    return Reply("\n\n".join((call.catalog.text("telegram-help"), commands)))
