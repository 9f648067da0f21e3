"""Style cards in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.actors import UserId
from bot.domain.styles import Shelf, StyleCard, StyleId, style_key
from bot.ports.library import NameTaken
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc
from storage.texts import storable


class MemoryStyleRepository:
    """`bot.ports.library.StyleRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, card: StyleCard) -> None:
        """Store a new card; raises `NameTaken` or `ConstraintViolated` as SQL does."""
        tables = await self._transaction.tables()
        if _find(tables, card.shelf, card.name) is not None:
            raise NameTaken(card.name)
        if card.id in tables.styles or card.owner not in tables.users:
            raise ConstraintViolated(f"style card {card.id} of {card.owner}")
        tables.styles[card.id] = replace(card, name=storable(card.name), created_at=utc(card.created_at))

    async def get(self, style_id: StyleId) -> StyleCard | None:
        """The card, or None."""
        tables = await self._transaction.tables()
        return tables.styles.get(style_id)

    async def find(self, shelf: Shelf, name: str) -> StyleCard | None:
        """The card of that name on the shelf (case and spaces do not matter), or None."""
        return _find(await self._transaction.tables(), shelf, name)

    async def on_shelves(self, shelves: Sequence[Shelf], *, words: str = "", limit: int) -> Sequence[StyleCard]:
        """Cards of these shelves whose name holds `words`, by name; names that begin with them come first."""
        tables = await self._transaction.tables()
        key = _key(words)
        found = [card for card in tables.styles.values() if card.shelf in shelves and key in _key(card.name)]
        found.sort(key=lambda card: (not _key(card.name).startswith(key), _key(card.name), card.shelf))
        return tuple(found[:limit])

    async def owned_by(self, owner: UserId) -> Sequence[StyleCard]:
        """All cards of a person, on whatever shelf, oldest first."""
        tables = await self._transaction.tables()
        owned = [card for card in tables.styles.values() if card.owner == owner]
        return tuple(sorted(owned, key=lambda card: (card.created_at, card.id)))

    async def count(self, shelf: Shelf) -> int:
        """How many cards are on the shelf."""
        tables = await self._transaction.tables()
        return sum(card.shelf == shelf for card in tables.styles.values())

    async def uses(self, owner: UserId) -> Mapping[StyleId, int]:
        """In how many of the owner's jobs all pictures of a card were styles, for each of their cards that was used."""
        tables = await self._transaction.tables()
        own = [set(job.request.styles) for job in tables.jobs.values() if job.owner == owner and job.hidden_at is None]
        counts = {
            card.id: sum(styles.issuperset(card.pictures) for styles in own)
            for card in tables.styles.values()
            if card.owner == owner
        }
        return {style_id: count for style_id, count in counts.items() if count}

    async def rename(self, style_id: StyleId, name: str) -> bool:
        """Give the card another name; False if there is none. Raises `NameTaken`."""
        tables = await self._transaction.tables()
        card = tables.styles.get(style_id)
        if card is None:
            return False
        other = _find(tables, card.shelf, name)
        if other is not None and other.id != style_id:
            raise NameTaken(name)
        tables.styles[style_id] = replace(card, name=storable(name))
        return True

    async def delete(self, style_id: StyleId) -> bool:
        """Remove the card; False if there is none."""
        tables = await self._transaction.tables()
        return tables.styles.pop(style_id, None) is not None


def _find(tables: Tables, shelf: Shelf, name: str) -> StyleCard | None:
    key = _key(name)
    return next((card for card in tables.styles.values() if card.shelf == shelf and _key(card.name) == key), None)


def _key(name: str) -> str:
    return style_key(storable(name))
