"""The Telegram bot: connects, receives, delivers."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from telegram import Update
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application as TelegramApplication
from telegram.ext import ApplicationBuilder, ExtBot

from adapters.telegram.addresses import read_reply_to
from adapters.telegram.cards import CardKeeper
from adapters.telegram.command_lists import CommandMenu
from adapters.telegram.delivery import Delivery
from adapters.telegram.errors import TelegramTokenRefused, report
from adapters.telegram.inbox import Inbox
from adapters.telegram.intake import Intake
from adapters.telegram.limiter import FloodLimiter
from adapters.telegram.redaction import TokenRedaction
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.timing import SystemTimer, Timer
from adapters.telegram.webhook import WebhookIntake, webhook_secret
from adapters.telegram.wiring import Wiring
from adapters.telegram.work import Work
from bot.application import Application
from bot.domain.actors import Platform
from bot.domain.jobs import Job
from bot.domain.measurements import ConnectionState
from bot.ports.platforms import DeliveryDelayed

log = logging.getLogger(__name__)

_UPLOAD_TIMEOUT_S = 120.0
_ANSWER_TIMEOUT_S = 20.0
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_INBOX_FOLDER = "telegram-inbox"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What exists between `start` and `close`."""

    connection: TelegramApplication  # type: ignore[type-arg]
    keeper: CardKeeper
    delivery: Delivery
    intake: Intake | WebhookIntake
    telling: asyncio.Task[None]


class TelegramBot:
    """A `Frontend` that takes requests in Telegram and a `Deliverer` that answers them."""

    def __init__(self, application: Application, settings: TelegramSettings, timer: Timer | None = None) -> None:
        self._application = application
        self._settings = settings
        self._timer = timer or SystemTimer()
        self._redaction = TokenRedaction(settings.token)
        self._parts: _Parts | None = None
        self._connecting: asyncio.Task[None] | None = None

    @property
    def platform(self) -> Platform:
        """Telegram."""
        return Platform.TELEGRAM

    async def start(self) -> None:
        """Connect and begin to receive. Raises `FrontendRefused`, and OSError where a webhook can not listen.

        When Telegram is out of reach this returns all the same, and connecting goes on in the background.
        """
        self._redaction.install()
        try:
            await self._connect()
        except NetworkError as error:
            report(error, "connecting (it is tried again)")
            self._note(ConnectionState.LOST, type(error).__name__)
            self._connecting = asyncio.create_task(self._connect_later(), name="telegram connecting")
        except BaseException:
            self._redaction.remove()
            raise

    async def close(self) -> None:
        """Stop receiving, end what is in work and let go of the connections."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
            self._connecting = None
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.telling.cancel()
            await asyncio.gather(parts.telling, return_exceptions=True)
            await parts.intake.close()
            await parts.keeper.close()
            await _let_go(parts.connection)
        self._redaction.remove()

    async def deliver(self, job: Job) -> None:
        """Show how `job` ended. Raises `DeliveryDelayed` or `DeliveryImpossible`."""
        if self._parts is None:
            raise DeliveryDelayed("Telegram is not connected yet")
        await self._parts.delivery.deliver(job)

    async def _connect_later(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            await self._timer.sleep(pause_s)
            try:
                await self._connect()
            except NetworkError as error:
                report(error, "connecting (it is tried again)")
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
            except TelegramTokenRefused as error:
                log.error("%s", error)
                self._note(ConnectionState.REFUSED, str(error))
                return
            else:
                return

    async def _connect(self) -> None:
        limiter = FloodLimiter(self._timer)
        library = self._build(limiter)
        try:
            await library.initialize()
            parts = self._assemble(library, limiter)
            await self._name_commands(library.bot)
            await parts.intake.start()
        except InvalidToken:
            await _let_go(library)
            # Without its cause: the library's message repeats the token.
            raise TelegramTokenRefused from None
        except BaseException:
            await _let_go(library)
            raise
        self._parts = parts
        self._note(ConnectionState.CONNECTED)
        self._take_up_cards(parts.keeper)
        log.info("Telegram: connected as @%s", library.bot.username)

    def _build(self, limiter: FloodLimiter) -> TelegramApplication:  # type: ignore[type-arg]
        if not self._settings.token.strip():
            raise TelegramTokenRefused
        return (
            ApplicationBuilder()
            .token(self._settings.token)
            .base_url(self._settings.api_prefix)
            .base_file_url(self._settings.file_prefix)
            .rate_limiter(limiter)
            .read_timeout(_ANSWER_TIMEOUT_S)
            .media_write_timeout(_UPLOAD_TIMEOUT_S)
            .updater(None)
            .build()
        )

    def _assemble(self, library: TelegramApplication, limiter: FloodLimiter) -> _Parts:  # type: ignore[type-arg]
        wiring = Wiring(self._application, library.bot, limiter, self._timer)
        parts = wiring.make(upload_bytes=self._settings.upload_bytes)
        parts.register(library)
        library.add_error_handler(_on_error)
        return _Parts(
            connection=library,
            keeper=wiring.keeper,
            delivery=wiring.delivery,
            intake=self._make_intake(library.bot, Work(library.process_update)),
            telling=asyncio.create_task(wiring.teller.run(), name="telegram reports"),
        )

    def _make_intake(self, bot: ExtBot[int], work: Work) -> Intake | WebhookIntake:
        """The road on which updates come; what a webhook left in the inbox is taken up on either."""
        settings = self._settings
        inbox = Inbox(settings.state_folder / _INBOX_FOLDER) if settings.state_folder is not None else None
        if settings.webhook is None:
            return Intake(bot, work, self._timer, inbox, note=self._note)
        assert settings.state_folder is not None, "checked by the settings"
        assert inbox is not None, "as there is a folder for it"
        secret = webhook_secret(settings.webhook.secret, settings.state_folder)
        return WebhookIntake(bot, work, inbox, settings.webhook, secret)

    def _note(self, state: ConnectionState, reason: str = "") -> None:
        self._application.connections.note(Platform.TELEGRAM, state, reason)

    async def _name_commands(self, bot: ExtBot[int]) -> None:
        """Put the commands into the menu; a bot works without it too."""
        menu = CommandMenu(bot, self._application.catalogs, self._settings.state_folder)
        try:
            await menu.tell()
        except (TelegramError, RetryAfter) as error:
            report(error, "naming the commands")

    def _take_up_cards(self, keeper: CardKeeper) -> None:
        for job in self._application.board.unfinished():
            address = read_reply_to(job.reply_to)
            if address is not None:
                keeper.follow(job, address)


async def _let_go(library: TelegramApplication) -> None:  # type: ignore[type-arg]
    """Close the connections, also of a library whose start failed half-way."""
    await library.shutdown()
    await library.bot.shutdown()


async def _on_error(update: object, context: object) -> None:
    error = getattr(context, "error", None)
    if isinstance(error, Exception):
        number = update.update_id if isinstance(update, Update) else "?"
        report(error, f"handling update {number}")
