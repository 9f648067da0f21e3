"""A person's data as plain JSON-ready values, for their export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.access import ApiToken, WebSession
from bot.domain.credits import Account, Booking
from bot.domain.histories import Copy
from bot.domain.jobs import Job
from bot.domain.people import Identity, User, UserSettings
from bot.domain.styles import StyleCard, Tray
from bot.services.recipes import recipe_of_result


@dataclass(frozen=True, slots=True)
class Access:
    """Tokens that act as a person, and the browsers that are signed in, for whoever is at the page."""

    tokens: Sequence[ApiToken]
    sessions: Sequence[WebSession]


def account_record(
    user: User,
    identities: Sequence[Identity],
    settings: UserSettings,
    *,
    account: Account | None,
    bookings: Sequence[Booking],
    access: Access,
) -> dict[str, Any]:
    """Who a person is to us, what they chose, what they have and how it came about; credits in hundredths."""
    return {
        "user": asdict(user),
        "identities": [asdict(one) for one in identities],
        "settings": asdict(settings),
        "credits_hundredths": {"daily": account.daily, "bonus": account.bonus} if account is not None else None,
        "bookings": [asdict(one) for one in bookings],
        "tokens": [_without_digest(one) for one in access.tokens],
        "signed_in": [_without_digest(one) for one in access.sessions],
    }


def _without_digest(one: ApiToken | WebSession) -> dict[str, Any]:
    """What can be told: of the secret itself, nothing."""
    return {name: value for name, value in asdict(one).items() if name != "digest"}


def job_record(job: Job) -> dict[str, Any]:
    """A job as it was asked, how it went, and the recipe of each of its pictures."""
    return {
        **asdict(job),
        "mode": job.request.mode.value,
        "pictures": [{**asdict(one), "recipe": asdict(recipe_of_result(job, one))} for one in job.pictures],
    }


def card_record(card: StyleCard) -> dict[str, Any]:
    """A style card."""
    return asdict(card)


def copy_record(copy: Copy) -> dict[str, Any]:
    """A copy of a result that a platform keeps."""
    return asdict(copy)


def tray_record(tray: Tray) -> dict[str, Any]:
    """What lies in the tray."""
    return asdict(tray)
