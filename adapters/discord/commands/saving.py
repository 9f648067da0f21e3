"""Saving a style: from files, from a result, or from the tray."""

from __future__ import annotations

from collections.abc import Sequence

from discord import Attachment

from adapters.discord.intake import download_all
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Given, Stored
from bot.domain.styles import StyleCard
from bot.messages.catalogs import Catalog
from bot.services.follow_up import parse_recipe_id


async def save_style(
    application: Application,
    actor: Actor,
    catalog: Catalog,
    *,
    name: str,
    files: Sequence[Attachment | None],
    result: str | None,
) -> str:
    """Save it and say so; files and a result together are refused, neither means the tray. Raises `Rejected`."""
    attached = tuple(one for one in files if one is not None)
    if attached and result is not None:
        return catalog.text("style-save-one-source")
    if result is not None:
        card = await _from_result(application, actor, name, result)
    else:
        card = await application.styles.save(actor, name, await _pictures(application, actor, attached))
    return catalog.text("style-saved", name=card.name, pictures=len(card.pictures))


async def _from_result(application: Application, actor: Actor, name: str, result: str) -> StyleCard:
    parts = parse_recipe_id(result)
    if parts is None:
        raise Rejected(Rejection.RECIPE_UNKNOWN)
    job_id, index = parts
    return await application.styles.save_from_job(actor, name, job_id, index or 0)


async def _pictures(application: Application, actor: Actor, attached: tuple[Attachment, ...]) -> Sequence[Given]:
    if not attached:
        return [Stored(picture) for picture in (await application.tray.show(actor)).styles]
    return [one for one in await download_all(attached, application.limits) if one is not None]
