"""Cards as the page's script sees them: plain JSON, every word already chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import msgspec

from bot.domain.cards import Card, Phase
from bot.domain.jobs import JobState, ResultPicture
from bot.messages.cards import card_text
from bot.messages.catalogs import Catalog
from bot.services.validation import Rounded

PROBLEM_TYPE: Final = "application/problem+json"


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    """One finished picture; sizes in pixels. `recipe` is the id that repeats it."""

    index: int
    url: str
    download_url: str
    width: int
    height: int
    seed: int
    caption: str
    alt: str
    is_toy: bool
    recipe: str


class ReferenceView(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that a job works from; `place` is what for: `subject`, `style`, `style-2`, or `enlarged`."""

    place: str
    label: str
    url: str


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """One card. `fraction` is 0 to 1, or None while there is nothing to measure; `width` and `height` were asked for.

    `preview_url` changes exactly when the preview does.
    """

    id: str
    phase: str
    is_final: bool
    serial: int
    title: str
    detail: str
    prompt: str
    mode: str
    label: str
    is_toy: bool
    fraction: float | None
    queue_place: int | None
    seconds_left: float | None
    count: int
    width: int
    height: int
    steps: int
    guidance: float
    is_private: bool
    preview_url: str | None
    pictures: list[PictureView]
    references: list[ReferenceView]
    created_at: str
    notes: list[str]


class CardListView(msgspec.Struct, frozen=True):
    """The latest cards, newest first, and whether there are older ones; `favourites` are recipe ids of pictures."""

    jobs: list[CardView]
    has_more: bool
    favourites: list[str]


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a refused request (RFC 9457): one sentence for people in `detail`, a `code` for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str

    @classmethod
    def of(cls, status: int, code: str, sentence: str) -> ProblemView:
        """Wrap it."""
        return cls(title=HTTPStatus(status).phrase, status=status, detail=sentence, code=code)


def encode(view: msgspec.Struct) -> bytes:
    """A view as one line of JSON."""
    return msgspec.json.encode(view)


def card_view(card: Card, catalog: Catalog, rounded: Sequence[Rounded] = ()) -> CardView:
    """Draw `card` in the language of `catalog`."""
    words = card_text(card, catalog)
    request = card.job.request
    return CardView(
        id=card.job_id,
        phase=card.phase.value,
        is_final=card.phase.is_final,
        serial=card.serial,
        title=words.title,
        detail=words.detail,
        prompt=request.prompt,
        mode=words.mode,
        label=words.label,
        is_toy=card.is_toy,
        fraction=_fraction(card),
        queue_place=card.queue_place,
        seconds_left=card.seconds_left,
        count=request.count,
        width=request.width,
        height=request.height,
        steps=request.steps,
        guidance=request.guidance,
        is_private=request.private,
        preview_url=_preview_url(card),
        pictures=[_picture_view(card, picture, catalog) for picture in card.job.pictures],
        references=_reference_views(card, catalog),
        created_at=card.job.created_at.isoformat(),
        notes=[catalog.text("note-rounded", name=note.name, asked=note.asked, used=note.used) for note in rounded],
    )


def preview_version(preview: bytes) -> str:
    """A short name for one preview, so that an unchanged one is not fetched again."""
    return hashlib.sha256(preview).hexdigest()[:16]


def _fraction(card: Card) -> float | None:
    match card.phase:
        case Phase.WARMING_UP:
            return card.warm_up_fraction
        case Phase.RUNNING:
            return card.fraction or None
        case Phase.DONE:
            return 1.0
        case _:
            return None


def _preview_url(card: Card) -> str | None:
    preview = card.progress.preview if card.progress and card.job.state is JobState.RUNNING else None
    return f"/api/jobs/{card.job_id}/preview?v={preview_version(preview)}" if preview else None


def _picture_view(card: Card, picture: ResultPicture, catalog: Catalog) -> PictureView:
    url = f"/api/jobs/{card.job_id}/pictures/{picture.index}.png"
    size = f"{picture.width}\u00a0×\u00a0{picture.height}"
    is_drawn = card.job.request.upscale_of is None
    seed = catalog.text("label-seed-value", seed=str(picture.seed))
    subject = card.job.request.prompt or card_text(card, catalog).mode
    return PictureView(
        index=picture.index,
        url=url,
        download_url=f"{url}?download",
        width=picture.width,
        height=picture.height,
        seed=picture.seed,
        caption=f"{seed} · {size}" if is_drawn else size,
        alt=catalog.text("web-picture-alt", number=picture.index + 1, prompt=subject),
        is_toy=picture.is_toy,
        recipe=f"{card.job_id}-{picture.index + 1}",
    )


def _reference_views(card: Card, catalog: Catalog) -> list[ReferenceView]:
    request = card.job.request
    given = (
        ("subject", "label-subject", request.subject),
        *zip(("style", "style-2"), ("label-style", "label-style-2"), request.styles, strict=False),
        ("enlarged", "web-label-enlarged", request.upscale_of),
    )
    return [
        # The address changes with the picture, so that browsers may keep what they have.
        ReferenceView(
            place=place,
            label=catalog.text(key),
            url=f"/api/jobs/{card.job_id}/references/{place}.png?v={picture[:8]}",
        )
        for place, key, picture in given
        if picture is not None
    ]
