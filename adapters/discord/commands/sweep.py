"""/sweep: four seeds of one request at once, to choose the one with the best likeness."""

from __future__ import annotations

from typing import Any, Final

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

_SEEDS: Final = 4


def sweep_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """One card with four pictures to pick from, or with as many as this bot makes at once."""

    async def sweep(
        interaction: DeskInteraction,
        *,
        prompt: str | None = None,
        subject: Attachment | None = None,
        style: Attachment | None = None,
        style_card: str | None = None,
        aspect: str | None = None,
        private: bool | None = None,
        seed: int = DRAW_SEED,
        style2: Attachment | None = None,
        keep_size: bool = False,
        spoiler: bool | None = None,
        steps: int = 25,
        guidance: float = 4.0,
        subject_size: int = 512,
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
                count=min(_SEEDS, application.limits.max_count),
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

    return request_command("sweep", sweep, application, phrases, own=("seed",))
