"""Style cards in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, selectinload

from bot.domain.actors import UserId
from bot.domain.styles import Shelf, StyleCard, StyleId, style_key
from bot.ports.library import NameTaken
from storage.errors import ConstraintViolated
from storage.sql.statements import change
from storage.tables.jobs import JobRow, ReferenceRole, ReferenceRow
from storage.tables.library import StylePictureRow, StyleRow
from storage.texts import storable


class SqlStyleRepository:
    """`bot.ports.library.StyleRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, card: StyleCard) -> None:
        """Store a new card.

        Raises `NameTaken`, or `ConstraintViolated` when the id is taken or the owner unknown; either leaves the
        transaction as it was.
        """
        row = insert(StyleRow).values(
            id=card.id,
            shelf=card.shelf,
            name=storable(card.name),
            name_folded=_key(card.name),
            owner=card.owner,
            created_at=card.created_at,
        )
        pictures = [
            {"style_id": card.id, "position": position, "picture": picture}
            for position, picture in enumerate(card.pictures)
        ]
        try:
            async with self._session.begin_nested():
                await self._session.execute(row)
                if pictures:
                    await self._session.execute(insert(StylePictureRow).values(pictures))
        except IntegrityError as error:
            if await self.find(card.shelf, card.name) is not None:
                raise NameTaken(card.name) from error
            raise ConstraintViolated(f"style card {card.id} of {card.owner}") from error

    async def get(self, style_id: StyleId) -> StyleCard | None:
        """The card, or None."""
        return await self._first(_whole_cards().where(StyleRow.id == storable(style_id)))

    async def find(self, shelf: Shelf, name: str) -> StyleCard | None:
        """The card of that name on the shelf (case and spaces do not matter), or None."""
        return await self._first(_whole_cards().where(StyleRow.shelf == shelf, StyleRow.name_folded == _key(name)))

    async def on_shelves(self, shelves: Sequence[Shelf], *, words: str = "", limit: int) -> Sequence[StyleCard]:
        """Cards of these shelves whose name holds `words`, by name; names that begin with them come first."""
        key = _key(words)
        found = await self._session.execute(
            select(StyleRow.id, StyleRow.name_folded, StyleRow.shelf).where(
                StyleRow.shelf.in_(shelves), StyleRow.name_folded.contains(key, autoescape=True)
            )
        )
        # Databases differ in how they sort letters, so the order is made here; a shelf is small.
        in_order = sorted(found, key=lambda row: (not row.name_folded.startswith(key), row.name_folded, row.shelf))
        ids = [row.id for row in in_order[:limit]]
        cards = {
            row.id: _card_of(row) for row in await self._session.scalars(_whole_cards().where(StyleRow.id.in_(ids)))
        }
        return tuple(cards[style_id] for style_id in ids)

    async def owned_by(self, owner: UserId) -> Sequence[StyleCard]:
        """All cards of a person, on whatever shelf, oldest first."""
        query = _whole_cards().where(StyleRow.owner == owner).order_by(StyleRow.created_at, StyleRow.id)
        return tuple(_card_of(row) for row in await self._session.scalars(query))

    async def count(self, shelf: Shelf) -> int:
        """How many cards are on the shelf."""
        return await self._session.scalar(select(func.count()).where(StyleRow.shelf == shelf)) or 0

    async def uses(self, owner: UserId) -> Mapping[StyleId, int]:
        """In how many of the owner's jobs all pictures of a card were styles, for each of their cards that was used."""
        other = aliased(StylePictureRow)
        pictures = select(func.count()).where(other.style_id == StyleRow.id).scalar_subquery()
        # Grouped before the jobs come in, so that the few uses lead the search and not the owner's many jobs.
        drawn_with = (
            select(StyleRow.id.label("style_id"), ReferenceRow.job_id.label("job_id"))
            .join(StylePictureRow, StylePictureRow.style_id == StyleRow.id)
            .join(ReferenceRow, ReferenceRow.picture == StylePictureRow.picture)
            .where(StyleRow.owner == owner, ReferenceRow.role == ReferenceRole.STYLE)
            .group_by(StyleRow.id, ReferenceRow.job_id)
            .having(func.count(StylePictureRow.position.distinct()) == pictures)
            .subquery()
        )
        counted = (
            select(drawn_with.c.style_id, func.count().label("uses"))
            .join(JobRow, JobRow.id == drawn_with.c.job_id)
            .where(JobRow.owner == owner, JobRow.hidden_at.is_(None))
            .group_by(drawn_with.c.style_id)
        )
        return {row.style_id: row.uses for row in await self._session.execute(counted)}

    async def rename(self, style_id: StyleId, name: str) -> bool:
        """Give the card another name; False if there is none. Raises `NameTaken`."""
        renamed = update(StyleRow).where(StyleRow.id == style_id)
        try:
            async with self._session.begin_nested():
                return await change(self._session, renamed.values(name=storable(name), name_folded=_key(name))) == 1
        except IntegrityError as error:
            raise NameTaken(name) from error

    async def delete(self, style_id: StyleId) -> bool:
        """Remove the card; False if there is none."""
        return await change(self._session, delete(StyleRow).where(StyleRow.id == style_id)) == 1

    async def _first(self, query: Select[StyleRow]) -> StyleCard | None:
        row = await self._session.scalar(query)
        return None if row is None else _card_of(row)


def _whole_cards() -> Select[StyleRow]:
    """Whole cards, read afresh: changes go past the session's own copies of rows."""
    return select(StyleRow).options(selectinload(StyleRow.pictures)).execution_options(populate_existing=True)


def _key(name: str) -> str:
    return style_key(storable(name))


def _card_of(row: StyleRow) -> StyleCard:
    return StyleCard(
        id=row.id,
        shelf=row.shelf,
        name=row.name,
        owner=row.owner,
        pictures=tuple(picture.picture for picture in row.pictures),
        created_at=row.created_at,
    )
