"""What a search looks for, as conditions in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.histories import KIND_OF_LINEAGE, Kind, Search, Term
from bot.domain.limits import SEED_MAX
from bot.domain.requests import Mode, PictureHash
from storage.sql.rows import folded
from storage.tables.jobs import JobRow, ReferenceRole, ReferenceRow
from storage.tables.library import CopyRow, FavouriteRow
from storage.texts import storable

_SEEDS = SEED_MAX + 1
_MOST_NUMBER = 2**63 - 1


def conditions_of(search: Search) -> Iterator[ColumnElement[bool]]:
    """All that has to hold for a job to be found."""
    yield _is_seen(search)
    yield from (_says(word) for word in search.words)
    yield from (_fits(term) for term in search.terms)
    if search.before is not None:
        # What names a page comes from outside, and may be beyond what the databases hold.
        yield JobRow.number < max(-_MOST_NUMBER, min(search.before, _MOST_NUMBER))
    if search.copied_by is not None:
        # The jobs themselves lead the search: of those, few are not copied.
        yield select(CopyRow.job_id).where(CopyRow.keeper == search.copied_by, CopyRow.job_id == JobRow.id).exists()
    yield from (_is_drawn_with(style) for style in search.styles)
    if search.kinds:
        yield or_(*(_is_of(kind) for kind in search.kinds))
    if search.states:
        yield JobRow.state.in_(search.states)


def _is_seen(search: Search) -> ColumnElement[bool]:
    """Whose jobs, and which of them the searching person may see."""
    is_shown = JobRow.hidden_at.is_(None)
    is_own = JobRow.owner == search.owner
    own = is_own if search.include_hidden else and_(is_own, is_shown)
    if not search.only_favourites:
        return own
    marked = JobRow.id.in_(select(FavouriteRow.job_id).where(FavouriteRow.user_id == search.owner))
    if search.only_own:
        return and_(marked, own)
    return and_(marked, or_(own, and_(JobRow.private.is_(False), is_shown)))


def _says(word: str) -> ColumnElement[bool]:
    return JobRow.prompt_folded.contains(folded(storable(word)), autoescape=True)


def _fits(term: Term) -> ColumnElement[bool]:
    ways = [_says(term.word)]
    if term.styles:
        drawn_so = select(ReferenceRow.job_id).where(
            ReferenceRow.role == ReferenceRole.STYLE, ReferenceRow.picture.in_(term.styles)
        )
        ways.append(JobRow.id.in_(drawn_so))
    if term.seed is not None:
        ways.append(_has_seed(term.seed))
    return or_(*ways)


def _is_drawn_with(style: PictureHash) -> ColumnElement[bool]:
    return JobRow.id.in_(
        select(ReferenceRow.job_id).where(ReferenceRow.role == ReferenceRole.STYLE, ReferenceRow.picture == style)
    )


def _has_seed(seed: int) -> ColumnElement[bool]:
    """As `GenerationRequest.seeds_of` counts: plain requests their seed, variations their second one."""
    plain = and_(JobRow.variation_seed.is_(None), _counts_to(JobRow.seed, seed))
    varied = and_(JobRow.variation_seed.is_not(None), or_(JobRow.seed == seed, _counts_to(JobRow.variation_seed, seed)))
    return and_(JobRow.mode != Mode.UPSCALE, or_(plain, varied))


def _counts_to(first: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], seed: int) -> ColumnElement[bool]:
    """Whether counting up from `first`, a picture at a time and round at the end, meets `seed`."""
    return or_(*(and_(first <= one, one < first + JobRow.count) for one in (seed, seed + _SEEDS)))


def _is_of(kind: Kind) -> ColumnElement[bool]:
    is_upscale = JobRow.mode == Mode.UPSCALE
    match kind:
        case Kind.UPSCALED:
            return is_upscale
        case Kind.DRAWN:
            return and_(JobRow.lineage_kind.is_(None), ~is_upscale)
        case Kind.REROLLED | Kind.VARIED | Kind.REMIXED | Kind.REPEATED:
            lineages = [lineage for lineage, made in KIND_OF_LINEAGE.items() if made is kind]
            return and_(JobRow.lineage_kind.in_(lineages), ~is_upscale)
        case _:
            assert_never(kind)
