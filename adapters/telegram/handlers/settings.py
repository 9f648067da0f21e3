"""/settings: what the sender prefers, as one message that changes in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.calls import Call, Reply, Row, button, keyboard
from adapters.telegram.commands import Command
from adapters.telegram.handlers.tools import Tools
from bot.domain.errors import Rejected, Rejection
from bot.domain.people import UserSettings
from bot.domain.requests import Aspect
from bot.messages.catalogs import Catalog, Catalogs
from bot.messages.settings import language_text, user_settings_text

_AUTOMATIC: Final = "auto"
_SWITCHED: Final[Mapping[str, bool]] = {"on": True, "off": False}
_PER_ROW: Final = 3


class Setting(StrEnum):
    """What can be set."""

    LANGUAGE = "language"
    PRIVATE = "private"
    SPOILER = "spoiler"
    ASPECT = "aspect"
    KEEP_TRAY = "keep-tray"


async def settings(tools: Tools, call: Call) -> Reply:
    """How things stand; with a setting its choices; with a value after it the change. Raises `Rejected`."""
    preferences, catalogs = tools.application.preferences, tools.application.catalogs
    name, value = call.split()
    stand = await preferences.of_user(call.actor)
    if not name:
        return _overview(stand, call.catalog)
    setting = _chosen(name)
    if not value:
        return Reply(user_settings_text(stand, call.catalog), _choices(setting, stand, call.catalog, catalogs))
    changed = await preferences.change_user(call.actor, _change(setting, value.lower()))
    # In the language that was just chosen.
    return _overview(changed, catalogs.for_locale(changed.locale or call.actor.locale))


def _overview(stand: UserSettings, catalog: Catalog) -> Reply:
    def menu(setting: Setting) -> Row:
        return [button(f"{_label(setting, catalog)} …", Command.SETTINGS, setting)]

    def switch(setting: Setting, *, is_on: bool) -> Row:
        mark, other = ("☑", "off") if is_on else ("☐", "on")
        return [button(f"{mark} {_label(setting, catalog)}", Command.SETTINGS, setting, other)]

    rows = [
        menu(Setting.LANGUAGE),
        menu(Setting.ASPECT),
        switch(Setting.PRIVATE, is_on=stand.private),
        switch(Setting.SPOILER, is_on=stand.spoiler),
        switch(Setting.KEEP_TRAY, is_on=stand.keep_tray),
    ]
    return Reply(user_settings_text(stand, catalog), keyboard(*rows))


def _choices(
    setting: Setting, stand: UserSettings, catalog: Catalog, catalogs: Catalogs
) -> InlineKeyboardMarkup | None:
    """The values of a setting, the present one marked, and the way back."""
    match setting:
        case Setting.LANGUAGE:
            names = {tag: language_text(tag, catalogs.for_locale(tag)) for tag in catalogs.locales}
            present, automatic = stand.locale, "language-automatic"
        case Setting.ASPECT:
            names = {aspect.value: aspect.value for aspect in Aspect}
            present, automatic = stand.aspect, "telegram-setting-no-aspect"
        case Setting.PRIVATE | Setting.SPOILER | Setting.KEEP_TRAY:
            names = {value: catalog.text(f"telegram-setting-{value}") for value in _SWITCHED}
            return keyboard(_offered(setting, names, None), [_back(catalog)])
        case _:
            assert_never(setting)
    rows = _rows(_offered(setting, names, present))
    free = _offered(setting, {_AUTOMATIC: catalog.text(automatic)}, present or _AUTOMATIC)
    return keyboard(free, *rows, [_back(catalog)])


def _offered(setting: Setting, names: Mapping[str, str], present: str | None) -> Row:
    return [
        button(f"✓ {name}" if value == present else name, Command.SETTINGS, setting, value)
        for value, name in names.items()
    ]


def _rows(buttons: Row) -> Iterable[Row]:
    return [buttons[at : at + _PER_ROW] for at in range(0, len(buttons), _PER_ROW)]


def _back(catalog: Catalog) -> InlineKeyboardButton:
    return button(catalog.text("button-page-back"), Command.SETTINGS)


def _label(setting: Setting, catalog: Catalog) -> str:
    return catalog.text(f"telegram-setting-{setting.value}")


def _chosen(name: str) -> Setting:
    try:
        return Setting(name)
    except ValueError as error:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=name[:40], choices=", ".join(Setting)) from error


def _change(setting: Setting, value: str) -> Callable[[UserSettings], UserSettings]:
    """The change that a value asks for. Raises `Rejected` for a switch that is neither on nor off."""
    free = None if value == _AUTOMATIC else value
    match setting:
        case Setting.LANGUAGE:
            return lambda before: replace(before, locale=free)
        case Setting.ASPECT:
            return lambda before: replace(before, aspect=free)
        case Setting.PRIVATE:
            is_on = _switched(value)
            return lambda before: replace(before, private=is_on)
        case Setting.SPOILER:
            is_on = _switched(value)
            return lambda before: replace(before, spoiler=is_on)
        case Setting.KEEP_TRAY:
            is_on = _switched(value)
            return lambda before: replace(before, keep_tray=is_on)
        case _:
            assert_never(setting)


def _switched(value: str) -> bool:
    if value not in _SWITCHED:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=value[:40], choices=", ".join(_SWITCHED))
    return _SWITCHED[value]
