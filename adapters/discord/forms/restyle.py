"""The form of “Restyle this...”: a style for a picture on any message."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Final

from discord import SelectOption, TextStyle, ui

from adapters.discord import visibility
from adapters.discord.actors import actor_of
from adapters.discord.answers import whisper
from adapters.discord.desk import DeskInteraction, Sighting
from adapters.discord.drafts import check_restyle
from adapters.discord.forms.again import ask_again
from adapters.discord.forms.filled import Filled, read_filled
from adapters.discord.intake import take_in
from adapters.discord.languages import catalog_for
from adapters.discord.uses import picture_options, read_picture, remember
from bot.domain.errors import Rejected
from bot.domain.limits import Limits
from bot.domain.requests import Draft, Given
from bot.domain.styles import StyleCard
from bot.messages.catalogs import Catalog
from bot.services.submit import Origin, Submitted

log = logging.getLogger(__name__)

_LONGEST_READ_S: Final = 1.5
_MOST_CARDS: Final = 25
_LONGEST_TEXT_CHARS: Final = 4000
_TRAY: Final = "tray"
PICTURE, PROMPT, STYLE, FILES = "picture", "prompt", "style", "files"


async def open_restyle(interaction: DeskInteraction, sighting: Sighting) -> None:
    """Show the form for the pictures of a message."""
    await _open(interaction, sighting, remember(interaction, sighting), {})


async def reopen_restyle(interaction: DeskInteraction, match: re.Match[str]) -> None:
    """Show it again as it was sent, files excepted: those have to be attached anew."""
    desk = interaction.client.desk
    if (sighting := desk.chosen_from.get(match["token"])) is None:
        await _tell_too_old(interaction)
        return
    typed = desk.typed.get((interaction.user.id, match[0])) or {}
    await _open(interaction, sighting, match["token"], typed)


async def submit_restyle(interaction: DeskInteraction, match: re.Match[str]) -> None:
    """Queue it, at the size of the picture; if it is refused, say why and keep what was typed for another try."""
    desk, custom_id = interaction.client.desk, match[0]
    application = desk.application
    sighting = desk.chosen_from.get(match["token"])
    if sighting is None:
        await _tell_too_old(interaction)
        return
    filled = read_filled(interaction)
    picture = sighting.pictures[int(filled.choice(PICTURE) or 0)]

    async def submit(origin: Origin) -> Submitted:
        draft = Draft(
            prompt=filled.texts.get(PROMPT, ""),
            subject=await read_picture(interaction, picture),
            styles=await _styles(interaction, filled),
            keep_size=True,
            spoiler=picture.is_spoiler or None,
            private=True if sighting.is_private else None,
            use_tray=True,
        )
        await check_restyle(application, origin.actor, draft)
        return await application.submit(origin, draft)

    try:
        seen = await visibility.of_request(interaction, application, True if sighting.is_private else None)
        await take_in(interaction, visibility=seen, submit=submit)
    except Rejected as rejected:
        await ask_again(interaction, custom_id, filled, (rejected,))
    else:
        desk.typed.forget((interaction.user.id, custom_id))


async def _open(interaction: DeskInteraction, sighting: Sighting, token: str, typed: Mapping[str, str]) -> None:
    application = interaction.client.desk.application
    catalog, cards = await _read(interaction)
    form = ui.Modal(title=catalog.text("form-restyle"), custom_id=f"uso:restyle:{token}", timeout=None)
    if len(sighting.pictures) > 1:
        form.add_item(_picture(sighting, typed, catalog))
    form.add_item(_prompt(typed, application.limits, catalog))
    if cards:
        form.add_item(_card(cards, typed, catalog))
    form.add_item(_files(application.limits, catalog))
    form.stop()  # answered by its id, like every form
    await interaction.response.send_modal(form)


async def _read(interaction: DeskInteraction) -> tuple[Catalog, Sequence[StyleCard]]:
    """Words, and style cards to choose from; without those the form still works, so it does not wait long."""
    application = interaction.client.desk.application
    try:
        async with asyncio.timeout(_LONGEST_READ_S):
            catalog = await catalog_for(interaction, application)
            return catalog, await application.styles.suggest(actor_of(interaction), limit=_MOST_CARDS - 1)
    except (TimeoutError, Rejected) as error:
        log.warning("interaction %d: style cards could not be read in time: %s", interaction.id, error)
        return application.catalogs.for_locale(interaction.locale.value), ()


def _picture(sighting: Sighting, typed: Mapping[str, str], catalog: Catalog) -> ui.Label[ui.Modal]:
    options = picture_options(sighting.pictures, catalog)
    for option in options:
        option.default = option.value == typed.get(PICTURE, "0")
    select: ui.Select[ui.Modal] = ui.Select(custom_id=PICTURE, options=options)
    return ui.Label(text=catalog.text("menu-which-picture"), component=select)


def _prompt(typed: Mapping[str, str], limits: Limits, catalog: Catalog) -> ui.Label[ui.Modal]:
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=PROMPT,
        style=TextStyle.paragraph,
        default=typed.get(PROMPT) or None,
        required=False,
        max_length=min(limits.prompt_chars, _LONGEST_TEXT_CHARS),
    )
    hint = catalog.text("form-restyle-prompt-hint")
    return ui.Label(text=catalog.text("label-prompt"), description=hint, component=field)


def _card(cards: Sequence[StyleCard], typed: Mapping[str, str], catalog: Catalog) -> ui.Label[ui.Modal]:
    chosen = typed.get(STYLE, _TRAY)
    options = [SelectOption(label=catalog.text("form-style-tray"), value=_TRAY, default=chosen == _TRAY)]
    options += [SelectOption(label=card.name, value=card.id, default=chosen == card.id) for card in cards]
    select: ui.Select[ui.Modal] = ui.Select(custom_id=STYLE, options=options, required=False)
    return ui.Label(text=catalog.text("form-style-card"), component=select)


def _files(limits: Limits, catalog: Catalog) -> ui.Label[ui.Modal]:
    upload: ui.FileUpload[ui.Modal] = ui.FileUpload(
        custom_id=FILES, required=False, min_values=0, max_values=limits.max_styles
    )
    hint = catalog.text("form-style-files-hint")
    return ui.Label(text=catalog.text("form-style-files"), description=hint, component=upload)


async def _styles(interaction: DeskInteraction, filled: Filled) -> tuple[Given, ...]:
    """Of the saved style, then those attached; none leaves it to the tray."""
    desk = interaction.client.desk
    chosen = filled.choice(STYLE)
    saved: tuple[Given, ...] = ()
    if chosen is not None and chosen != _TRAY:
        saved = await desk.application.styles.use(actor_of(interaction), chosen)
    most_bytes = desk.application.limits.max_file_bytes
    files = [await desk.cdn.fetch(one, most_bytes=most_bytes) for one in filled.files.get(FILES, ())]
    return (*saved, *files)


async def _tell_too_old(interaction: DeskInteraction) -> None:
    catalog = await catalog_for(interaction, interaction.client.desk.application)
    await whisper(interaction, catalog.text("menu-too-old"))
