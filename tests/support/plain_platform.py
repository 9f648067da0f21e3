"""The plainest platform: a stream of what people ask for, one message for each request, and a record of everything.

It stands for any chat: events come again until they are answered, and an answer can be edited. It lives in the test's
process, so it survives the bot being killed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from aiohttp import web

EventId = str
Json = dict[str, Any]

_POLL_S: Final = 0.2
_BATCH: Final = 10


class Moment(StrEnum):
    """What the bot tells the platform."""

    ANSWER = "answer"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did: `ask` holds a request's fields, `stop` names the job that is to be cancelled."""

    id: EventId
    person: str
    server: str | None = None
    ask: Mapping[str, Any] | None = None
    stop: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot said at once: a job, a refusal (its key), or neither for a job that will be stopped."""

    job: str | None
    rejection: str | None
    life: int


@dataclass(frozen=True, slots=True)
class Content:
    """What the message of a request shows in the end; `pictures` are hashes of the files that came."""

    job: str
    state: str
    failure: str | None
    refunded: int
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A result as it came in, and from which life of the bot."""

    event: EventId
    content: Content
    life: int


@dataclass
class Record:
    """All that happened: what people did, what the bot answered, every result that came, and what messages show."""

    events: dict[EventId, Event] = field(default_factory=dict)
    answers: defaultdict[EventId, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    received: list[Received] = field(default_factory=list)
    messages: dict[EventId, Content] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class PlainPlatform:
    """Listens on a free port of the loopback interface.

    `wire(moment, is_before)` is called when the bot tells something, before and after it is written down: a test that
    kills the bot there makes it lose the acknowledgement. `fault()` may name an HTTP status to refuse a result with.
    """

    def __init__(self, *, fault: Callable[[], int | None] = lambda: None) -> None:
        self.record = Record()
        self.lives: set[int] = set()
        self.wire: Callable[[Moment, bool], None] = lambda _moment, _is_before: None
        self.changed = asyncio.Event()
        self.url = ""
        self._fault = fault
        self._open: dict[EventId, Event] = {}
        self._arrived = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/lives/{life}/events", self._give_events)
        app.router.add_post("/lives/{life}/events/{event}/answer", self._take_answer)
        app.router.add_put("/lives/{life}/events/{event}/result", self._take_result)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def push(self, event: Event) -> None:
        """Let somebody do something; an event that was answered already comes again, as a press of the same button."""
        self.record.events[event.id] = event
        self._open[event.id] = event
        self._arrived.set()

    @property
    def unanswered(self) -> int:
        """How many events the bot has not answered yet."""
        return len(self._open)

    def job_of(self, event: EventId) -> str | None:
        """The job that a request became, as far as the platform was told."""
        return next((answer.job for answer in self.record.answers[event] if answer.job is not None), None)

    @property
    def awaited(self) -> list[EventId]:
        """Requests that were accepted and whose result is not there yet."""
        return [
            event
            for event in self.record.events
            if event not in self.record.messages and self.job_of(event) is not None
        ]

    async def _give_events(self, request: web.Request) -> web.Response:
        """Everything unanswered, oldest first; held for a moment while there is nothing."""
        self.lives.add(int(request.match_info["life"]))
        self._note_change()
        try:
            async with asyncio.timeout(_POLL_S):
                while not self._open:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            return web.json_response([])
        return web.json_response([_as_json(event) for event in list(self._open.values())[:_BATCH]])

    async def _take_answer(self, request: web.Request) -> web.Response:
        event, life = request.match_info["event"], int(request.match_info["life"])
        body = await request.json()
        self.wire(Moment.ANSWER, True)
        self.record.answers[event].append(Answer(body["job"], body["rejection"], life))
        if self._open.pop(event, None) is None:
            self.record.wrong.append(f"{event} was answered and not asked")
        self._note_change()
        self.wire(Moment.ANSWER, False)
        return web.json_response({})

    async def _take_result(self, request: web.Request) -> web.Response:
        """Edit the message of the request: whoever says it twice edits it twice."""
        event, life = request.match_info["event"], int(request.match_info["life"])
        try:
            form = await request.post()
        except ConnectionResetError:
            return web.Response(status=400)  # whoever said it was killed in the middle of a word
        if (status := self._fault()) is not None:
            return web.Response(status=status)
        files = [form[f"picture {index}"] for index in range(int(str(form["count"])))]
        content = Content(
            job=str(form["job"]),
            state=str(form["state"]),
            failure=str(form["failure"]) or None,
            refunded=int(str(form["refunded"])),
            pictures=tuple(_hash_of(file) for file in files),
        )
        self.wire(Moment.RESULT, True)
        if event not in self.record.events:
            self.record.wrong.append(f"a result for {event}, which nobody asked for")
        self.record.received.append(Received(event, content, life))
        self.record.messages[event] = content
        self._note_change()
        self.wire(Moment.RESULT, False)
        return web.json_response({})

    def _note_change(self) -> None:
        self.changed.set()


def _as_json(event: Event) -> Json:
    return {
        "id": event.id,
        "person": event.person,
        "server": event.server,
        "ask": dict(event.ask) if event.ask is not None else None,
        "stop": event.stop,
    }


def _hash_of(file: str | bytes | bytearray | web.FileField) -> str:
    assert isinstance(file, web.FileField)
    return hashlib.sha256(file.file.read()).hexdigest()
