"""The words on a card, the same for every adapter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import assert_never

from bot.domain.cards import Card, Phase
from bot.domain.credits import CREDIT, Credits, Quote
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import FailureKind, Job
from bot.domain.requests import GenerationRequest, Mode
from bot.messages.catalogs import Catalog


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says: a title, a line below it, the mode understood and, for a toy model, its label."""

    title: str
    detail: str
    mode: str
    label: str


def card_text(card: Card, catalog: Catalog) -> CardText:
    """Find the words for a card."""
    title, *details = _title_and_details(card, catalog)
    return CardText(
        title=title,
        detail=" · ".join(detail for detail in details if detail),
        mode=mode_text(card.job.request, catalog),
        label=catalog.text("toy-model") if card.is_toy else card.engine_label,
    )


def mode_text(request: GenerationRequest, catalog: Catalog) -> str:
    """The mode that was understood, such as “Subject + 2 styles, layout kept”."""
    return catalog.text(f"mode-{request.mode.value}", styles=len(request.styles))


def rejection_text(rejected: Rejected, catalog: Catalog) -> str:
    """The one sentence for a refusal."""
    details = dict(rejected.details)
    if rejected.rejection is Rejection.NOT_A_NUMBER:
        details["name"] = _label(str(details["name"]), catalog)
    return catalog.text(f"reject-{rejected.rejection.value}", **details)


def _label(name: str, catalog: Catalog) -> str:
    """What a number is called on forms; its plain name where it is on none."""
    try:
        return catalog.text(f"label-{name.replace('_', '-')}")
    except KeyError:
        return name


def failure_text(failure: FailureKind | None, catalog: Catalog) -> str:
    """The sentence for a failed job."""
    return catalog.text(f"failure-{(failure or FailureKind.INTERNAL).value}")


def time_left_text(seconds: float | None, catalog: Catalog) -> str:
    """A rounded time, or nothing when it is unknown."""
    if seconds is None:
        return ""
    if seconds < 90:
        return catalog.text("card-left-seconds", seconds=max(1, math.ceil(seconds)))
    return catalog.text("card-left-minutes", minutes=math.ceil(seconds / 60))


def _title_and_details(card: Card, catalog: Catalog) -> tuple[str, ...]:
    left = time_left_text(card.seconds_left, catalog)
    match card.phase:
        case Phase.QUEUED if card.is_paused:
            return catalog.text("card-paused"), catalog.text("card-paused-detail"), cost_text(card, catalog)
        case Phase.QUEUED:
            place = card.queue_place or 1
            key = "card-queued-next" if place == 1 else "card-queued-place"
            return catalog.text("card-queued"), catalog.text(key, place=place), left, cost_text(card, catalog)
        case Phase.WARMING_UP:
            if card.is_engine_broken:
                return catalog.text("card-engine-broken"), catalog.text("card-engine-broken-detail")
            percent = int((card.warm_up_fraction or 0) * 100)
            warming = catalog.text("card-warming-up-detail", percent=percent)
            return catalog.text("card-warming-up"), warming, left, cost_text(card, catalog)
        case Phase.RUNNING:
            return _running_title(card, catalog), _which_picture(card, catalog), left
        case Phase.RETRYING:
            return catalog.text("card-retrying"), catalog.text("card-retrying-detail")
        case Phase.DONE:
            details = (_done_detail(card, catalog), _drawn_at(card, catalog), *_withheld(card, catalog))
            return (catalog.text("card-done"), *details)
        case Phase.FAILED:
            return catalog.text("card-failed"), failure_text(card.job.failure, catalog), _refunded(card, catalog)
        case Phase.CANCELLED:
            return catalog.text("card-cancelled"), catalog.text("card-cancelled-detail"), _refunded(card, catalog)
        case _:
            assert_never(card.phase)


def _withheld(card: Card, catalog: Catalog) -> tuple[str, ...]:
    """Of a finished job: how many of its pictures were withheld, and what came back for them."""
    told = withheld_text(card.job, catalog)
    return (told, _refunded(card, catalog)) if told else ()


def withheld_text(job: Job, catalog: Catalog) -> str:
    """How many pictures of a finished job were withheld; nothing where all are there."""
    count = job.request.count - len(job.pictures)
    return catalog.text("card-some-withheld", count=count) if count > 0 else ""


def credits_number(amount: Credits) -> float | int:
    """Credits as people count them, without an empty fraction."""
    whole, rest = divmod(amount, CREDIT)
    return amount / CREDIT if rest else whole


def quote_text(quote: Quote, catalog: Catalog) -> str:
    """What a request would cost and what is there for it; nothing where there is no limit."""
    balance = quote.balance
    if balance.tier.daily is None:
        return ""
    hours, minutes = divmod(max(1, math.ceil(quote.fills_in_s / 60)), 60)
    return catalog.text(
        "quote",
        cost=credits_number(quote.cost),
        left=credits_number(balance.account.left + (balance.pool or 0)),
        hours=hours,
        minutes=minutes,
    )


def cost_text(card: Card, catalog: Catalog) -> str:
    """What the request cost; nothing where it was free."""
    return catalog.text("card-cost", amount=credits_number(card.job.cost)) if card.job.cost else ""


def _refunded(card: Card, catalog: Catalog) -> str:
    return catalog.text("card-refunded", amount=credits_number(card.job.refunded)) if card.job.refunded else ""


def _running_title(card: Card, catalog: Catalog) -> str:
    is_upscale = card.job.request.mode is Mode.UPSCALE
    if card.progress is None or card.progress.step == 0:
        return catalog.text("card-upscaling-starting" if is_upscale else "card-starting")
    key = "card-upscaling" if is_upscale else "card-running"
    return catalog.text(key, step=card.progress.step, steps=card.progress.steps)


def _which_picture(card: Card, catalog: Catalog) -> str:
    count = card.job.request.count
    if count == 1:
        return ""
    number = card.progress.picture_index + 1 if card.progress else 1
    return catalog.text("card-picture-of", number=number, count=count)


def _done_detail(card: Card, catalog: Catalog) -> str:
    return catalog.text("card-done-detail", count=len(card.job.pictures))


def _drawn_at(card: Card, catalog: Catalog) -> str:
    """Said only where it differs from what was asked: a toy model has a size of its own, a real one lacked memory.

    A kept size follows from the subject picture, so that nothing was asked to compare it with.
    """
    request = card.job.request
    if not card.job.pictures or request.keep_size:
        return ""
    smallest = min(card.job.pictures, key=lambda picture: picture.width * picture.height)
    if (smallest.width, smallest.height) == (request.width, request.height):
        return ""
    key = "card-drawn-at" if smallest.is_toy else "card-drawn-smaller"
    return catalog.text(key, width=smallest.width, height=smallest.height)
