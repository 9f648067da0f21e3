"""Ids of buttons as nobody's button says them: about another person's job, about none, and such as are no ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.telegram.keyboards import Action, Press
from bot.domain.jobs import JobId

_LONG: Final = "9" * 20
NOWHERE: Final = "0" * 12
"""Looks like a job's id."""

DISCORD_ACTIONS: Final = (
    *("cancel:{job}", "pick:{job}:0", "reroll:{job}:0", "subtle:{job}:0", "strong:{job}:0", "upscale:{job}:0"),
    *("remix:{job}:0", "subject:{job}:0", "style:{job}:0", "info:{job}:0", "favourite:{job}:0", "delete:{job}:0"),
    "erase:{job}:{channel}:{message}",
)
DISCORD_MALFORMED: Final = (
    *("", ":", "uso", "uso:", "uso::", "uso:reroll", "uso:reroll:", "uso:reroll::0", "uso:nothing:" + NOWHERE),
    *("uso:reroll:../../../etc:0", f"uso:reroll:{NOWHERE}:-1", f"uso:reroll:{NOWHERE}:10", f"uso:reroll:{NOWHERE}:٣"),
    *(f"uso:reroll:{NOWHERE.upper()}A:0", f"uso:reroll:{NOWHERE}:0:0", f"uso:reroll:{NOWHERE}:0\n", "USO:FORGET"),
    *(f"uso:erase:{NOWHERE}:x:1", f"uso:erase:{NOWHERE}:{_LONG}9:1", f"uso:erase:{NOWHERE}:-1:-1"),
    *("uso:history:a:-1:", "uso:history:x::", f"uso:history:a:{_LONG}:fox", "uso:styles:-1", "uso:styles:9999999"),
    *("uso:choose:burn:000000000000", "uso:choose:info:short", "uso:restyle:'; DROP TABLE", "\x00", "x" * 100),
)
"""Discord lets no program press what no message says; if it did, nothing would come of it."""

TELEGRAM_MALFORMED: Final = (
    *("", ":", "::", "r", "r:", "r::0", "r:x:", "r:x:y", "rr:x:0", "R:x:0", "z:x:0", "r:x:-1", "r:x:100", "r:x:0:"),
    *("r:x:0:+", "r:x:0:+1", "r:x:0:1+", "r:x:0:1++2", f"r:x:0:{'9' * 40}", "e:x:0:1+9999999999999999999", "r:x:٣"),
    *("r:../../etc:0", "r:x\n:0", "r: :0", "r:x:0 ", " r:x:0", "e:x:0:0", "/", "//", "/nothing", "/history", "/admin"),
    *("/history a -1", "/history a 9999999999999999999999 fox", "/history z", "/history a x y", "/style show"),
    *("/cancel x", "/tray", "/settings x y z", "/imagine a fox", "/repeat ../..", "/show x", "q", "q:", "🦊", "x" * 64),
)
"""A client of one's own sends any data at all about a message of the bot's."""


def on_discord(job: JobId, channel: int = 1, message: int = 1) -> Mapping[str, str]:
    """Every button's id for that job, by its action."""
    ids = [f"uso:{form.format(job=job, channel=channel, message=message)}" for form in DISCORD_ACTIONS]
    return {one.split(":")[1]: one for one in ids}


def on_telegram(job: JobId, album: tuple[int, ...] = ()) -> Mapping[Action, str]:
    """The same on Telegram."""
    return {action: Press(action, job, 0, album).encode() for action in Action}
