"""One's own style cards, wherever they stand: how often each was used, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Stored
from bot.domain.styles import StyleCard, StyleId, Tray, style_key
from bot.ports.library import NameTaken
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.keeping import PictureKeeper
from bot.services.styles import clean_name
from bot.services.tray import TrayPlace, Trays


@dataclass(frozen=True, slots=True)
class UsedStyle:
    """A card, and in how many of its owner's jobs all of its pictures were styles."""

    card: StyleCard
    uses: int


class OwnStyles:
    """The cards that the asking person made, on their own shelf and on those of servers; others' are unknown here."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, keeper: PictureKeeper, trays: Trays) -> None:
        self._open_unit = open_unit
        self._keeper = keeper
        self._trays = trays

    async def listed(self, actor: Actor, words: str = "") -> Sequence[UsedStyle]:
        """All cards whose name holds `words`, by name."""
        async with self._open_unit() as unit:
            owner = await unit.users.find(actor)
            if owner is None:
                return ()
            cards, uses = await unit.styles.owned_by(owner), await unit.styles.uses(owner)
        key = style_key(words)
        found = [UsedStyle(card, uses.get(card.id, 0)) for card in cards if key in style_key(card.name)]
        return sorted(found, key=lambda used: _by_name(used.card))

    async def cards(self, actor: Actor) -> Sequence[StyleCard]:
        """All cards by name, not counted: for lists to choose from."""
        async with self._open_unit() as unit:
            owner = await unit.users.find(actor)
            return () if owner is None else sorted(await unit.styles.owned_by(owner), key=_by_name)

    async def card(self, actor: Actor, style_id: StyleId) -> StyleCard:
        """One card. Raises `Rejected`."""
        async with self._open_unit() as unit:
            return await _own(unit, actor, style_id)

    async def rename(self, actor: Actor, style_id: StyleId, name: str) -> StyleCard:
        """Give a card another name. Raises `Rejected`."""
        name = clean_name(name)
        async with self._open_unit() as unit:
            card = await _own(unit, actor, style_id)
            try:
                await unit.styles.rename(card.id, name)
            except NameTaken as error:
                raise Rejected(Rejection.STYLE_NAME_TAKEN, name=name) from error
            await unit.commit()
        return replace(card, name=name)

    async def delete(self, actor: Actor, style_id: StyleId) -> StyleCard:
        """Remove a card, and its files where nothing else needs them. Raises `Rejected`."""
        async with self._open_unit() as unit:
            card = await _own(unit, actor, style_id)
            await unit.styles.delete(card.id)
            await unit.commit()
        await self._keeper.release(card.pictures)
        return card

    async def put_into_tray(self, actor: Actor, style_id: StyleId) -> Tray:
        """Lay the pictures of a card into the actor's tray and return it. Raises `Rejected`."""
        tray = Tray()
        for picture in (await self.card(actor, style_id)).pictures:
            tray = await self._trays.put(actor, Stored(picture), TrayPlace.STYLE)
        return tray


def _by_name(card: StyleCard) -> tuple[str, str]:
    return style_key(card.name), card.shelf


async def _own(unit: UnitOfWork, actor: Actor, style_id: StyleId) -> StyleCard:
    owner = await unit.users.find(actor)
    card = await unit.styles.get(style_id)
    if owner is None or card is None or card.owner != owner:
        raise Rejected(Rejection.STYLE_UNKNOWN, given=style_id[:40])
    return card
