"""The words about how a picture was made: for Info, and for files that people show us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bot.domain.inspections import Inspection
from bot.domain.jobs import Job, LineageKind, ResultPicture
from bot.domain.recipes import Recipe
from bot.domain.requests import Mode, PictureHash, mode_of
from bot.messages.cards import mode_text
from bot.messages.catalogs import Catalog

_HASH_CHARS: Final = 8
_REVISION_CHARS: Final = 12
_PROMPT_CHARS: Final = 1_000
_PARAMETERS_CHARS: Final = 1_500


def info_text(job: Job, picture: ResultPicture, catalog: Catalog) -> str:
    """Everything to repeat a finished picture, a short line each, the recipe id last."""
    request = job.request
    strength = request.variation.strength if request.variation is not None else 0.0
    drawn = [
        *_seed_lines(picture.seed, picture.variation_seed, strength, catalog),
        *_drawing_lines(request.steps, request.guidance, catalog),
    ]
    lines = [
        *_prompt_lines(request.prompt, catalog),
        catalog.text("info-mode", mode=mode_text(request, catalog)),
        _size_line((request.width, request.height), (picture.width, picture.height), catalog),
        *(drawn if request.upscale_of is None else _enlarged_lines(request.upscale_of, catalog)),
        *_subject_lines(request.subject_size, keep_size=request.keep_size, has=request.subject, catalog=catalog),
        *_reference_lines(request.subject, request.styles, catalog),
        _model_line(picture.model_label, picture.model_revision, catalog),
        catalog.text("info-time", seconds=f"{picture.duration_s:.1f}"),
        catalog.text("info-when", when=f"{job.finished_at or job.created_at:%Y-%m-%d %H:%M} UTC"),
        *_lineage_lines(job, catalog),
        catalog.text("info-recipe", recipe=f"{job.id}-{picture.index + 1}"),
    ]
    return "\n".join(lines)


def inspection_text(inspection: Inspection, catalog: Catalog) -> str:
    """What a file says of how it was made: our recipe, else what another tool wrote, else that there is nothing.

    It may come from anybody: at most 1,500 characters of it are told, and the caller escapes it.
    """
    facts = catalog.text("inspection-file", format=inspection.format, width=inspection.width, height=inspection.height)
    if inspection.recipe is not None:
        return "\n".join([catalog.text("inspection-ours"), *_recipe_lines(inspection.recipe, catalog), facts])
    if inspection.parameters:
        told = _cut(inspection.parameters, _PARAMETERS_CHARS)
        return "\n".join([catalog.text("inspection-theirs"), told, facts])
    return "\n".join([catalog.text("inspection-nothing"), facts])


def _recipe_lines(recipe: Recipe, catalog: Catalog) -> Iterator[str]:
    mode = mode_of(recipe.prompt, has_subject=recipe.subject is not None, style_count=len(recipe.styles))
    if recipe.upscale_of is not None:
        mode = Mode.UPSCALE
    asked, drawn = (recipe.width, recipe.height), (recipe.picture_width, recipe.picture_height)
    yield from _prompt_lines(recipe.prompt, catalog)
    yield catalog.text("info-mode", mode=catalog.text(f"mode-{mode.value}", styles=len(recipe.styles)))
    yield _size_line(asked, drawn, catalog)
    if recipe.upscale_of is not None:
        yield from _enlarged_lines(recipe.upscale_of, catalog)
    else:
        yield from _seed_lines(recipe.seed, recipe.variation_seed, recipe.variation_strength, catalog)
        yield from _drawing_lines(recipe.steps, recipe.guidance, catalog)
    yield from _subject_lines(recipe.subject_size, keep_size=recipe.keep_size, has=recipe.subject, catalog=catalog)
    yield from _reference_lines(recipe.subject, recipe.styles, catalog)
    yield _model_line(recipe.model_label, recipe.model_revision, catalog)
    if recipe.recipe_id:
        yield catalog.text("info-recipe", recipe=_cut(recipe.recipe_id, 40))


def _prompt_lines(prompt: str, catalog: Catalog) -> Iterator[str]:
    if prompt:
        yield catalog.text("info-prompt", prompt=_cut(prompt, _PROMPT_CHARS))


def _seed_lines(seed: int, variation_seed: int | None, strength: float, catalog: Catalog) -> Iterator[str]:
    yield catalog.text("info-seed", seed=str(seed))
    if variation_seed is not None:
        yield catalog.text("info-variation", seed=str(variation_seed), strength=f"{strength:g}")


def _size_line(asked: tuple[int, int], drawn: tuple[int, int], catalog: Catalog) -> str:
    if asked == drawn:
        return catalog.text("info-size", width=asked[0], height=asked[1])
    return catalog.text("info-size-drawn", width=asked[0], height=asked[1], drawn_width=drawn[0], drawn_height=drawn[1])


def _drawing_lines(steps: int, guidance: float, catalog: Catalog) -> Iterator[str]:
    # As text: a number would have a comma in German, which can not be typed back.
    yield catalog.text("info-steps", steps=steps, guidance=f"{guidance:g}")


def _enlarged_lines(picture: PictureHash, catalog: Catalog) -> Iterator[str]:
    """In place of what only drawing needs."""
    yield catalog.text("info-enlarged", picture=picture[:_HASH_CHARS])


def _subject_lines(size: int, *, keep_size: bool, has: PictureHash | None, catalog: Catalog) -> Iterator[str]:
    """Said only where there is a subject; without one these change nothing."""
    if has is None:
        return
    yield catalog.text("info-subject-size", size=size) if size else catalog.text("info-subject-size-automatic")
    if keep_size:
        yield catalog.text("info-keep-size")


def _reference_lines(subject: PictureHash | None, styles: Iterable[PictureHash], catalog: Catalog) -> Iterator[str]:
    if subject is not None:
        yield catalog.text("info-subject", picture=subject[:_HASH_CHARS])
    for style in styles:
        yield catalog.text("info-style", picture=style[:_HASH_CHARS])


def _model_line(label: str, revision: str, catalog: Catalog) -> str:
    return catalog.text("info-model", label=_cut(label, 80), revision=revision[:_REVISION_CHARS])


def _lineage_lines(job: Job, catalog: Catalog) -> Iterator[str]:
    if job.lineage is None:
        return
    parent = job.lineage.parent
    if job.lineage.kind is not LineageKind.REROLL:  # a re-roll is of the request, not of one of its pictures
        parent = f"{parent}-{job.lineage.picture_index + 1}"
    yield catalog.text(f"lineage-{job.lineage.kind.value}", parent=parent)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
