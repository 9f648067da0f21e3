"""What people and servers prefer: read, changed, and checked before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Final

from bot.domain.actors import Actor, Server, UserId
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.credits import CREDIT, Credits, Tiers
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.people import ServerSettings, UserSettings
from bot.domain.requests import Aspect
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory

_SHOWN_CHARS: Final = 40
_MOST_IDS: Final = 500
_ID_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: the languages there are, the tiers, the limits that a server may lower, its largest pool.

    Moderators of `trusted_servers` (keys such as `discord:42`, or `*` for all) give credits away; others only lower
    limits, or anybody could invite the bot to a server of their own and have it draw for nothing.
    """

    locales: tuple[str, ...]
    tiers: Tiers
    limits: Limits
    max_pool: Credits = 100_000 * CREDIT
    trusted_servers: tuple[str, ...] = ()

    def trusts(self, server: Server) -> bool:
        """Whether its moderators may give credits away."""
        return "*" in self.trusted_servers or server.key in self.trusted_servers


class Preferences:
    """Settings of people and of servers. A change is a function from the settings as they stand to the new ones."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, clock: Clock, choices: Choices) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._choices = choices

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers there are, from the smallest to the largest."""
        return tuple(tier.name for tier in self._choices.tiers.all)

    async def of_user(self, actor: Actor) -> UserSettings:
        """What the actor prefers; defaults for somebody never seen."""
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            return await unit.settings.of_user(user_id) if user_id is not None else UserSettings()

    async def locale_of(self, actor: Actor) -> str:
        """The language to answer a person in, by one read: the one they chose, else the one their platform says.

        A server's language is for the cards of public requests there, which everybody reads; see `Submit`.
        """
        async with self._open_unit() as unit:
            return await unit.settings.locale_of(actor) or actor.locale

    async def change_user(self, actor: Actor, change: Callable[[UserSettings], UserSettings]) -> UserSettings:
        """Change the actor's own settings and return them. Raises `Rejected`."""
        async with self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=self._clock.now())
            changed = change(await unit.settings.of_user(user_id))
            self._check_user(changed)
            await unit.settings.set_user(user_id, changed)
            await unit.commit()
        return changed

    async def of_server(self, server: Server) -> ServerSettings:
        """What the moderators of a server chose."""
        async with self._open_unit() as unit:
            return await unit.settings.of_server(server)

    async def change_server(self, actor: Actor, change: Callable[[ServerSettings], ServerSettings]) -> ServerSettings:
        """Change the settings of the server that the actor moderates and asks from; returns them. Raises `Rejected`."""
        server = moderated_server(actor)
        async with self._open_unit() as unit:
            before = await unit.settings.of_server(server)
            changed = change(before)
            self._check_server(changed)
            gives = (changed.pool, dict(changed.role_tiers)) != (before.pool, dict(before.role_tiers))
            if gives and not self._choices.trusts(server):
                raise Rejected(Rejection.SERVER_NOT_TRUSTED)
            await unit.settings.set_server(server, changed)
            if changed != before:
                detail = ", ".join(one.name for one in fields(changed) if _differ(one.name, before, changed))
                entry = AuditEntry(self._clock.now(), actor.key, AuditAction.SERVER_SETTINGS, server.key, detail)
                await unit.audit.add(entry)
            await unit.commit()
        return changed

    async def block_member(self, actor: Actor, person: Actor) -> ServerSettings:
        """Shut a person out of the server that the actor moderates and asks from. Raises `Rejected`.

        Their waiting requests stay; the person may be one never seen.
        """
        return await self._change_blocked(actor, person, is_blocked=True)

    async def unblock_member(self, actor: Actor, person: Actor) -> ServerSettings:
        """Let a person in again. Raises `Rejected`, also for somebody never seen."""
        return await self._change_blocked(actor, person, is_blocked=False)

    async def _change_blocked(self, actor: Actor, person: Actor, *, is_blocked: bool) -> ServerSettings:
        server = moderated_server(actor)
        async with self._open_unit() as unit:
            user_id = await self._member(unit, person, is_blocked=is_blocked)
            before = await unit.settings.of_server(server)
            others = tuple(one for one in before.blocked if one != user_id)
            changed = replace(before, blocked=(*others, user_id) if is_blocked else others)
            self._check_server(changed)
            await unit.settings.set_server(server, changed)
            action = AuditAction.SERVER_BLOCK if is_blocked else AuditAction.SERVER_UNBLOCK
            await unit.audit.add(AuditEntry(self._clock.now(), actor.key, action, person.key, server.key))
            await unit.commit()
        return changed

    async def _member(self, unit: UnitOfWork, person: Actor, *, is_blocked: bool) -> UserId:
        if is_blocked:
            return await unit.users.resolve(person, now=self._clock.now())
        if (user_id := await unit.users.find(person)) is None:
            raise Rejected(Rejection.PERSON_UNKNOWN)
        return user_id

    def _check_user(self, settings: UserSettings) -> None:
        self._check_locale(settings.locale)
        if settings.aspect is not None:
            _check_choice(settings.aspect, [aspect.value for aspect in Aspect])

    def _check_server(self, settings: ServerSettings) -> None:
        self._check_locale(settings.locale)
        limits = self._choices.limits
        _check_range("max_count", settings.max_count, 1, limits.max_count)
        _check_range("max_waiting", settings.max_waiting, 1, limits.max_waiting_jobs)
        _check_range("pool", settings.pool, 0, self._choices.max_pool, unit=CREDIT)
        for name, ids in (
            ("channels", settings.channels),
            ("roles", settings.role_tiers),
            ("blocked", settings.blocked),
        ):
            _check_range(name, len(ids), 0, _MOST_IDS)
            for one in ids:
                _check_range(name, len(one), 1, _ID_CHARS)
        known = [tier.name for tier in self._choices.tiers.all]
        for tier in settings.role_tiers.values():
            if tier not in known:
                raise Rejected(Rejection.TIER_UNKNOWN, given=tier[:_SHOWN_CHARS], choices=", ".join(known))

    def _check_locale(self, locale: str | None) -> None:
        if locale is not None:
            _check_choice(locale, self._choices.locales)


def _differ(name: str, before: ServerSettings, changed: ServerSettings) -> bool:
    return bool(getattr(before, name) != getattr(changed, name))


def moderated_server(actor: Actor) -> Server:
    """The server that the actor moderates and asks from. Raises `Rejected`."""
    if actor.server is None:
        raise Rejected(Rejection.SERVER_NEEDED)
    if not actor.is_moderator:
        raise Rejected(Rejection.MODERATORS_ONLY)
    return actor.server


def _check_choice(given: str, choices: Iterable[str]) -> None:
    known = tuple(choices)
    if given not in known:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=given[:_SHOWN_CHARS], choices=", ".join(known))


def _check_range(name: str, value: int | None, low: int, high: int, *, unit: int = 1) -> None:
    """Refuse a number out of range; the bounds are told in `unit`s."""
    if value is not None and not low <= value <= high:
        raise Rejected(Rejection.SETTING_OUT_OF_RANGE, name=name, low=low // unit, high=high // unit)
