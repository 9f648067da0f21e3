"""What is said over the control socket: one line of JSON each way, then the connection ends."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
SOCKET_FILE: Final = "control.sock"
"""In the data folder; only its owner may connect."""


class _Message(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    pass


class Pause(_Message, frozen=True):
    """Take no further job."""


class Drain(_Message, frozen=True):
    """Work off what waits and take nothing new."""


class Resume(_Message, frozen=True):
    """Back to normal."""


class RestartEngine(_Message, frozen=True):
    """A fresh engine process."""


class AskStats(_Message, frozen=True):
    """The numbers of this moment and of the last 24 hours."""


class AskQueue(_Message, frozen=True):
    """What is drawn and what waits; `limit` entries at most."""

    limit: int


class AskErrors(_Message, frozen=True):
    """The latest errors of the log."""


class AskOutbox(_Message, frozen=True):
    """What a chat still has to be told."""


class CancelJob(_Message, frozen=True):
    """End a request, whosever it is."""

    job_id: str


class CloseReport(_Message, frozen=True):
    """Decide about a report: leave the picture, or delete its request."""

    report_id: int
    delete_picture: bool


Request = Pause | Drain | Resume | RestartEngine | AskStats | AskQueue | AskErrors | AskOutbox | CancelJob | CloseReport


class Done(_Message, frozen=True):
    """It is done."""


class Refused(_Message, frozen=True):
    """It is not done, and why in one sentence."""

    sentence: str


class Stats(_Message, frozen=True):
    """As `bot.domain.operations.Stats`; the command line says of a bot that does not run that it is `not running`."""

    mode: str
    waiting: int
    people: int
    running: int
    engine: str
    engine_label: str
    pictures: int
    failures: int
    median_s: float | None


class Entry(_Message, frozen=True):
    """One unfinished request; `title` is what its card says, `owner` is empty where nobody is known any more."""

    job_id: str
    title: str
    owner: str
    name: str
    prompt: str
    waited_s: float


class Queue(_Message, frozen=True):
    """What is drawn, then what waits in the order of work; `total` counts those not shown as well."""

    entries: tuple[Entry, ...]
    total: int


class ErrorNote(_Message, frozen=True):
    """As `bot.domain.oversight.ErrorNote`."""

    at: datetime
    where: str
    job: str
    words: str


class Errors(_Message, frozen=True):
    """The latest errors, newest first."""

    notes: tuple[ErrorNote, ...]


class Delivery(_Message, frozen=True):
    """One delivery to come; `due_at` is when it is tried next, `attempts` failed so far."""

    job_id: str
    platform: str
    attempts: int
    due_at: datetime
    last_error: str


class Outbox(_Message, frozen=True):
    """Deliveries to come, the longest due first; `total` counts those not shown as well."""

    deliveries: tuple[Delivery, ...]
    total: int


Answer = Done | Refused | Stats | Queue | Errors | Outbox

_REQUESTS: Final = msgspec.json.Decoder(Request)
_ANSWERS: Final = msgspec.json.Decoder(Answer)


def write(message: Request | Answer) -> bytes:
    """The message on one line, without its end."""
    return msgspec.json.encode(message)


def read_request(line: bytes) -> Request:
    """Read it. Raises `msgspec.MsgspecError`, and `UnicodeDecodeError` where it is no UTF-8."""
    request: Request = _REQUESTS.decode(line)
    return request


def read_answer(line: bytes) -> Answer:
    """Read it. Raises likewise."""
    answer: Answer = _ANSWERS.decode(line)
    return answer
