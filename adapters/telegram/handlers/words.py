"""/admin words: what must not stand in prompts in this group."""

from __future__ import annotations

from adapters.telegram.calls import Call, Reply
from adapters.telegram.handlers.tools import Tools
from bot.messages.moderation import words_text


async def keep_words(tools: Tools, call: Call, rest: str) -> Reply:
    """`/admin words add WORD`, `remove WORD`, or the list without more. Raises `Rejected`."""
    listed = tools.application.words
    what, _, word = rest.partition(" ")
    match what.lower(), word.strip():
        case (("" | "list"), ""):
            now = await listed.listed(call.actor)
        case "add", given if given:
            now = await listed.add(call.actor, given)
        case "remove", given if given:
            now = await listed.remove(call.actor, given)
        case _:
            return Reply(call.catalog.text("telegram-admin-words-how"))
    return Reply(words_text(now, call.catalog))
