"""Style cards: style pictures under a name, on a person's or a server's shelf."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Given, Stored
from bot.domain.styles import (
    STYLE_NAME_CHARS,
    Shelf,
    StyleCard,
    new_style_id,
    server_shelf,
    user_shelf,
)
from bot.ports.clock import Clock
from bot.ports.library import NameTaken
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.admission import Admission
from bot.services.keeping import PictureKeeper
from bot.services.result_admission import ResultAdmission
from bot.services.validation import clean_prompt

_MOST_SUGGESTIONS: Final = 100
_MOST_PICTURES: Final = 2
_SHOWN_CHARS: Final = 40
_ZERO_WIDTH_JOINER: Final = "\u200d"  # holds emoji together; every other invisible character only deceives


@dataclass(frozen=True, slots=True)
class StyleSettings:
    """How many cards a shelf holds."""

    max_of_person: int = 100
    max_of_server: int = 200


class StyleCards:
    """Saves, finds, shares and deletes cards; everything that takes a name also takes a card's id."""

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        admit: Admission,
        admit_result: ResultAdmission,
        keeper: PictureKeeper,
        clock: Clock,
        settings: StyleSettings | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._admit = admit
        self._admit_result = admit_result
        self._keeper = keeper
        self._clock = clock
        self._settings = settings or StyleSettings()

    async def save(self, actor: Actor, name: str, pictures: Sequence[Given]) -> StyleCard:
        """Make a card of one or two pictures on the actor's own shelf. Raises `Rejected`."""
        name = clean_name(name)
        if not pictures:
            raise Rejected(Rejection.STYLE_WITHOUT_PICTURE)
        if len(pictures) > _MOST_PICTURES:
            raise Rejected(Rejection.TOO_MANY_STYLES, limit=_MOST_PICTURES, given=len(pictures))
        return await self._save(actor, name, [await self._admit(picture) for picture in pictures])

    async def save_from_job(self, actor: Actor, name: str, job_id: JobId, index: int) -> StyleCard:
        """Make a card of a finished picture that the actor may see. Raises `Rejected`."""
        name = clean_name(name)
        return await self._save(actor, name, [await self._admit_result(actor, job_id, index)])

    async def find(self, actor: Actor, name_or_id: str) -> StyleCard:
        """The card of that name, the actor's own before the server's; failing that, by id. Raises `Rejected`."""
        async with self._open_unit() as unit:
            return await _found(unit, name_or_id, await _shelves(unit, actor))

    async def use(self, actor: Actor, name_or_id: str) -> tuple[Stored, ...]:
        """The pictures of a card, for the styles of a draft. Raises `Rejected`."""
        card = await self.find(actor, name_or_id)
        return tuple(Stored(picture) for picture in card.pictures)

    async def suggest(self, actor: Actor, words: str = "", *, limit: int = 25) -> Sequence[StyleCard]:
        """Cards the actor can use whose name holds `words`, by name; those beginning with them first."""
        async with self._open_unit() as unit:
            shelves = await _shelves(unit, actor)
            if not shelves:
                return ()
            limit = max(1, min(limit, _MOST_SUGGESTIONS))
            return await unit.styles.on_shelves(shelves, words=_typed(words), limit=limit)

    async def listed(
        self, actor: Actor, *, start: int = 0, limit: int = 20, only_shared: bool = False
    ) -> Sequence[StyleCard]:
        """Cards the actor can use, by name, from the one at `start` on, counted from 0.

        With `only_shared` those of the server: a list that others read as well names nothing else.
        """
        async with self._open_unit() as unit:
            shelves = await _shelves(unit, actor)
            if only_shared:
                shelves = shelves[-1:] if actor.server is not None else ()
            return (await unit.styles.on_shelves(shelves, limit=start + limit))[start:] if shelves else ()

    async def share(self, actor: Actor, name_or_id: str) -> StyleCard:
        """Put a copy of one's own card on the shelf of the server one asks from. Raises `Rejected`."""
        if actor.server is None:
            raise Rejected(Rejection.STYLE_NEEDS_SERVER)
        # Held, because until the copy is committed a clean-up would not know that it names the pictures too.
        async with self._keeper.storing, self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            card = await _found(unit, name_or_id, () if user_id is None else (user_shelf(user_id),))
            shelf = server_shelf(actor.server)
            copy = replace(card, id=new_style_id(), shelf=shelf, created_at=self._clock.now())
            await _add(unit, copy, cap=self._settings.max_of_server)
            await unit.commit()
        return copy

    async def delete(self, actor: Actor, name_or_id: str) -> StyleCard:
        """Remove a card, and its files where nothing else needs them; returns what it was. Raises `Rejected`.

        For its owner, and for moderators the cards of their server.
        """
        async with self._open_unit() as unit:
            card = await _found(unit, name_or_id, await _shelves(unit, actor))
            if card.owner != await unit.users.find(actor) and not _is_moderated(actor, card):
                raise Rejected(Rejection.STYLE_NOT_YOURS)
            await unit.styles.delete(card.id)
            await unit.commit()
        await self._keeper.release(card.pictures)
        return card

    async def _save(self, actor: Actor, name: str, pictures: Sequence[AdmittedPicture]) -> StyleCard:
        now = self._clock.now()
        unique = {picture.sha256: picture for picture in pictures}
        async with self._keeper.stored(tuple(unique.values())), self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            card = StyleCard(
                id=new_style_id(),
                shelf=user_shelf(user_id),
                name=name,
                owner=user_id,
                pictures=tuple(unique),
                created_at=now,
            )
            await _add(unit, card, cap=self._settings.max_of_person)
            await unit.commit()
        return card


