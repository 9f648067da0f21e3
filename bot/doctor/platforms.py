"""The platforms: whether they know the tokens, and whether our clock agrees with theirs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from bot.config import Config, Secrets
from bot.doctor.findings import Finding, failure, off, ok, warning

_DISCORD: Final = "https://discord.com/api/v10"
_TELEGRAM: Final = "https://api.telegram.org/bot"
_REFUSED: Final = frozenset({401, 403, 404})
_GOOD_CLOCK_S: Final = 10.0
_BAD_CLOCK_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform said: its own words, and by how many seconds our clock is ahead of its (None: untold)."""

    status: int
    body: dict[str, Any]
    clock_ahead_s: float | None


async def discord(session: aiohttp.ClientSession, config: Config, secrets: Secrets) -> tuple[Finding, Reply | None]:
    """Ask Discord who the token belongs to."""
    if not config.discord.enabled or secrets.discord_token is None:
        return off("discord", _why_off("DISCORD_TOKEN", is_enabled=config.discord.enabled)), None
    url = f"{config.discord.api_base_url or _DISCORD}/users/@me"
    headers = {"Authorization": f"Bot {secrets.discord_token.get_secret_value()}"}
    reply = await _ask(session, url, headers)
    remedy = "Reset the token at https://discord.com/developers/applications under *Bot*, then run `uso-bot init`."
    return _judged("discord", reply, remedy, str((reply.body if reply else {}).get("username", ""))), reply


async def telegram(session: aiohttp.ClientSession, config: Config, secrets: Secrets) -> tuple[Finding, Reply | None]:
    """Ask Telegram who the token belongs to."""
    if not config.telegram.enabled or secrets.telegram_token is None:
        return off("telegram", _why_off("TELEGRAM_TOKEN", is_enabled=config.telegram.enabled)), None
    url = f"{config.telegram.base_url or _TELEGRAM}{secrets.telegram_token.get_secret_value()}/getMe"
    reply = await _ask(session, url, {})
    result = reply.body.get("result") if reply else None
    name = result.get("username", "") if isinstance(result, dict) else ""
    remedy = "Ask @BotFather for the token again with /token, then run `uso-bot init`."
    return _judged("telegram", reply, remedy, f"@{name}" if name else ""), reply


def clock(replies: list[Reply | None]) -> Finding:
    """Compare our clock with the `Date` that the platforms sent."""
    told = [reply.clock_ahead_s for reply in replies if reply is not None and reply.clock_ahead_s is not None]
    if not told:
        return off("clock", "not checked: no platform said what time it is")
    ahead_s = max(told, key=abs)
    detail = f"{abs(ahead_s):.0f} s {'ahead of' if ahead_s > 0 else 'behind'} the platforms"
    remedy = "Let the system keep the time: timedatectl set-ntp true"
    if abs(ahead_s) >= _BAD_CLOCK_S:
        return failure("clock", detail, remedy)
    if abs(ahead_s) >= _GOOD_CLOCK_S:
        return warning("clock", detail, remedy)
    return ok("clock", "agrees with the platforms")


def _why_off(variable: str, *, is_enabled: bool) -> str:
    return f"no {variable} is set; `uso-bot init` asks for it" if is_enabled else "switched off in the configuration"


def _judged(check: str, reply: Reply | None, remedy: str, name: str) -> Finding:
    if reply is None:
        network = "Check the network, a firewall or HTTPS_PROXY, and the addresses in the configuration."
        return failure(check, "it does not answer", network)
    if reply.status in _REFUSED:
        return failure(check, "the token is not accepted", remedy)
    if reply.status != 200 or not name:
        return failure(check, f"it answers {reply.status} and no name", "Try again later, or check the addresses.")
    return ok(check, f"the token belongs to {name}")


async def _ask(session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> Reply | None:
    """None where nothing answers in time; neither addresses nor headers, which hold tokens, go anywhere else."""
    started = time.time()
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            middle = (started + time.time()) / 2
            body = await answer.json(content_type=None)
            return Reply(answer.status, body if isinstance(body, dict) else {}, _ahead_s(answer.headers, middle))
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None


def _ahead_s(headers: Any, now: float) -> float | None:
    try:
        theirs = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return now - theirs.timestamp() - 0.5  # the header leaves out the fraction of the second
