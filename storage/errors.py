"""What the database can refuse, without the words of any SQL library."""

from __future__ import annotations

from typing import Final


class ConstraintViolated(Exception):  # noqa: N818 -- named for what happened
    """A row contradicts the others: an id taken, an owner or a job that is not there, a value no column allows."""


class SchemaUnknown(Exception):  # noqa: N818
    """The database was written by another version of the bot, at a `revision` that this one does not know."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision: Final = revision


class DatabaseUnsupported(Exception):  # noqa: N818
    """A database that the bot can not use; `args[0]` says why and names no secret."""
