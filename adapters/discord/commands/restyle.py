"""/restyle: a picture as it is, in another style."""

from __future__ import annotations

from typing import Any

from discord import Attachment, app_commands

from adapters.discord import visibility
from adapters.discord.commands.options import request_command
from adapters.discord.desk import DeskInteraction
from adapters.discord.drafts import check_restyle, fetch_references
from adapters.discord.funnel import funnel
from adapters.discord.intake import take_in
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.limits import DRAW_SEED
from bot.domain.requests import Draft
from bot.services.submit import Origin, Submitted


def restyle_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Subject and style, each attached, saved or from the tray; without words the layout is kept, as is the size."""

    async def restyle(
        interaction: DeskInteraction,
        *,
        subject: Attachment | None = None,
        style: Attachment | None = None,
        style_card: str | None = None,
        style2: Attachment | None = None,
        prompt: str | None = None,
        count: int = 1,
        private: bool | None = None,
        seed: int = DRAW_SEED,
        spoiler: bool | None = None,
        steps: int = 25,
        guidance: float = 4.0,
    ) -> None:
        async def submit(origin: Origin) -> Submitted:
            subject_file, styles = await fetch_references(
                application, origin.actor, subject=subject, styles=(style, style2), style_card=style_card
            )
            draft = Draft(
                prompt=prompt or "",
                subject=subject_file,
                styles=styles,
                keep_size=True,
                count=count,
                seed=seed,
                steps=steps,
                guidance=guidance,
                private=private,
                spoiler=spoiler,
                use_tray=True,
            )
            await check_restyle(application, origin.actor, draft)
            return await application.submit(origin, draft)

        async with funnel(interaction):
            seen = await visibility.of_request(interaction, application, private)
            await take_in(interaction, visibility=seen, submit=submit)

    return request_command("restyle", restyle, application, phrases, own=("subject", "prompt"))
