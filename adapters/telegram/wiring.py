"""How the parts of this adapter are put together, and which of them hears of which updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram.ext import Application as TelegramApplication
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from adapters.telegram.albums import Albums
from adapters.telegram.cards import CardKeeper
from adapters.telegram.delivery import Delivery
from adapters.telegram.departures import Departures
from adapters.telegram.desk import Desk
from adapters.telegram.handlers.answers import Answers
from adapters.telegram.handlers.asides import Asides
from adapters.telegram.handlers.buttons import ButtonHandlers, ButtonParts
from adapters.telegram.handlers.corrections import Corrections
from adapters.telegram.handlers.inline import InlineHandlers
from adapters.telegram.handlers.messages import MessageHandlers, MessageParts
from adapters.telegram.handlers.questions import Questions
from adapters.telegram.handlers.remixes import Remixes
from adapters.telegram.handlers.reports import PictureReports
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.kept import KeptPhotos
from adapters.telegram.languages import Languages
from adapters.telegram.limiter import FloodLimiter
from adapters.telegram.moderators import Moderators
from adapters.telegram.pictures import PictureDownloads
from adapters.telegram.removal import Removal
from adapters.telegram.reporting import ReportTeller
from adapters.telegram.timing import Timer
from adapters.telegram.voice import Voice
from bot.application import Application


@dataclass(frozen=True, slots=True)
class Listeners:
    """Those that updates are handed to."""

    messages: MessageHandlers
    buttons: ButtonHandlers
    inline: InlineHandlers
    departures: Departures

    def register(self, library: TelegramApplication[Any, Any, Any, Any, Any, Any]) -> None:
        """Let each hear of its kind of updates."""
        library.add_handler(MessageHandler(filters.UpdateType.MESSAGE, self.messages.receive))
        library.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, self.messages.receive_edited))
        library.add_handler(CallbackQueryHandler(self.buttons.receive))
        library.add_handler(InlineQueryHandler(self.inline.receive))
        library.add_handler(ChatMemberHandler(self.departures.receive, ChatMemberHandler.MY_CHAT_MEMBER))


class Wiring:
    """Makes every part once, for one connection."""

    def __init__(self, application: Application, bot: ExtBot[int], limiter: FloodLimiter, timer: Timer) -> None:
        self._application = application
        self._bot = bot
        self._timer = timer
        self._departures = Departures(application)
        self._languages = Languages(application)
        self._downloads = PictureDownloads(bot, application.limits)
        board, catalogs = application.board, application.catalogs
        self.keeper = CardKeeper(bot, board, catalogs, limiter, timer, give_up=self._departures.give_up)
        kept = KeptPhotos(bot, application.copies)
        self.delivery = Delivery(bot, application.images, catalogs, self.keeper, limiter, kept=kept)
        self._removal = Removal(bot)
        self.teller = ReportTeller(application, bot, self._removal)
        self._desk = Desk(bot, application, self.keeper, self._downloads, self._languages)

    def make(self, *, upload_bytes: int) -> Listeners:
        """Everything that updates are handed to; uploads may have `upload_bytes`."""
        application, bot, desk, languages = self._application, self._bot, self._desk, self._languages
        tools = Tools(application, Voice(bot), desk, self._downloads, self.delivery, upload_bytes)
        moderators = Moderators(bot)
        answers = Answers(tools, moderators)
        remixes = Remixes(application, desk)
        questions = Questions(application, desk, self._downloads)
        corrections = Corrections(application, desk, remixes)
        asides = Asides(bot, application, desk, self._removal)
        reports = PictureReports(application, desk)
        heard = MessageParts(desk, Albums(self._timer), remixes, reports, questions, corrections, answers, languages)
        pressed = ButtonParts(desk, asides, remixes, reports, questions, languages, moderators, answers)
        return Listeners(
            MessageHandlers(application, heard),
            ButtonHandlers(application, pressed, self._timer),
            InlineHandlers(bot, application),
            self._departures,
        )
