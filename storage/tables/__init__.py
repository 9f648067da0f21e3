"""The tables; importing this package knows them all."""

from storage.tables import jobs, library, moderation, people
from storage.tables.base import Table, UtcDateTime

__all__ = ["Table", "UtcDateTime", "jobs", "library", "moderation", "people"]
