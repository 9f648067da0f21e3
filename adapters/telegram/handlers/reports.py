"""Reports: asking what is wrong with a picture, taking the answer, and /admin reports for operators."""

from __future__ import annotations

import re
from typing import Final

from telegram import ForceReply, Message, User

from adapters.telegram.addresses import ChatAddress, address_of
from adapters.telegram.calls import Call, Reply
from adapters.telegram.desk import Desk
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.keyboards import Press
from adapters.telegram.reporting import place_in, verdict_keyboard
from adapters.telegram.wishes import actor_of
from bot.application import Application
from bot.messages.catalogs import Catalog
from bot.messages.moderation import report_text
from bot.services.parsing import parse_whole_number

# The last line of the question: the picture, then the message that shows it: its chat, id and album. The sign before it
# says whether Telegram showed us the pressed button there; of messages older than two days it shows nothing.
_ABOUT: Final = re.compile(
    r"(?P<job>[0-9a-z]{12})-(?P<number>[1-9]) "
    r"(?P<known>[@~])(?P<chat>-?[0-9]{1,20})/(?P<message>[0-9]{1,20})(?P<album>(?: [0-9]{1,20})*)"
)
_PLACEHOLDER_CHARS: Final = 64


def is_reason(message: Message, bot_id: int) -> bool:
    """Whether a message answers the question of a report."""
    return _about(message, bot_id) is not None


class PictureReports:
    """Asks for the reason where nobody else reads it, and hands the answer on."""

    def __init__(self, application: Application, desk: Desk) -> None:
        self._application = application
        self._desk = desk

    async def ask(self, press: Press, user: User, address: ChatAddress, catalog: Catalog, *, is_known: bool) -> None:
        """Ask in private; of who never wrote to us, where they pressed."""
        shown = " ".join(str(one) for one in press.album)
        place = f"{'@' if is_known else '~'}{address.chat_id}/{address.request_message_id} {shown}".rstrip()
        text = f"{catalog.text('telegram-report-ask')}\n\n{press.job_id}-{press.index + 1} {place}"
        form = ForceReply(input_field_placeholder=catalog.text("label-reason")[:_PLACEHOLDER_CHARS])
        alone = ChatAddress(user.id, None, None if address.is_group else address.request_message_id, is_group=False)
        if await self._desk.say(alone, text, form) is None and address.is_group:
            await self._desk.say(address, text)

    async def take(self, message: Message, user: User, bot_id: int, catalog: Catalog) -> None:
        """Report the picture for the reason that a message gives. Raises `Rejected`."""
        about = _about(message, bot_id)
        assert about is not None, "checked by the caller"
        chat_id, message_id = int(about["chat"]), int(about["message"])
        shown = ChatAddress(chat_id, None, None, is_group=chat_id < 0, card_message_id=message_id)
        album = tuple(int(one) for one in about["album"].split())
        place = place_in(shown.as_reply_to(), album, is_known=about["known"] == "@")
        actor = actor_of(user, message.chat, message)
        reason = message.text or message.caption or ""
        await self._application.reports.report(actor, about["job"], int(about["number"]) - 1, reason, place=place)
        await self._desk.say(address_of(message), catalog.text("report-thanks"))


async def decide_reports(tools: Tools, call: Call, rest: str) -> Reply:
    """`/admin reports`, or with `keep NUMBER` or `delete NUMBER`; the buttons say the latter. Raises `Rejected`."""
    reports, catalog = tools.application.reports, call.catalog
    verdict, _, number = rest.partition(" ")
    match verdict.lower(), number.strip():
        case "", "":
            found = await reports.open_reports(call.actor)
            if not found:
                return Reply(catalog.text("reports-none"))
            text = report_text(found[0], catalog, waiting=len(found) - 1)
            return Reply(text, verdict_keyboard(found[0], catalog))
        case "keep", given if given:
            await reports.close(call.actor, parse_whole_number("number", given))
            return Reply(catalog.text("report-kept"))
        case "delete", given if given:
            await reports.close(call.actor, parse_whole_number("number", given), delete_picture=True)
            return Reply(catalog.text("report-deleted"))
        case _:
            return Reply(catalog.text("telegram-admin-reports-how"))


def _about(message: Message, bot_id: int) -> re.Match[str] | None:
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id != bot_id:
        return None
    return _ABOUT.fullmatch((asked.text or "").rstrip().rpartition("\n")[2])
