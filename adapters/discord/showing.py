"""A result once more: its card with all its buttons, and its pictures as they were made."""

from __future__ import annotations

from dataclasses import dataclass

from discord import AllowedMentions, HTTPException

from adapters.discord.actors import actor_of
from adapters.discord.addresses import address_of
from adapters.discord.cards import Attached, Drawing, draw_card
from adapters.discord.desk import DeskInteraction
from adapters.discord.languages import catalog_for
from adapters.discord.uploads import (
    REQUEST_BYTES,
    SMALLEST_LIMIT_BYTES,
    attach,
    attach_pictures,
    is_too_large,
    originals_told,
    smaller_limit,
)
from bot.application import Application
from bot.domain.cards import Card
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobState
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.ports.images import PictureMissing
from bot.services.follow_up import parse_recipe_id


@dataclass(frozen=True, slots=True)
class Shown:
    """A result that the sender may see, and which of its pictures they mean."""

    job: Job
    index: int


async def find_result(interaction: DeskInteraction, recipe_id: str) -> Shown:
    """The result of a recipe's or a job's id. Raises `Rejected`, also while it is being made."""
    parts = parse_recipe_id(recipe_id)
    if parts is None:
        raise Rejected(Rejection.RECIPE_UNKNOWN)
    job_id, index = parts
    history = interaction.client.desk.application.history
    job = await history.job(actor_of(interaction), job_id)
    if not job.state.is_final:
        raise Rejected(Rejection.JOB_NOT_DONE)
    if index is not None and all(picture.index != index for picture in job.pictures):
        raise Rejected(Rejection.PICTURE_UNKNOWN)
    return Shown(job, index or 0)


async def open_result(interaction: DeskInteraction, recipe_id: str) -> None:
    """Show a result where an answer was promised. Raises `Rejected`."""
    await show_result(interaction, await find_result(interaction, recipe_id))


async def show_result(interaction: DeskInteraction, shown: Shown, *, as_triptych: bool = False) -> None:
    """Put the result in the place of what was promised, with smaller files as long as these are too large."""
    application = interaction.client.desk.application
    card = await application.board.card(shown.job.id)
    if card is None:
        raise Rejected(Rejection.JOB_UNKNOWN)
    catalog = await catalog_for(interaction, application)
    triptych = None
    if as_triptych:
        triptych = await application.triptych(actor_of(interaction), shown.job.id, shown.index)
    address = address_of(shown.job)
    asked_by = address.user_id if address is not None else interaction.user.id
    showing = _Showing(application, card, shown, catalog, triptych, asked_by)
    limit_bytes = min(interaction.filesize_limit, REQUEST_BYTES // max(1, len(shown.job.pictures)))
    while True:
        drawing = await showing.draw(limit_bytes)
        try:
            await interaction.edit_original_response(
                view=drawing.view, attachments=drawing.files(), allowed_mentions=AllowedMentions.none()
            )
        except HTTPException as error:
            if not is_too_large(error) or limit_bytes < SMALLEST_LIMIT_BYTES:
                raise
            limit_bytes = smaller_limit(limit_bytes, drawing.attached)
        else:
            return


@dataclass(frozen=True, slots=True)
class _Showing:
    """Everything that stays the same while smaller and smaller files are tried."""

    application: Application
    card: Card
    shown: Shown
    catalog: Catalog
    triptych: bytes | None
    requester_id: int

    async def draw(self, limit_bytes: int) -> Drawing:
        """The card; where its pictures were let go, with a sentence in their place."""
        notes: list[str] = []
        attached: tuple[Attached, ...] = ()
        try:
            attached = await self._attach(limit_bytes)
        except PictureMissing:
            notes.append(rejection_text(Rejected(Rejection.RESULT_GONE), self.catalog))
        if self.triptych is None:
            names = [one.filename for one in attached]
            notes += originals_told(self.application.sign_link, self.shown.job, names, self.catalog)
        view = draw_card(
            self.card,
            self.catalog,
            requester_id=self.requester_id,
            pictures=[one.filename for one in attached],
            notes=notes,
            selected=self.shown.index,
        )
        return Drawing(view, attached)

    async def _attach(self, limit_bytes: int) -> tuple[Attached, ...]:
        job = self.shown.job
        if job.state is not JobState.DONE:
            return ()
        if self.triptych is not None:
            return (await attach(self.triptych, limit_bytes, stem=f"uso-{job.id}-triptych"),)
        return await attach_pictures(self.application.images, job.id, job.pictures, limit_bytes)
