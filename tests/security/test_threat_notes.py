"""The numbers in SECURITY.md are counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.telegram.keyboards import Action
from tests.e2e.commands.test_backup import HOSTILE
from tests.e2e.web.conftest import PageKit
from tests.security import hostile_addresses as addresses
from tests.security.forged_ids import DISCORD_ACTIONS, DISCORD_MALFORMED, TELEGRAM_MALFORMED
from tests.security.hostile_pictures import hostile_pictures
from tests.security.hostile_prompts import LONG_PROMPTS, SHORT_PROMPTS
from tests.security.test_links import HOSTILE_LINKS, NO_SECRETS, OWN_SERVER_LINKS, STRANGE_BODIES
from tests.security.test_other_peoples_jobs import routes_about_jobs

_ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<cases>[\d,]+) \| `(?P<where>[^`|]+)` \|$", re.MULTILINE)
_JOBS_OF_OTHERS_AND_NONE = 2


def counted() -> Mapping[str, int]:
    """How many cases there are, by how the row begins."""
    sources = [file.read_text(encoding="utf-8") for file in (_ROOT / "tests/fuzz").glob("test_*.py")]
    forms = (addresses.HOSTILE_FORMS, addresses.ENCODED_FORMS)
    return {
        "Hostile picture files": len(hostile_pictures()),
        "Hostile prompts": len(SHORT_PROMPTS),
        "Prompts of 100,000": len(LONG_PROMPTS),
        "Paths": len(addresses.HOSTILE_PATHS),
        "Headers": len(addresses.HOSTILE_HEADERS) + len(addresses.ODD_HEADERS),
        "Forms": sum(map(len, forms)),
        "Links": len(HOSTILE_LINKS) + len(OWN_SERVER_LINKS),
        "Webhook": len(NO_SECRETS) * len(STRANGE_BODIES),
        "Hostile backups": len(HOSTILE),
        "Forged ids": len(DISCORD_ACTIONS) * _JOBS_OF_OTHERS_AND_NONE + len(DISCORD_MALFORMED),
        "Forged data": len(Action) * _JOBS_OF_OTHERS_AND_NONE + len(TELEGRAM_MALFORMED),
        "Parsers": sum(source.count("\n@fuzzed\n") for source in sources),
    }


@pytest.fixture
def rows() -> dict[str, tuple[int, str]]:
    """What the file says: cases and place by what was tried."""
    text = (_ROOT / "SECURITY.md").read_text(encoding="utf-8")
    found = {row["what"]: (int(row["cases"].replace(",", "")), row["where"]) for row in _ROW.finditer(text)}
    assert found
    return found


def test_every_number_is_right_and_every_place_exists(rows: dict[str, tuple[int, str]]) -> None:
    said = {begin: cases for begin in counted() for what, (cases, _) in rows.items() if what.startswith(begin)}
    assert said == counted()
    assert len(rows) == len(said) + 1, "every row is counted here; that of the routes below"
    assert [where for _, where in rows.values() if not (_ROOT / where).exists()] == []


async def test_the_number_of_routes_is_right(page: PageKit, rows: dict[str, tuple[int, str]]) -> None:
    [said] = [cases for what, (cases, _) in rows.items() if what.startswith("Routes")]
    assert said == len(routes_about_jobs(page))
