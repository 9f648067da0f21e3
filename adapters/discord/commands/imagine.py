"""/imagine: a prompt, and whatever pictures and numbers go with it."""

from __future__ import annotations

from typing import Any

from discord import Attachment, Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.commands.options import aspect_choices, describe_options
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel
from adapters.discord.intake import download_all, take_in
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.limits import DRAW_SEED, SEED_MAX
from bot.domain.requests import Draft
from bot.services.submit import Origin, Submitted

_LONGEST_OPTION_CHARS = 6000


def imagine_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """The command, with the ranges of this installation's limits."""

    async def imagine(
        interaction: DeskInteraction,
        *,
        prompt: str,
        subject: Attachment | None = None,
        style: Attachment | None = None,
        style2: Attachment | None = None,
        aspect: str | None = None,
        count: int = 1,
        seed: int = DRAW_SEED,
        steps: int = 25,
        guidance: float = 4.0,
        subject_size: int = 512,
        keep_size: bool = False,
        private: bool = False,
        spoiler: bool = False,
    ) -> None:
        async def submit(origin: Origin) -> Submitted:
            subject_file, *style_files = await download_all((subject, style, style2), application.limits)
            draft = Draft(
                prompt=prompt,
                subject=subject_file,
                styles=tuple(one for one in style_files if one is not None),
                aspect=aspect,
                count=count,
                seed=seed,
                steps=steps,
                guidance=guidance,
                subject_size=subject_size,
                keep_size=keep_size,
                private=private,
                spoiler=spoiler,
            )
            return await application.submit(origin, draft)

        async with funnel(interaction):
            await take_in(interaction, private=private, submit=submit)

    # discord.py reads ranges from annotations; these depend on the configuration.
    imagine.__annotations__ |= _types(application)
    describe_options(imagine, phrases, "command-imagine")
    app_commands.choices(aspect=aspect_choices(phrases))(imagine)
    return app_commands.Command(name="imagine", description=phrases("command-imagine"), callback=imagine)


def _types(application: Application) -> dict[str, Any]:
    limits = application.limits
    return {
        "interaction": Interaction,
        "prompt": Range[str, 1, min(limits.prompt_chars, _LONGEST_OPTION_CHARS)],
        "subject": Attachment | None,
        "style": Attachment | None,
        "style2": Attachment | None,
        "aspect": str | None,
        "count": Range[int, 1, limits.max_count],
        "seed": Range[int, DRAW_SEED, SEED_MAX],
        "steps": Range[int, 1, limits.max_steps],
        "guidance": Range[float, limits.min_guidance, limits.max_guidance],
        "subject_size": Range[int, 0, limits.max_subject_size_px],
        "keep_size": bool,
        "private": bool,
        "spoiler": bool,
    }
