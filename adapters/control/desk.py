"""What a request over the control socket does."""

from __future__ import annotations

from typing import Final, assert_never

from adapters.control.wire import (
    Answer,
    AskErrors,
    AskOutbox,
    AskQueue,
    AskStats,
    CancelJob,
    CloseReport,
    Delivery,
    Done,
    Drain,
    Entry,
    ErrorNote,
    Errors,
    Outbox,
    Pause,
    Queue,
    Refused,
    Request,
    RestartEngine,
    Resume,
    Stats,
)
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.audit import COMMAND_LINE
from bot.domain.errors import Rejected
from bot.domain.oversight import OutboxView, QueueEntry
from bot.messages.cards import card_text, rejection_text

_PROMPT_CHARS: Final = 60
# Whoever can open the socket is at the machine, as whoever opens the page there; the name goes into the audit log.
_OPERATOR: Final = Actor(Platform.WEB, COMMAND_LINE)


class ControlDesk:
    """Does what is asked with the services of a bot, and answers in English."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._catalog = application.catalogs.for_locale(None)

    async def answer(self, request: Request) -> Answer:
        """Do it; a refusal is an answer."""
        try:
            return await self._do(request)
        except Rejected as rejected:
            return Refused(rejection_text(rejected, self._catalog))

    async def _do(self, request: Request) -> Answer:
        operations = self._application.operations
        match request:
            case Pause():
                await operations.pause(_OPERATOR)
            case Drain():
                await operations.drain(_OPERATOR)
            case Resume():
                await operations.resume(_OPERATOR)
            case RestartEngine():
                await operations.restart_engine(_OPERATOR)
            case AskStats() | AskQueue() | AskErrors() | AskOutbox():
                return await self._told(request)
            case CancelJob(job_id=job_id):
                await self._application.cancel.decided(job_id, by=COMMAND_LINE)
            case CloseReport(report_id=report_id, delete_picture=delete_picture):
                await self._application.reports.close(_OPERATOR, report_id, delete_picture=delete_picture)
            case _:
                assert_never(request)
        return Done()

    async def _told(self, request: AskStats | AskQueue | AskErrors | AskOutbox) -> Answer:
        """What changes nothing."""
        oversight = self._application.oversight
        match request:
            case AskStats():
                return await self._stats()
            case AskQueue(limit=limit):
                view = await oversight.queue(_OPERATOR, limit=limit)
                return Queue(tuple(self._entry(entry) for entry in view.entries), view.total)
            case AskErrors():
                notes = oversight.errors(_OPERATOR)
                return Errors(tuple(ErrorNote(note.at, note.where, note.job, note.words) for note in notes))
            case AskOutbox():
                return _outbox(await oversight.outbox(_OPERATOR))
            case _:
                assert_never(request)

    async def _stats(self) -> Stats:
        stats = await self._application.operations.stats(_OPERATOR)
        return Stats(
            mode=stats.mode.value,
            waiting=stats.waiting,
            people=stats.people,
            running=stats.running,
            engine=stats.engine.value,
            engine_label=stats.engine_label,
            pictures=stats.pictures,
            failures=stats.failures,
            median_s=stats.median_s,
        )

    def _entry(self, entry: QueueEntry) -> Entry:
        owner, prompt = entry.owner, " ".join(entry.card.job.request.prompt.split())
        return Entry(
            job_id=entry.card.job_id,
            title=card_text(entry.card, self._catalog).title,
            owner=f"{owner.platform.value}:{owner.external_id}" if owner is not None else "",
            name=owner.name if owner is not None else "",
            prompt=prompt if len(prompt) <= _PROMPT_CHARS else prompt[: _PROMPT_CHARS - 1] + "…",
            waited_s=entry.waited_s,
        )


def _outbox(view: OutboxView) -> Outbox:
    deliveries = (
        Delivery(one.job_id, one.platform.value, one.attempts, one.next_attempt_at, one.last_error or "")
        for one in view.deliveries
    )
    return Outbox(tuple(deliveries), view.total)
