"""The tables; importing this package knows them all."""

from storage.tables import access, jobs, library, moderation, people
from storage.tables.base import Table, UtcDateTime

__all__ = ["Table", "UtcDateTime", "access", "jobs", "library", "moderation", "people"]
