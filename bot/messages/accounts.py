"""The words about accounts, the same on every platform."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.domain.actors import Platform
from bot.domain.credits import CREDIT, Booking
from bot.domain.people import Identity, IssuedCode, Overview
from bot.messages.cards import credits_number
from bot.messages.catalogs import Catalog

_PLATFORM_NAMES = {Platform.DISCORD: "Discord", Platform.TELEGRAM: "Telegram", Platform.WEB: "USO Bot"}


def overview_text(overview: Overview, catalog: Catalog) -> str:
    """Tier, credits, the server's pool, linked identities and the latest bookings, a line each."""
    balance = overview.balance
    lines = [catalog.text("account-tier", tier=balance.tier.name)]
    if balance.tier.daily is None:
        lines.append(catalog.text("account-unlimited"))
    else:
        hours, minutes = divmod(max(1, math.ceil(overview.fills_in_s / 60)), 60)
        left, daily = credits_number(balance.account.left), credits_number(balance.tier.daily)
        lines.append(catalog.text("account-credits", left=left, daily=daily, hours=hours, minutes=minutes))
    if balance.pool is not None:
        lines.append(catalog.text("account-pool", left=credits_number(balance.pool)))
    if len(overview.identities) > 1:
        lines.append(catalog.text("account-linked", names=identities_text(overview.identities)))
    if overview.bookings:
        lines += ["", catalog.text("account-bookings"), *(_booking_line(one, catalog) for one in overview.bookings)]
    return "\n".join(lines)


def identities_text(identities: Sequence[Identity]) -> str:
    """By what an account is known: “Discord (Ann), Telegram (ann)”."""
    return ", ".join(f"{_PLATFORM_NAMES[one.platform]} ({one.name or one.external_id})" for one in identities)


def issued_text(issued: IssuedCode, catalog: Catalog) -> str:
    """What to do with a code, and for how long."""
    return catalog.text("link-issued", code=issued.code, minutes=max(1, int(issued.life_s / 60)))


def _booking_line(booking: Booking, catalog: Catalog) -> str:
    sign = "+" if booking.total >= 0 else "−"
    amount = f"{abs(booking.total) / CREDIT:.2f}".rstrip("0").rstrip(".")
    return f"{booking.at:%Y-%m-%d %H:%M} UTC  {sign}{amount}  {catalog.text(f'booking-{booking.kind.value}')}"
