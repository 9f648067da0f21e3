"""What is left to do by hand: on Discord, with @BotFather, and on this machine."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

_AUTHORIZE: Final = "https://discord.com/oauth2/authorize"
# View Channel, Send Messages, Attach Files, Read Message History, Send Messages in Threads.
_PERMISSIONS: Final = 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 38

BOTFATHER_STEPS: Final = """\
Telegram, with @BotFather (https://t.me/BotFather):
  1. /newbot makes a bot and tells its token; /token tells it again.
  2. /setinline lets people find their own pictures from any chat by @your_bot (once, optional).
  3. /setprivacy may stay enabled: in groups the bot only wants commands and answers to its messages.
  4. Write to your bot, or send it a photo with a caption."""


def invite_link(application_id: str) -> str:
    """Where a server's administrator lets the bot in, with the permissions it needs and no others."""
    query = {"client_id": application_id, "scope": "bot applications.commands", "permissions": str(_PERMISSIONS)}
    return f"{_AUTHORIZE}?{urlencode(query)}"


def discord_steps(application_id: str | None) -> str:
    """The steps on Discord; the link where the application is known."""
    link = (
        "  2. `uso-bot init --application-id ID` tells the link to invite the bot; the id is in *General Information*."
    )
    if application_id:
        link = f"  2. Invite the bot to your server: {invite_link(application_id)}"
    return "\n".join(
        (
            "Discord (https://discord.com/developers/applications):",
            "  1. *New Application*, then *Bot*, *Reset Token*, and copy it. No privileged intent is needed.",
            link,
            "  3. /imagine in any channel.",
        )
    )
