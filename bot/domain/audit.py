"""The audit log: who decided what about whom, for those who run the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

COMMAND_LINE: Final = "command line"
"""Who decides at the machine itself, where nobody has an id."""


class AuditAction(StrEnum):
    """What was done. `OTHER` is what a newer release wrote down; its own word then begins the detail."""

    GRANT = "grant"
    TIER = "tier"
    BLOCK = "block"
    UNBLOCK = "unblock"
    SERVER_BLOCK = "server-block"
    SERVER_UNBLOCK = "server-unblock"
    SERVER_SETTINGS = "server-settings"
    WORDS_ADD = "words-add"
    WORDS_REMOVE = "words-remove"
    CANCEL = "cancel"
    DELETE = "delete"
    REPORT_CLOSE = "report-close"
    PAUSE = "pause"
    DRAIN = "drain"
    RESUME = "resume"
    RESTART_ENGINE = "restart-engine"
    EXPORT = "export"
    ERASE = "erase"
    TOKEN_ADD = "token-add"  # noqa: S105 -- a word for an action
    TOKEN_REMOVE = "token-remove"  # noqa: S105
    BACKUP = "backup"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One decision, at a time in UTC.

    `by` is who decided, such as `discord:80351110224678912`, or `COMMAND_LINE`. `subject` is whom or what it concerns:
    a person or a server in the same form, or the id of a job; empty where it is the bot itself. Once a person is
    erased, `erased-` and some letters stand in place of their ids.
    """

    at: datetime
    by: str
    action: AuditAction
    subject: str = ""
    detail: str = ""
