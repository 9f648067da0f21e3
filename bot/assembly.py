"""What the services stand on, and the services built from it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from bot.application import Application
from bot.domain.credits import Tiers
from bot.domain.limits import Limits
from bot.domain.words import WordList
from bot.messages.catalogs import Catalogs
from bot.ports.clock import Clock
from bot.ports.engine import Engine, StyleTokens
from bot.ports.image_check import ImageCheck, NoImageCheck
from bot.ports.images import ImageStore
from bot.ports.storage import Scrubber, UnitOfWorkFactory
from bot.services.accounts import Accounts
from bot.services.admission import Admission
from bot.services.api_tokens import ApiTokens
from bot.services.audit import Audit
from bot.services.board import CardBoard
from bot.services.cancel import Cancel, CancelRequests
from bot.services.connections import Connections
from bot.services.copies import Copies
from bot.services.corrections import Corrections
from bot.services.estimates import Estimates
from bot.services.export import Export
from bot.services.export_files import ExportFiles
from bot.services.fair_queue import FairQueue
from bot.services.follow_up import Remix, Repeat, Reroll, SwapRoles, Vary
from bot.services.gallery import Gallery
from bot.services.history import History
from bot.services.inspection import Inspect
from bot.services.job_log import JobLog
from bot.services.keeping import PictureKeeper
from bot.services.linking import Linking
from bot.services.links import LinkSettings, OpenLink, SignLink
from bot.services.measurements import Measurements
from bot.services.measuring import Measuring
from bot.services.moderation_news import ModerationNews
from bot.services.operations import Operations
from bot.services.operators import Operators
from bot.services.outbox import OutboxRelay
from bot.services.oversight import Oversight
from bot.services.own_styles import OwnStyles
from bot.services.passwords import Passwords
from bot.services.picture_check import CheckRules, PictureCheck
from bot.services.privacy import EraseMe
from bot.services.prompt_list import PromptList
from bot.services.quotas import Quotas
from bot.services.readiness import CheckReadiness
from bot.services.recent_errors import RecentErrors
from bot.services.reports import Reports
from bot.services.result_admission import ResultAdmission
from bot.services.retention import RetentionSettings
from bot.services.run_switch import RunSwitch
from bot.services.server_words import ServerWords
from bot.services.settings import Choices, Preferences
from bot.services.sign_in import SignIn
from bot.services.styles import StyleCards
from bot.services.submit import Submit
from bot.services.thumbnails import Thumbnails
from bot.services.tray import Trays
from bot.services.triptych import MakeTriptych
from bot.services.upscale import Upscale
from bot.services.waiting import CountWaiting


@dataclass(frozen=True, slots=True)
class Outside:
    """What the services stand on: storage, engine, time and words.

    `storing` is held while files and the rows that name them come or go; see `PictureKeeper`. `errors` are filled by
    whoever sets up the log.
    """

    engine: Engine
    style_tokens: StyleTokens
    open_unit: UnitOfWorkFactory
    scrubber: Scrubber
    images: ImageStore
    clock: Clock
    catalogs: Catalogs
    errors: RecentErrors = field(default_factory=RecentErrors)
    image_check: ImageCheck = field(default_factory=NoImageCheck)
    storing: AbstractAsyncContextManager[object] = field(default_factory=asyncio.Lock)
    passwords: Passwords = field(default_factory=Passwords)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator allows, and how long things are kept.

    `operators` are the keys of those who run the bot, such as `discord:80351110224678912`; `links` are None
    where the page has no public address; `words` are not wanted in anybody's prompt.
    """

    limits: Limits = field(default_factory=Limits)
    tiers: Tiers = field(default_factory=Tiers)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    trusted_servers: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    links: LinkSettings | None = None
    token_requests_a_minute: int = 300
    words: WordList = field(default_factory=lambda: WordList(()))
    checking: CheckRules = field(default_factory=CheckRules)


