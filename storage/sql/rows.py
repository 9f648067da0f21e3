"""Between rows and facts: what a job, a picture and a delivery look like in their tables."""

from __future__ import annotations

from typing import Any

from bot.domain.actors import ReplyAddress, Server
from bot.domain.deliveries import Delivery
from bot.domain.jobs import Job, Lineage, ResultPicture
from bot.domain.requests import GenerationRequest, Variation
from storage.tables.jobs import DeliveryRow, JobRow, PictureRow, ReferenceRole


def folded(text: str) -> str:
    """The form in which prompts are searched: without case, in any alphabet."""
    return text.casefold()


def job_values(job: Job) -> dict[str, Any]:
    """The columns of `jobs` for a job; its references and pictures have tables of their own."""
    request, reply_to, lineage = job.request, job.reply_to, job.lineage
    return {
        "id": job.id,
        "owner": job.owner,
        "event_key": job.event_key,
        "locale": job.locale,
        "created_at": job.created_at,
        "server_platform": job.server.platform if job.server else None,
        "server_id": job.server.external_id if job.server else None,
        "cost": job.cost,
        "refunded": job.refunded,
        "weight": job.weight,
        "hidden_at": job.hidden_at,
        "prompt": request.prompt,
        "prompt_folded": folded(request.prompt),
        "mode": request.mode,
        "width": request.width,
        "height": request.height,
        "keep_size": request.keep_size,
        "steps": request.steps,
        "guidance": request.guidance,
        "subject_size": request.subject_size,
        "seed": request.seed,
        "count": request.count,
        "variation_seed": request.variation.seed if request.variation else None,
        "variation_strength": request.variation.strength if request.variation else None,
        "private": request.private,
        "spoiler": request.spoiler,
        "reply_platform": reply_to.platform if reply_to else None,
        "reply_to": dict(reply_to.data) if reply_to else None,
        "lineage_kind": lineage.kind if lineage else None,
        "lineage_parent": lineage.parent if lineage else None,
        "lineage_picture_index": lineage.picture_index if lineage else None,
        "state": job.state,
        "attempt": job.attempt,
        "cancel_requested": job.cancel_requested,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "lease_owner": job.lease_owner,
        "lease_until": job.lease_until,
        "failure": job.failure,
    }


def reference_values(job: Job) -> list[dict[str, Any]]:
    """The rows of `job_references` for a job, styles in their order."""
    given = [(ReferenceRole.STYLE, position, style) for position, style in enumerate(job.request.styles)]
    if job.request.subject is not None:
        given.append((ReferenceRole.SUBJECT, 0, job.request.subject))
    if job.request.upscale_of is not None:
        given.append((ReferenceRole.UPSCALE, 0, job.request.upscale_of))
    return [
        {"job_id": job.id, "role": role, "position": position, "picture": picture, "is_kept": True}
        for role, position, picture in given
    ]


def picture_values(job_id: str, picture: ResultPicture) -> dict[str, Any]:
    """The row of `pictures` for a finished picture."""
    return {
        "job_id": job_id,
        "index": picture.index,
        "picture": picture.picture,
        "seed": picture.seed,
        "variation_seed": picture.variation_seed,
        "width": picture.width,
        "height": picture.height,
        "duration_s": picture.duration_s,
        "model_label": picture.model_label,
        "model_revision": picture.model_revision,
        "is_toy": picture.is_toy,
        "is_kept": picture.is_kept,
    }


def job_of(row: JobRow) -> Job:
    """The job of a row whose references and pictures are loaded."""
    return Job(
        id=row.id,
        owner=row.owner,
        request=_request_of(row),
        state=row.state,
        event_key=row.event_key,
        created_at=row.created_at,
        locale=row.locale,
        reply_to=None if row.reply_platform is None else ReplyAddress(row.reply_platform, row.reply_to or {}),
        lineage=_lineage_of(row),
        server=_server_of(row),
        cost=row.cost,
        refunded=row.refunded,
        weight=row.weight,
        number=row.number,
        hidden_at=row.hidden_at,
        attempt=row.attempt,
        cancel_requested=row.cancel_requested,
        started_at=row.started_at,
        finished_at=row.finished_at,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        failure=row.failure,
        pictures=tuple(picture_of(picture) for picture in row.pictures),
    )


def _request_of(row: JobRow) -> GenerationRequest:
    given: dict[ReferenceRole, tuple[str, ...]] = {
        role: tuple(one.picture for one in row.references if one.role is role) for role in ReferenceRole
    }
    return GenerationRequest(
        prompt=row.prompt,
        subject=next(iter(given[ReferenceRole.SUBJECT]), None),
        styles=given[ReferenceRole.STYLE],
        width=row.width,
        height=row.height,
        keep_size=row.keep_size,
        steps=row.steps,
        guidance=row.guidance,
        subject_size=row.subject_size,
        seed=row.seed,
        count=row.count,
        variation=_variation_of(row),
        private=row.private,
        spoiler=row.spoiler,
        upscale_of=next(iter(given[ReferenceRole.UPSCALE]), None),
    )


def _variation_of(row: JobRow) -> Variation | None:
    if row.variation_seed is None or row.variation_strength is None:
        return None
    return Variation(seed=row.variation_seed, strength=row.variation_strength)


def _lineage_of(row: JobRow) -> Lineage | None:
    if row.lineage_kind is None or row.lineage_parent is None or row.lineage_picture_index is None:
        return None
    return Lineage(kind=row.lineage_kind, parent=row.lineage_parent, picture_index=row.lineage_picture_index)


def _server_of(row: JobRow) -> Server | None:
    if row.server_platform is None or row.server_id is None:
        return None
    return Server(row.server_platform, row.server_id)


def picture_of(row: PictureRow) -> ResultPicture:
    """The finished picture of a row."""
    return ResultPicture(
        index=row.index,
        picture=row.picture,
        seed=row.seed,
        variation_seed=row.variation_seed,
        width=row.width,
        height=row.height,
        duration_s=row.duration_s,
        model_label=row.model_label,
        model_revision=row.model_revision,
        is_toy=row.is_toy,
        is_kept=row.is_kept,
    )


def delivery_of(row: DeliveryRow) -> Delivery:
    """The delivery of a row."""
    return Delivery(
        id=row.id,
        job_id=row.job_id,
        platform=row.platform,
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
    )
