"""/imagine: a prompt, and whatever pictures and numbers go with it."""

from __future__ import annotations

from typing import Any

from discord import Attachment, app_commands

from adapters.discord import visibility
from adapters.discord.commands.options import request_command
from adapters.discord.desk import DeskInteraction
from adapters.discord.drafts import fetch_references
from adapters.discord.funnel import funnel
from adapters.discord.intake import take_in
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.limits import DRAW_SEED
from bot.domain.requests import Draft
from bot.services.submit import Origin, Submitted


def imagine_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """The command: what most people use comes first, for Discord offers options in this order."""

    async def imagine(
        interaction: DeskInteraction,
        *,
        prompt: str | None = None,
        subject: Attachment | None = None,
        style: Attachment | None = None,
        style_card: str | None = None,
        aspect: str | None = None,
        count: int = 1,
        private: bool | None = None,
        seed: int = DRAW_SEED,
        style2: Attachment | None = None,
        keep_size: bool = False,
        spoiler: bool | None = None,
        steps: int = 25,
        guidance: float = 4.0,
        subject_size: int = 512,
        width: int | None = None,
        height: int | None = None,
    ) -> None:
        async def submit(origin: Origin) -> Submitted:
            subject_file, styles = await fetch_references(
                application, origin.actor, subject=subject, styles=(style, style2), style_card=style_card
            )
            draft = Draft(
                prompt=prompt or "",
                subject=subject_file,
                styles=styles,
                aspect=aspect,
                width=width,
                height=height,
                count=count,
                seed=seed,
                steps=steps,
                guidance=guidance,
                subject_size=subject_size,
                keep_size=keep_size,
                private=private,
                spoiler=spoiler,
                use_tray=True,
            )
            return await application.submit(origin, draft)

        async with funnel(interaction):
            seen = await visibility.of_request(interaction, application, private)
            await take_in(interaction, visibility=seen, submit=submit)

    return request_command("imagine", imagine, application, phrases)
