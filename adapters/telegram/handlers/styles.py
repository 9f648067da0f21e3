"""/style: saved styles, one's own and the group's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.calls import Call, Reply, Row, button, keyboard
from adapters.telegram.commands import Command, StyleVerb
from adapters.telegram.handlers.saving import save
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.handlers.trays import reference_files
from bot.domain.errors import Rejected, Rejection
from bot.domain.styles import StyleCard
from bot.messages.styles import cards_text
from bot.services.tray import TrayPlace

_LISTED: Final = 8
_PER_ROW: Final = 2
# Only buttons say these: the question before a card goes, and its answer.
_ASK: Final = "ask"
_FOR_SURE: Final = "delete!"


async def style(tools: Tools, call: Call) -> Reply | None:
    """Save, list, show, use, share, delete; without a name, buttons to choose one."""
    verb, name = call.split()
    if verb in {_ASK, _FOR_SURE}:
        return await _delete_by_button(tools, call, name, is_sure=verb == _FOR_SURE)
    try:
        known = StyleVerb(verb or StyleVerb.LIST)
    except ValueError as error:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=verb[:40], choices=", ".join(StyleVerb)) from error
    if not name and known not in {StyleVerb.SAVE, StyleVerb.LIST}:
        return await _choose(tools, call, known)
    match known:
        case StyleVerb.SAVE:
            return await save(tools, call, name)
        case StyleVerb.LIST:
            return await _list(tools, call, name)
        case StyleVerb.SHOW:
            await _show(tools, call, name)
            return None
        case StyleVerb.USE:
            return await _use(tools, call, name)
        case StyleVerb.SHARE:
            card = await tools.application.styles.share(call.actor, name)
            return Reply(call.catalog.text("style-shared", name=card.name))
        case StyleVerb.DELETE:
            card = await tools.application.styles.delete(call.actor, name)
            return Reply(call.catalog.text("style-deleted", name=card.name))
        case _:
            assert_never(known)


async def _list(tools: Tools, call: Call, words: str) -> Reply:
    """A page of the names; each is a button that does what is being chosen for."""
    start, chosen_for = _read_page(words)
    found = await _usable(tools, call, start)
    cards = found[:_LISTED]
    buttons = [button(card.name, Command.STYLE, chosen_for, card.id) for card in cards]
    rows: list[Row] = [buttons[at : at + _PER_ROW] for at in range(0, len(buttons), _PER_ROW)]
    turning: Row = []
    if start > 0:
        turning.append(_page(call.catalog.text("button-page-back"), max(0, start - _LISTED), chosen_for))
    if len(found) > _LISTED:
        turning.append(_page(call.catalog.text("button-page-on"), start + _LISTED, chosen_for))
    is_choosing = cards and chosen_for != StyleVerb.SHOW
    text = call.catalog.text("telegram-style-choose") if is_choosing else cards_text(cards, call.catalog)
    return Reply(text, keyboard(*rows, turning))


async def _choose(tools: Tools, call: Call, verb: StyleVerb) -> Reply:
    if verb is StyleVerb.SHARE and call.is_private:
        raise Rejected(Rejection.STYLE_NEEDS_SERVER)
    if not call.is_private and verb in {StyleVerb.SHARE, StyleVerb.DELETE}:
        # The names of one's own styles are nobody else's business.
        return Reply(call.catalog.text("telegram-style-name-it", verb=verb.value))
    return await _list(tools, call, f"0 {_ASK if verb is StyleVerb.DELETE else verb.value}")


async def _usable(tools: Tools, call: Call, start: int) -> Sequence[StyleCard]:
    """One more than a page of cards; in a group only those that everybody there sees."""
    return await tools.application.styles.listed(
        call.actor, start=start, limit=_LISTED + 1, only_shared=not call.is_private
    )


async def _show(tools: Tools, call: Call, name: str) -> None:
    card = await tools.application.styles.find(call.actor, name)
    files = await reference_files(tools, card.pictures)
    await tools.voice.show(call.address, files, cards_text([card], call.catalog), _below_card(card, call))


def _below_card(card: StyleCard, call: Call) -> InlineKeyboardMarkup | None:
    use = button(call.catalog.text("telegram-button-use-style"), Command.STYLE, StyleVerb.USE, card.id)
    delete = button(call.catalog.text("telegram-button-delete-style"), Command.STYLE, _ASK, card.id)
    can_share = not call.is_private and not card.is_shared
    share = button(call.catalog.text("telegram-button-share-style"), Command.STYLE, StyleVerb.SHARE, card.id)
    return keyboard([use, *([share] if can_share else []), delete])


async def _use(tools: Tools, call: Call, name: str) -> Reply:
    styles, tray = tools.application.styles, tools.application.tray
    card = await styles.find(call.actor, name)
    for picture in await styles.use(call.actor, card.id):
        await tray.put(call.actor, picture, TrayPlace.STYLE)
    return Reply(call.catalog.text("telegram-style-used", name=card.name), is_new=True)


async def _delete_by_button(tools: Tools, call: Call, name: str, *, is_sure: bool) -> Reply:
    if is_sure:
        card = await tools.application.styles.delete(call.actor, name)
        return Reply(call.catalog.text("style-deleted", name=card.name))
    card = await tools.application.styles.find(call.actor, name)
    label = call.catalog.text("telegram-button-delete-style-for-good")
    sure = button(label, Command.STYLE, _FOR_SURE, card.id)
    return Reply(call.catalog.text("telegram-style-delete-sure", name=card.name), keyboard([sure]), is_new=True)


def _page(label: str, start: int, chosen_for: str) -> InlineKeyboardButton:
    return button(label, Command.STYLE, StyleVerb.LIST, start, chosen_for)


def _read_page(words: str) -> tuple[int, str]:
    """Where the page begins, and what its buttons do; whatever people type after `list` is the first page."""
    start, _, chosen_for = words.partition(" ")
    known = {StyleVerb.SHOW.value, StyleVerb.USE.value, _ASK}
    is_page = start.isdecimal() and len(start) < 6
    return int(start) if is_page else 0, chosen_for if chosen_for in known else StyleVerb.SHOW.value
