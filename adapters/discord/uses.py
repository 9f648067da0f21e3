"""What can be done with a picture on any message: put it into the tray, look into it, upscale it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from discord import AllowedMentions, SelectOption, ui

from adapters.discord import visibility
from adapters.discord.actors import actor_of
from adapters.discord.cdn import PostedPicture
from adapters.discord.desk import DeskInteraction, Sighting
from adapters.discord.intake import take_in
from adapters.discord.languages import catalog_for
from adapters.discord.telling import tell
from adapters.discord.visibility import Visibility
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.identifiers import new_identifier
from bot.domain.jobs import Job
from bot.messages.catalogs import Catalog
from bot.messages.recipes import info_text, inspection_text
from bot.messages.styles import tray_text
from bot.ports.images import PictureMissing
from bot.services.submit import Origin, Submitted
from bot.services.tray import TrayPlace

_TOKEN_LENGTH: Final = 12
_OPTION_CHARS: Final = 100
_NOT_HERE: Final = frozenset(
    {Rejection.JOB_UNKNOWN, Rejection.JOB_NOT_YOURS, Rejection.PICTURE_UNKNOWN, Rejection.RESULT_GONE}
)


class PictureUse(StrEnum):
    """What a menu does with a picture at once, without a form."""

    SUBJECT = "subject"
    STYLE = "style"
    INFO = "info"
    UPSCALE = "upscale"


def remember(interaction: DeskInteraction, sighting: Sighting) -> str:
    """Keep what a menu found until it was chosen from; returns its token.

    Addresses of files do not fit into ids. They expire within a day anyway, so memory is good enough.
    """
    token = new_identifier(_TOKEN_LENGTH)
    interaction.client.desk.chosen_from.put(token, sighting)
    return token


async def ask_which(interaction: DeskInteraction, use: PictureUse, sighting: Sighting) -> None:
    """Let the sender choose one of several pictures."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    catalog = await catalog_for(interaction, interaction.client.desk.application)
    select: ui.Select[ui.View] = ui.Select(
        custom_id=f"uso:choose:{use.value}:{remember(interaction, sighting)}",
        placeholder=catalog.text("menu-which-picture"),
        options=picture_options(sighting.pictures, catalog),
    )
    view = ui.View(timeout=None)
    view.add_item(select)
    view.stop()
    await interaction.edit_original_response(
        content=catalog.text("menu-several-pictures", count=len(sighting.pictures)),
        view=view,
        allowed_mentions=AllowedMentions.none(),
    )


def picture_options(pictures: tuple[PostedPicture, ...], catalog: Catalog) -> list[SelectOption]:
    """One option a picture, by its place and its file's name."""
    return [
        SelectOption(
            label=catalog.text("menu-picture-number", number=number, name=one.filename)[:_OPTION_CHARS],
            value=str(number - 1),
        )
        for number, one in enumerate(pictures, start=1)
    ]


async def use_picture(
    interaction: DeskInteraction, use: PictureUse, picture: PostedPicture, *, is_private: bool
) -> None:
    """Do it; `is_private` says that only the sender sees the message that the picture is on. Raises `Rejected`."""
    application, actor = interaction.client.desk.application, actor_of(interaction)

    async def put(place: TrayPlace, catalog: Catalog) -> str:
        data = await read_picture(interaction, picture)
        return tray_text(await application.tray.put(actor, data, place), catalog)

    match use:
        case PictureUse.SUBJECT:
            await tell(interaction, application, lambda catalog: put(TrayPlace.SUBJECT, catalog))
        case PictureUse.STYLE:
            await tell(interaction, application, lambda catalog: put(TrayPlace.STYLE, catalog))
        case PictureUse.INFO:
            await tell(interaction, application, lambda catalog: _info(interaction, picture, catalog))
        case PictureUse.UPSCALE:
            await _upscale(interaction, picture, is_private=is_private)
        case _:
            assert_never(use)


async def read_picture(interaction: DeskInteraction, picture: PostedPicture) -> bytes:
    """The picture's bytes: of one's own results the original, whatever file Discord took. Raises `Rejected`."""
    desk = interaction.client.desk
    if (job := await _known_job(desk.application, actor_of(interaction), picture)) is not None and picture.result:
        kept = next((one for one in job.pictures if one.index == picture.result.index and one.is_kept), None)
        if kept is not None:
            try:
                return await desk.application.images.get(kept.picture)
            except PictureMissing:
                pass  # let go in this very moment; Discord still has its copy
    return await desk.cdn.fetch(picture, most_bytes=desk.application.limits.max_file_bytes)


async def _info(interaction: DeskInteraction, picture: PostedPicture, catalog: Catalog) -> str:
    """Of our own results all that we know, of other pictures what is written in their files."""
    application = interaction.client.desk.application
    job = await _known_job(application, actor_of(interaction), picture)
    if job is not None and picture.result is not None:
        made = next((one for one in job.pictures if one.index == picture.result.index), None)
        if made is not None:
            return info_text(job, made, catalog)
    data = await interaction.client.desk.cdn.fetch(picture, most_bytes=application.limits.max_file_bytes)
    return inspection_text(await application.inspect(data), catalog)


async def _upscale(interaction: DeskInteraction, picture: PostedPicture, *, is_private: bool) -> None:
    """A new card; from our own results by their job, so that lineage and privacy go on."""
    application = interaction.client.desk.application
    seen = await _visibility(interaction, picture, is_private=is_private)

    async def submit(origin: Origin) -> Submitted:
        if picture.result is not None and await _known_job(application, origin.actor, picture) is not None:
            return await application.upscale(origin, picture.result.job_id, picture.result.index)
        data = await read_picture(interaction, picture)
        return await application.upscale.of_picture(origin, data, spoiler=picture.is_spoiler or None)

    await take_in(interaction, visibility=seen, submit=submit)


async def _visibility(interaction: DeskInteraction, picture: PostedPicture, *, is_private: bool) -> Visibility:
    application = interaction.client.desk.application
    if picture.result is not None:
        try:
            return await visibility.of_job(interaction, application, picture.result.job_id, is_private=is_private)
        except Rejected as rejected:
            if rejected.rejection not in _NOT_HERE:
                raise
    return await visibility.of_request(interaction, application, True if is_private else None)


async def _known_job(application: Application, actor: Actor, picture: PostedPicture) -> Job | None:
    """The job that made the picture, if this bot did and the person may see it."""
    if picture.result is None:
        return None
    try:
        return await application.history.job(actor, picture.result.job_id)
    except Rejected as rejected:
        if rejected.rejection in _NOT_HERE:
            return None
        raise
