"""The words about what people and servers chose."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.people import ServerSettings, UserSettings
from bot.messages.cards import credits_number
from bot.messages.catalogs import Catalog


def language_text(locale: str | None, catalog: Catalog) -> str:
    """The name of a language, such as “Deutsch”; its tag where it has none here; of None, that it follows the app."""
    if locale is None:
        return catalog.text("language-follows")
    try:
        return catalog.text(f"language-{locale}")
    except LookupError:
        return locale


def user_settings_text(settings: UserSettings, catalog: Catalog) -> str:
    """What a person chose, a line each."""
    lines = [
        catalog.text("settings-language", language=language_text(settings.locale, catalog)),
        catalog.text("settings-private" if settings.private else "settings-public"),
        catalog.text("settings-spoiler" if settings.spoiler else "settings-no-spoiler"),
        catalog.text("settings-aspect", aspect=settings.aspect or "1:1"),
        catalog.text("settings-keep-tray" if settings.keep_tray else "settings-empty-tray"),
    ]
    return "\n".join(lines)


def server_settings_text(
    settings: ServerSettings,
    catalog: Catalog,
    *,
    name_channel: Callable[[str], str] = str,
    name_role: Callable[[str], str] = str,
) -> str:
    """What the moderators chose, a line each; `name_channel` and `name_role` turn ids into what people read."""
    if settings.locale is None:
        lines = [catalog.text("server-language-own")]
    else:
        lines = [catalog.text("settings-language", language=language_text(settings.locale, catalog))]
    if settings.channels:
        names = ", ".join(name_channel(one) for one in settings.channels)
        lines.append(catalog.text("server-channels", channels=names))
    else:
        lines.append(catalog.text("server-channels-all"))
    if settings.max_waiting is not None:
        lines.append(catalog.text("server-max-waiting", count=settings.max_waiting))
    if settings.max_count is not None:
        lines.append(catalog.text("server-max-count", count=settings.max_count))
    if settings.pool is not None:
        lines.append(catalog.text("server-pool", amount=credits_number(settings.pool)))
    lines += [
        catalog.text("server-role-tier", role=name_role(role), tier=tier)
        for role, tier in sorted(settings.role_tiers.items())
    ]
    if settings.blocked:
        lines.append(catalog.text("server-blocked", count=len(settings.blocked)))
    return "\n".join(lines)
