"""/admin quota: a server's pool and the tiers of its roles; operators give credits and tiers to people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from discord import Interaction, Member, Role, User, app_commands
from discord.app_commands import Choice, Range

from adapters.discord.commands.admin.asking import actor_of_person, admin_of, current_settings, settings_told
from adapters.discord.commands.options import describe_options
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.credits import CREDIT, MOST_GRANTED
from bot.domain.people import ServerSettings
from bot.messages.cards import credits_number
from bot.messages.catalogs import Catalog

_NO_TIER: Final = "-"
_MOST_POOL: Final = 100_000
_MOST_GRANTED: Final = MOST_GRANTED // CREDIT


def quota_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """`pool`, or `role` with `tier`, or `person` with `amount` or `tier`; nothing shows how things stand."""

    async def quota(
        interaction: Interaction,
        *,
        pool: Range[float, 0, _MOST_POOL] | None = None,
        role: Role | None = None,
        tier: str | None = None,
        person: Member | User | None = None,
        amount: Range[float, -_MOST_GRANTED, _MOST_GRANTED] | None = None,
    ) -> None:
        wish = _Wish(application, pool, role, tier, person, amount)
        await tell(interaction, application, lambda catalog: wish.fulfil(admin_of(interaction), catalog))

    describe_options(quota, phrases, "command-admin-quota")
    tiers = [Choice(name=name, value=name) for name in application.preferences.tier_names[:24]]
    app_commands.choices(tier=[Choice(name=phrases("tier-none"), value=_NO_TIER), *tiers])(quota)
    return app_commands.Command(name="quota", description=phrases("command-admin-quota"), callback=quota)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was typed."""

    application: Application
    pool: float | None
    role: Role | None
    tier: str | None
    person: Member | User | None
    amount: float | None

    async def fulfil(self, actor: Actor, catalog: Catalog) -> str:
        """Do it, and say how things stand; what does not go together is said instead. Raises `Rejected`."""
        if self.person is not None:
            if self.pool is not None or self.role is not None:
                return catalog.text("admin-quota-mixed")
            return await self._give(actor, self.person, catalog)
        if self.amount is not None or (self.role is None) != (self.tier is None):
            return catalog.text("admin-quota-mixed")
        if self.pool is None and self.role is None:
            return settings_told(await current_settings(self.application, actor), catalog)
        changed = await self.application.preferences.change_server(actor, self._changed)
        return settings_told(changed, catalog)

    def _changed(self, before: ServerSettings) -> ServerSettings:
        pool = before.pool if self.pool is None else round(self.pool * CREDIT) or None
        tiers = dict(before.role_tiers)
        if self.role is not None:
            tiers.pop(str(self.role.id), None)
            if self.tier is not None and self.tier != _NO_TIER:
                tiers[str(self.role.id)] = self.tier
        return replace(before, pool=pool, role_tiers=tiers)

    async def _give(self, actor: Actor, person: Member | User, catalog: Catalog) -> str:
        operations, receiver = self.application.operations, actor_of_person(person)
        if self.amount is None and self.tier is None:
            return catalog.text("admin-quota-mixed")
        said = []
        if self.amount is not None:
            balance = await operations.grant(actor, receiver, round(self.amount * CREDIT))
            left = credits_number(balance.account.left)
            said.append(catalog.text("admin-granted", name=receiver.name, amount=self.amount, left=left))
        if self.tier is not None:
            balance = await operations.set_tier(actor, receiver, None if self.tier == _NO_TIER else self.tier)
            said.append(catalog.text("admin-tier-set", name=receiver.name, tier=balance.tier.name))
        return "\n".join(said)
