"""What the HTTP side itself refuses, beside the refusals of the services."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.errors import Rejected, Rejection
from bot.messages.catalogs import Catalog


class WebRefusal(StrEnum):
    """Why a request was refused before a service saw it, or could not be answered."""

    BAD_REQUEST = "bad-request"
    FOREIGN_HOST = "foreign-host"
    SIGN_IN_NEEDED = "sign-in-needed"
    TOKEN_WRONG = "token-wrong"  # noqa: S105 -- a code, not a token
    SCOPE_TOO_SMALL = "scope-too-small"
    PAGE_STALE = "page-stale"
    CROSS_SITE = "cross-site"
    NOT_FOUND = "not-found"
    LINK_DEAD = "link-dead"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_LARGE = "too-large"
    INTERNAL = "internal"


_WEB_STATUS: Final = {
    WebRefusal.BAD_REQUEST: 400,
    WebRefusal.FOREIGN_HOST: 403,
    WebRefusal.SIGN_IN_NEEDED: 401,
    WebRefusal.TOKEN_WRONG: 401,
    WebRefusal.SCOPE_TOO_SMALL: 403,
    WebRefusal.PAGE_STALE: 403,
    WebRefusal.CROSS_SITE: 403,
    WebRefusal.NOT_FOUND: 404,
    WebRefusal.LINK_DEAD: 404,
    WebRefusal.METHOD_NOT_ALLOWED: 405,
    WebRefusal.TOO_LARGE: 413,
    WebRefusal.INTERNAL: 500,
}
_REJECTION_STATUS: Final = {
    Rejection.FILE_TOO_LARGE: 413,
    Rejection.TOO_MANY_WAITING: 429,
    Rejection.JOB_UNKNOWN: 404,
    Rejection.PICTURE_UNKNOWN: 404,
    Rejection.JOB_NOT_YOURS: 403,
    Rejection.JOB_ENDED: 409,
    Rejection.JOB_NOT_DONE: 409,
    Rejection.RECIPE_UNKNOWN: 404,
    Rejection.STYLE_UNKNOWN: 404,
    Rejection.PICTURE_GONE: 410,
    Rejection.RESULT_GONE: 410,
    Rejection.CREDITS_USED_UP: 429,
    Rejection.BLOCKED: 403,
    Rejection.OPERATORS_ONLY: 403,
    Rejection.PERSON_UNKNOWN: 404,
    Rejection.REPORT_UNKNOWN: 404,
    Rejection.REPORTED_BEFORE: 409,
    Rejection.TOO_MANY_REPORTS: 429,
    Rejection.PASSWORD_WRONG: 403,
    Rejection.SIGN_IN_TOO_OFTEN: 429,
    Rejection.TOKEN_NAME_TAKEN: 409,
    Rejection.TOKEN_UNKNOWN: 404,
    Rejection.TOKEN_USED_TOO_OFTEN: 429,
    Rejection.DRAINING: 503,
    Rejection.STORAGE_BUSY: 503,
    Rejection.STORAGE_FULL: 507,
}
_UNPROCESSABLE: Final = 422
_RETRY_AFTER_S: Final = {
    Rejection.STORAGE_BUSY: 5,
    Rejection.DRAINING: 60,
    Rejection.TOO_MANY_WAITING: 30,
}


class Refused(Exception):  # noqa: N818 -- a refusal, not a fault
    """A request that the HTTP side refuses."""

    def __init__(self, refusal: WebRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal: Final = refusal


def status_of(reason: Rejection | WebRefusal) -> int:
    """The HTTP status that goes with a refusal; what was understood but can not be done is 422."""
    if isinstance(reason, WebRefusal):
        return _WEB_STATUS[reason]
    return _REJECTION_STATUS.get(reason, _UNPROCESSABLE)


def waiting_headers(rejected: Rejected) -> dict[str, str]:
    """`Retry-After` in seconds, where waiting helps and for how long is known (RFC 9110, section 10.2.3)."""
    seconds = _RETRY_AFTER_S.get(rejected.rejection)
    match rejected.rejection:
        case Rejection.CREDITS_USED_UP:
            seconds = int(rejected.details["hours"]) * 3600 + int(rejected.details["minutes"]) * 60
        case Rejection.TOKEN_USED_TOO_OFTEN:
            seconds = int(rejected.details["seconds"])
        case Rejection.SIGN_IN_TOO_OFTEN:
            seconds = int(rejected.details["minutes"]) * 60
        case _:
            pass
    return {"Retry-After": str(seconds)} if seconds else {}


def web_refusal_text(refusal: WebRefusal, catalog: Catalog) -> str:
    """The one sentence for a refusal of the HTTP side."""
    return catalog.text(f"web-reject-{refusal.value}")
