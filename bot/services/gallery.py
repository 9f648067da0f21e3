"""Looking through one's own jobs: what was asked, how it came about, what came of it. Nobody else's are known here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.actors import Actor, UserId
from bot.domain.errors import Rejected, Rejection
from bot.domain.histories import Kind, Page, Search, Term
from bot.domain.jobs import Job, JobId, JobState
from bot.domain.limits import SEED_MAX
from bot.domain.requests import PictureHash
from bot.domain.styles import StyleCard, StyleId, style_key
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.families import Relative, family_tree
from bot.services.validation import clean_prompt

_LONGEST_PAGE: Final = 100
_LONGEST_TEXT: Final = 200
_MOST_TERMS: Final = 8
_MOST_ANCESTORS: Final = 30
_MOST_DESCENDANTS: Final = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; see `Search`.

    Each word of `text` is looked for in prompts, in the names of style cards and among the seeds; of text beyond
    200 characters or eight words the rest is not looked at. `style` is a card of theirs.
    """

    text: str = ""
    style: StyleId | None = None
    kind: Kind | None = None
    state: JobState | None = None
    only_favourites: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One job with all around it.

    `favourites` are indices of its pictures; `newer` and `older` its neighbours among what was looked for;
    `style_names` the owner's cards that hold its style pictures, by picture; `family` the oldest ancestor.
    """

    job: Job
    favourites: frozenset[int]
    newer: JobId | None
    older: JobId | None
    family: Relative
    style_names: Mapping[PictureHash, str]


class Gallery:
    """The jobs of the person who asks; those of others are refused exactly as unknown ones are."""

    def __init__(self, *, open_unit: UnitOfWorkFactory) -> None:
        self._open_unit = open_unit

    async def page(self, actor: Actor, wish: Wish, *, before: int | None = None, limit: int = 24) -> Page:
        """One page of what is looked for, newest first, at most 100; `before` is the `older` of the page before.

        Raises `Rejected` if the style card is not the actor's.
        """
        async with self._open_unit() as unit:
            owner = await unit.users.find(actor)
            if owner is None:
                return Page((), None)
            search = await _search(unit, owner, wish)
            return await unit.history.search(replace(search, before=before, limit=max(1, min(limit, _LONGEST_PAGE))))

    async def job(self, actor: Actor, job_id: JobId) -> Job:
        """One job of the actor's. Raises `Rejected`."""
        async with self._open_unit() as unit:
            return (await _own(unit, actor, job_id))[0]

    async def look(self, actor: Actor, job_id: JobId, wish: Wish) -> Look:
        """One job of the actor's with its family and its neighbours among what was looked for. Raises `Rejected`."""
        async with self._open_unit() as unit:
            job, owner = await _own(unit, actor, job_id)
            search = await _search(unit, owner, wish)
            older = (await unit.history.search(replace(search, before=job.number, limit=1))).jobs
            marked = [one.index for one in job.pictures if await unit.history.is_favourite(owner, job.id, one.index)]
            return Look(
                job=job,
                favourites=frozenset(marked),
                newer=await unit.history.next_newer(search, number=job.number),
                older=older[0].id if older else None,
                family=await _family(unit, owner, job),
                style_names=_names(await unit.styles.owned_by(owner), job),
            )


async def _own(unit: UnitOfWork, actor: Actor, job_id: JobId) -> tuple[Job, UserId]:
    owner = await unit.users.find(actor)
    job = await unit.jobs.get(job_id)
    if owner is None or job is None or job.owner != owner or job.hidden_at is not None:
        raise Rejected(Rejection.JOB_UNKNOWN)
    return job, owner


async def _search(unit: UnitOfWork, owner: UserId, wish: Wish) -> Search:
    cards = await unit.styles.owned_by(owner) if wish.text or wish.style is not None else ()
    return Search(
        owner,
        only_own=True,
        only_favourites=wish.only_favourites,
        terms=tuple(_term(word, cards) for word in clean_prompt(wish.text[:_LONGEST_TEXT]).split()[:_MOST_TERMS]),
        styles=_pictures_of(wish.style, cards),
        kinds=frozenset() if wish.kind is None else frozenset({wish.kind}),
        states=frozenset() if wish.state is None else frozenset({wish.state}),
    )


def _term(word: str, cards: Sequence[StyleCard]) -> Term:
    key = style_key(word)
    styles = frozenset(picture for card in cards if key in style_key(card.name) for picture in card.pictures)
    is_seed = word.isascii() and word.isdigit() and int(word) <= SEED_MAX
    return Term(word, styles, int(word) if is_seed else None)


def _pictures_of(style: StyleId | None, cards: Sequence[StyleCard]) -> frozenset[PictureHash]:
    if style is None:
        return frozenset()
    for card in cards:
        if card.id == style:
            return frozenset(card.pictures)
    raise Rejected(Rejection.STYLE_UNKNOWN, given=style[:_LONGEST_TEXT])


def _names(cards: Sequence[StyleCard], job: Job) -> dict[PictureHash, str]:
    """The name of the oldest card that holds it, for each style picture of the job that lies in one."""
    names: dict[PictureHash, str] = {}
    for card in cards:
        for picture in card.pictures:
            if picture in job.request.styles:
                names.setdefault(picture, card.name)
    return names


async def _family(unit: UnitOfWork, owner: UserId, job: Job) -> Relative:
    """The tree that the job stands in: its line of ancestors, and what came of the oldest and of the job itself."""
    ancestors = await unit.history.ancestors(job.id, limit=_MOST_ANCESTORS)
    kin = {one.id: one for one in (*ancestors, job)}
    oldest = ancestors[-1] if ancestors else job
    for one in dict.fromkeys((job.id, oldest.id)):
        for descendant in await unit.history.descendants(one, owner=owner, limit=_MOST_DESCENDANTS):
            kin[descendant.id] = descendant
    return family_tree(oldest.id, kin.values(), owner=owner)
