"""Drafts made of what a command or a form was given: files fetched, style cards found."""

from __future__ import annotations

from collections.abc import Sequence

from discord import Attachment

from adapters.discord.intake import download_all
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft, Given


async def fetch_references(
    application: Application,
    actor: Actor,
    *,
    subject: Attachment | None = None,
    styles: Sequence[Attachment | None] = (),
    style_card: str | None = None,
) -> tuple[Given | None, tuple[Given, ...]]:
    """The subject, and the styles: those of the card first, then those attached.

    Raises `Rejected`, for an unknown card before anything is fetched, and `AttachmentUnreachable`.
    """
    saved = await application.styles.use(actor, style_card) if style_card is not None else ()
    subject_file, *style_files = await download_all((subject, *styles), application.limits)
    return subject_file, (*saved, *(one for one in style_files if one is not None))


async def check_restyle(application: Application, actor: Actor, draft: Draft) -> None:
    """Refuse a restyle that has no subject or no style, in the sender's tray neither. Raises `Rejected`."""
    if draft.subject is not None and draft.styles:
        return
    tray = await application.tray.show(actor)
    if draft.subject is None and tray.subject is None:
        raise Rejected(Rejection.RESTYLE_WITHOUT_SUBJECT)
    if not draft.styles and not tray.styles:
        raise Rejected(Rejection.RESTYLE_WITHOUT_STYLE)