def clean_name(name: str) -> str:
    """The name of a card as it is kept: spaces collapsed, letters composed. Raises `Rejected`.

    1 to 40 characters, none of them invisible, and nothing that a chat would read as a mention.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    is_readable = any(character.isprintable() and not character.isspace() for character in cleaned)
    is_clean = all(character.isprintable() or character == _ZERO_WIDTH_JOINER for character in cleaned)
    is_mention = "@" in cleaned or "<#" in cleaned
    if not is_readable or not is_clean or is_mention or len(cleaned) > STYLE_NAME_CHARS:
        raise Rejected(Rejection.STYLE_NAME_BAD, limit=STYLE_NAME_CHARS)
    return cleaned


async def _add(unit: UnitOfWork, card: StyleCard, *, cap: int) -> None:
    if await unit.styles.count(card.shelf) >= cap:
        raise Rejected(Rejection.TOO_MANY_STYLE_CARDS, limit=cap)
    try:
        await unit.styles.add(card)
    except NameTaken as error:
        raise Rejected(Rejection.STYLE_NAME_TAKEN, name=card.name) from error


async def _shelves(unit: UnitOfWork, actor: Actor) -> tuple[Shelf, ...]:
    """Where the actor looks for cards, in this order."""
    user_id = await unit.users.find(actor)
    own = () if user_id is None else (user_shelf(user_id),)
    return own if actor.server is None else (*own, server_shelf(actor.server))


async def _found(unit: UnitOfWork, name_or_id: str, shelves: Sequence[Shelf]) -> StyleCard:
    wanted = _typed(name_or_id)
    for shelf in shelves:
        if (card := await unit.styles.find(shelf, wanted)) is not None:
            return card
    by_id = await unit.styles.get(wanted.lower())
    if by_id is None or by_id.shelf not in shelves:
        raise Rejected(Rejection.STYLE_UNKNOWN, given=wanted[:_SHOWN_CHARS])
    return by_id


def _typed(text: str) -> str:
    """What a person typed, in the form in which names are kept."""
    return unicodedata.normalize("NFC", clean_prompt(text))


def _is_moderated(actor: Actor, card: StyleCard) -> bool:
    return actor.is_moderator and actor.server is not None and card.shelf == server_shelf(actor.server)
