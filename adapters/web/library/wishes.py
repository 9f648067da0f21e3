"""What is looked for, between the address of a page and the service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

from adapters.web.refusals import Refused, WebRefusal
from bot.domain.histories import Kind
from bot.domain.jobs import JobId, JobState
from bot.services.gallery import Wish

Choice = TypeVar("Choice", bound=StrEnum)

_NUMBER: Final = re.compile(r"[0-9]{1,18}")


def read_wish(query: Mapping[str, str]) -> Wish:
    """What an address asks for. Raises `Refused` for choices that there are not."""
    return Wish(
        text=query.get("q", "").strip(),
        style=query.get("style") or None,
        kind=_choice(Kind, query.get("kind")),
        state=_choice(JobState, query.get("state")),
        only_favourites=query.get("favourites", "") == "on",
    )


def read_number(query: Mapping[str, str], name: str) -> int | None:
    """A number of an address, of at most 18 digits; None where there is none. Raises `Refused`."""
    given = query.get(name)
    if not given:
        return None
    if not _NUMBER.fullmatch(given):
        raise Refused(WebRefusal.BAD_REQUEST)
    return int(given)


def gallery_address(wish: Wish, *, before: int | None = None) -> str:
    """Where the gallery shows it."""
    return _with("/gallery", _fields(wish) | ({} if before is None else {"before": str(before)}))


def job_address(job_id: JobId, wish: Wish, *, picture: int = 0) -> str:
    """Where one job is shown among what was looked for, with the picture of that index chosen."""
    return _with(f"/gallery/{job_id}", _fields(wish) | ({"picture": str(picture + 1)} if picture else {}))


def is_everything(wish: Wish) -> bool:
    """Whether nothing in particular is looked for."""
    return replace(wish, text=wish.text.strip()) == Wish()


def _choice(choices: type[Choice], given: str | None) -> Choice | None:
    if not given:
        return None
    try:
        return choices(given)
    except ValueError as error:
        raise Refused(WebRefusal.BAD_REQUEST) from error


def _fields(wish: Wish) -> dict[str, str]:
    fields = {
        "q": wish.text,
        "style": wish.style or "",
        "kind": wish.kind or "",
        "state": wish.state or "",
        "favourites": "on" if wish.only_favourites else "",
    }
    return {name: value for name, value in fields.items() if value}


def _with(path: str, fields: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(fields)}" if fields else path
