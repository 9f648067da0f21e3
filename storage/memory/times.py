"""Times as a database would give them back."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(at: datetime) -> datetime:
    """The time in UTC; raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"a time without zone: {at.isoformat()}")
    return at.astimezone(UTC)
