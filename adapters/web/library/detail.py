"""One job as its page shows it: picture, references, parameters, family, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from adapters.web.library.files import Place, references_of
from adapters.web.library.tiles import Branch, Moment, Thumb, branch_of, moment_of, thumb_of, title_of
from adapters.web.library.wishes import gallery_address, job_address
from bot.domain.cards import Card
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, ResultPicture
from bot.domain.requests import PictureHash
from bot.messages.cards import card_text
from bot.messages.catalogs import Catalog
from bot.messages.parameters import Pair, parameter_pairs
from bot.ports.images import ImageStore
from bot.services.gallery import Look, Wish


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that a job was made from; `address` is None where its file was let go."""

    label: str
    address: str | None
    thumb_url: str
    style_name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the pictures of a job, to be chosen."""

    number: int
    address: str
    thumb: Thumb
    is_chosen: bool
    is_favourite: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The picture that is shown large, `url` is None where its file was let go."""

    index: int
    url: str | None
    download_url: str
    width: int
    height: int
    alt: str
    recipe: str
    is_favourite: bool
    is_toy: bool


@dataclass(frozen=True, slots=True)
class RemixDefaults:
    """What the form of a remix begins with."""

    prompt: str
    seed: int
    guidance: str
    steps: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything on the page of one job; addresses are None where there is nothing."""

    id: str
    title: str
    prompt: str
    state: str
    state_detail: str
    is_final: bool
    can_delete: bool
    when: Moment
    chosen: Chosen | None
    choices: tuple[Choice, ...]
    references: tuple[Reference, ...]
    parameters: tuple[Pair, ...]
    family: Branch
    family_size: int
    back: str
    newer: str | None
    older: str | None
    remix: RemixDefaults | None


_PLACE_KEYS: Final = {
    Place.SUBJECT: "label-subject",
    Place.STYLE: "label-style",
    Place.STYLE_2: "label-style-2",
    Place.ENLARGED: "gallery-enlarged",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is made of: the job with all around it, its card, the picture chosen, what was looked for."""

    look: Look
    card: Card
    index: int
    wish: Wish
    kept: frozenset[PictureHash]
    remix: RemixDefaults | None


async def kept_references(job: Job, images: ImageStore) -> frozenset[PictureHash]:
    """Those reference pictures of a job whose files are there."""
    pictures = set(references_of(job.request).values())
    return frozenset([picture for picture in pictures if await images.exists(picture)])


def remix_defaults(drawn: Job, index: int) -> RemixDefaults:
    """The form of a remix of one picture of a job."""
    request = drawn.request
    seed, _ = request.seeds_of(index)
    return RemixDefaults(request.prompt, seed, f"{request.guidance:g}", request.steps, request.width, request.height)


def detail_of(shown: Shown, catalog: Catalog) -> Detail:
    """The page of one job. Raises `Rejected` for a picture that it does not have."""
    look, wish = shown.look, shown.wish
    job = look.job
    words = card_text(shown.card, catalog)
    picture = _chosen_picture(job, shown.index)
    return Detail(
        id=job.id,
        title=title_of(job, catalog),
        prompt=job.request.prompt,
        state=words.title,
        state_detail=words.detail,
        is_final=shown.card.phase.is_final,
        can_delete=job.state.is_final,
        when=moment_of(job.created_at),
        chosen=None if picture is None else _chosen(look, picture, catalog),
        choices=tuple(_choice(look, one, shown.index, wish) for one in job.pictures),
        references=tuple(_references(look, shown.kept, catalog)),
        parameters=tuple(parameter_pairs(job, picture, catalog)),
        family=branch_of(look.family, job.id, wish, catalog),
        family_size=look.family.size,
        back=gallery_address(wish),
        newer=None if look.newer is None else job_address(look.newer, wish),
        older=None if look.older is None else job_address(look.older, wish),
        remix=shown.remix,
    )


def _chosen_picture(job: Job, index: int) -> ResultPicture | None:
    for picture in job.pictures:
        if picture.index == index:
            return picture
    if index:
        raise Rejected(Rejection.PICTURE_UNKNOWN)
    return None


def _chosen(look: Look, picture: ResultPicture, catalog: Catalog) -> Chosen:
    job = look.job
    url = f"/api/jobs/{job.id}/pictures/{picture.index}.png"
    return Chosen(
        index=picture.index,
        url=url if picture.is_kept else None,
        download_url=f"{url}?download",
        width=picture.width,
        height=picture.height,
        alt=catalog.text("web-picture-alt", number=picture.index + 1, prompt=title_of(job, catalog)),
        recipe=f"{job.id}-{picture.index + 1}",
        is_favourite=picture.index in look.favourites,
        is_toy=picture.is_toy,
    )


def _choice(look: Look, picture: ResultPicture, chosen: int, wish: Wish) -> Choice:
    return Choice(
        number=picture.index + 1,
        address=job_address(look.job.id, wish, picture=picture.index),
        thumb=thumb_of(look.job, picture),
        is_chosen=picture.index == chosen,
        is_favourite=picture.index in look.favourites,
    )


def _references(look: Look, kept: frozenset[PictureHash], catalog: Catalog) -> list[Reference]:
    address = f"/api/jobs/{look.job.id}/references"
    return [
        Reference(
            label=catalog.text(_PLACE_KEYS[place]),
            address=f"{address}/{place.value}.png" if picture in kept else None,
            thumb_url=f"{address}/{place.value}.webp?v={picture[:8]}",
            style_name=look.style_names.get(picture, "") if _is_style(place) else "",
        )
        for place, picture in references_of(look.job.request).items()
    ]


def _is_style(place: Place) -> bool:
    match place:
        case Place.STYLE | Place.STYLE_2:
            return True
        case Place.SUBJECT | Place.ENLARGED:
            return False
        case _:
            assert_never(place)