class Parts:
    """What lives as long as the process and is shared by the services: queue, cards, outbox, files."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.queue = FairQueue()
        self.estimates = Estimates()
        self.switch = RunSwitch()
        self.measuring = Measuring()
        self.measurements = Measurements(outside.clock)
        self.measuring.add(self.measurements)
        self.measuring.add(JobLog())
        self.connections = Connections(outside.clock)
        self.board = CardBoard(
            self.queue, outside.engine, self.estimates, outside.open_unit, self.switch, measuring=self.measuring
        )
        self.relay = OutboxRelay(outside.open_unit, outside.clock, meter=self.measuring)
        self.cancel_requests = CancelRequests()
        self.keeper = PictureKeeper(
            images=outside.images,
            open_unit=outside.open_unit,
            style_tokens=outside.style_tokens,
            storing=outside.storing,
        )


def make_application(parts: Parts, rules: Rules) -> Application:
    """Everything an adapter may use."""
    outside = parts.outside
    open_unit, images, clock = outside.open_unit, outside.images, outside.clock
    quotas = Quotas(rules.tiers)
    admit = Admission(images=images, limits=rules.limits, check=PictureCheck(outside.image_check, rules.checking))
    submit = Submit(
        limits=rules.limits,
        quotas=quotas,
        images=images,
        admit=admit,
        prompt_list=PromptList(rules.words),
        keeper=parts.keeper,
        open_unit=open_unit,
        queue=parts.queue,
        board=parts.board,
        switch=parts.switch,
        measuring=parts.measuring,
        clock=clock,
    )
    cancel = _make_cancel(parts)
    history = History(open_unit=open_unit, keeper=parts.keeper, clock=clock)
    admit_result = ResultAdmission(images=images, history=history, limits=rules.limits)
    tray = Trays(open_unit=open_unit, admit=admit, admit_result=admit_result, keeper=parts.keeper, clock=clock)
    export = Export(open_unit=open_unit, images=images, clock=clock)
    choices = Choices(outside.catalogs.locales, rules.tiers, rules.limits, trusted_servers=rules.trusted_servers)
    operators = Operators(rules.operators)
    accounts = Accounts(open_unit=open_unit, quotas=quotas, limits=rules.limits, clock=clock)
    return Application(
        limits=rules.limits,
        catalogs=outside.catalogs,
        submit=submit,
        reroll=Reroll(open_unit=open_unit, submit=submit),
        vary=Vary(open_unit=open_unit, submit=submit),
        remix=Remix(open_unit=open_unit, submit=submit),
        swap_roles=SwapRoles(open_unit=open_unit, submit=submit, cancel=cancel),
        repeat=Repeat(open_unit=open_unit, submit=submit),
        upscale=Upscale(
            open_unit=open_unit,
            submit=submit,
            history=history,
            admit=admit,
            admit_result=admit_result,
            limits=rules.limits,
        ),
        cancel=cancel,
        corrections=Corrections(open_unit=open_unit, cancel=cancel, limits=rules.limits),
        board=parts.board,
        waiting=CountWaiting(open_unit=open_unit, board=parts.board),
        history=history,
        gallery=Gallery(open_unit=open_unit),
        thumbnails=Thumbnails(images=images),
        copies=Copies(open_unit=open_unit),
        styles=StyleCards(
            open_unit=open_unit, admit=admit, admit_result=admit_result, keeper=parts.keeper, clock=clock
        ),
        own_styles=OwnStyles(open_unit=open_unit, keeper=parts.keeper, trays=tray),
        tray=tray,
        preferences=Preferences(open_unit=open_unit, clock=clock, choices=choices),
        words=ServerWords(open_unit=open_unit, clock=clock),
        accounts=accounts,
        operations=_make_operations(parts, operators, accounts),
        audit=Audit(operators=operators, open_unit=open_unit),
        reports=Reports(
            operators=operators, news=ModerationNews(), open_unit=open_unit, keeper=parts.keeper, clock=clock
        ),
        oversight=_make_oversight(parts, operators),
        readiness=CheckReadiness(engine=outside.engine, open_unit=open_unit),
        measuring=parts.measuring,
        measurements=parts.measurements,
        connections=parts.connections,
        linking=Linking(open_unit=open_unit, queue=parts.queue, board=parts.board, clock=clock),
        sign_in=SignIn(open_unit=open_unit, passwords=outside.passwords, clock=clock),
        api_tokens=ApiTokens(open_unit=open_unit, clock=clock, max_uses_a_minute=rules.token_requests_a_minute),
        export=export,
        export_files=ExportFiles(export),
        erase=_make_erase(parts),
        inspect=Inspect(limits=rules.limits),
        triptych=MakeTriptych(images=images, history=history),
        sign_link=SignLink(settings=rules.links, clock=clock) if rules.links is not None else None,
        open_link=_make_open_link(parts, rules.links) if rules.links is not None else None,
        images=images,
        engine=outside.engine,
    )


def _make_open_link(parts: Parts, settings: LinkSettings) -> OpenLink:
    outside = parts.outside
    return OpenLink(settings=settings, open_unit=outside.open_unit, images=outside.images, clock=outside.clock)


def _make_cancel(parts: Parts) -> Cancel:
    return Cancel(
        open_unit=parts.outside.open_unit,
        queue=parts.queue,
        board=parts.board,
        engine=parts.outside.engine,
        requests=parts.cancel_requests,
        relay=parts.relay,
        clock=parts.outside.clock,
    )


def _make_operations(parts: Parts, operators: Operators, accounts: Accounts) -> Operations:
    return Operations(
        operators=operators,
        switch=parts.switch,
        board=parts.board,
        engine=parts.outside.engine,
        accounts=accounts,
        open_unit=parts.outside.open_unit,
        clock=parts.outside.clock,
    )


def _make_oversight(parts: Parts, operators: Operators) -> Oversight:
    return Oversight(
        operators=operators,
        board=parts.board,
        queue=parts.queue,
        errors=parts.outside.errors,
        open_unit=parts.outside.open_unit,
        clock=parts.outside.clock,
    )


def _make_erase(parts: Parts) -> EraseMe:
    return EraseMe(
        open_unit=parts.outside.open_unit,
        keeper=parts.keeper,
        queue=parts.queue,
        board=parts.board,
        engine=parts.outside.engine,
        cancel_requests=parts.cancel_requests,
        scrubber=parts.outside.scrubber,
        clock=parts.outside.clock,
    )
