"""The recipe of a picture, from the job that made it."""

from __future__ import annotations

from bot.domain.jobs import Job, ResultPicture
from bot.domain.recipes import Recipe


def recipe_of(job: Job, index: int, *, width: int, height: int, model_label: str, model_revision: str) -> Recipe:
    """How to make the picture at `index` again; `width` and `height` in pixels are those that came out."""
    request = job.request
    seed, variation = request.seeds_of(index)
    return Recipe(
        prompt=request.prompt,
        subject=request.subject,
        styles=request.styles,
        width=request.width,
        height=request.height,
        keep_size=request.keep_size,
        steps=request.steps,
        guidance=request.guidance,
        subject_size=request.subject_size,
        seed=seed,
        variation_seed=variation.seed if variation else None,
        variation_strength=variation.strength if variation else 0.0,
        picture_width=width,
        picture_height=height,
        model_label=model_label,
        model_revision=model_revision,
        recipe_id=f"{job.id}-{index + 1}",
        upscale_of=request.upscale_of,
    )


def recipe_of_result(job: Job, picture: ResultPicture) -> Recipe:
    """The same for a finished picture, whose file may be gone."""
    return recipe_of(
        job,
        picture.index,
        width=picture.width,
        height=picture.height,
        model_label=picture.model_label,
        model_revision=picture.model_revision,
    )
