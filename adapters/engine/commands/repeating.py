"""`uso-bot generate --recipe`: what a recipe asks for, and the pictures it needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from adapters.engine.commands.enlarging import Enlargement
from adapters.engine.commands.order import BadInput, Order, check_out, read_picture
from bot.domain.pictures import AdmittedPicture
from bot.domain.recipes import Recipe
from bot.domain.requests import PictureHash
from bot.ports.recipes import OpenRecipeSource, RecipeSource, RecipesUnavailable
from bot.services.admission import read_admitted
from bot.services.png import read_recipe
from uso.errors import InvalidRequest
from uso.params import GenerationParams
from uso.preprocess import content_reference_size, kept_size

if TYPE_CHECKING:
    from uso.pipeline import UsoPipeline

_GO_WITH_RECIPE: Final = frozenset(
    {"recipe", "config_path", "out", "weights_folder", "device", "profile", "subject_file", "style_files"}
)


@dataclass(frozen=True, slots=True)
class Repetition:
    """A recipe, the order that carries it out, the folder of the bot's model (None: the toy) and its threads."""

    recipe: Recipe
    order: Order
    weights_folder: Path | None
    threads: int


def read_repetition(
    context: click.Context,
    wanted: str,
    *,
    config_path: Path,
    subject_file: Path | None,
    style_files: tuple[Path, ...],
    out: Path,
) -> Repetition | Enlargement:
    """Find the recipe of an id or in a PNG file, and its pictures. Raises `BadInput`.

    The picture that an enlarged one was made of may be given as the subject.
    """
    _refuse_other_options(context)
    check_out(out)
    open_source: OpenRecipeSource = context.obj
    try:
        source = open_source(config_path)
        recipe = _find(source, wanted)
    except RecipesUnavailable as error:
        raise BadInput(f"--recipe: {error}") from error
    files = [read_picture(subject_file)] if subject_file is not None else []
    if recipe.upscale_of is not None:
        picture = _picture(source, recipe.upscale_of, files, "--subject")
        return Enlargement(recipe, picture, out, source.weights_folder, source.threads)
    subject = _picture(source, recipe.subject, files, "--subject") if recipe.subject is not None else None
    given = [read_picture(file) for file in style_files]
    styles = tuple(_picture(source, style, given, "--style") for style in recipe.styles)
    order = Order((params_of(recipe),), subject, styles, (out,))
    return Repetition(recipe, order, source.weights_folder, source.threads)


def params_of(recipe: Recipe) -> GenerationParams:
    """The parameters as they were asked for."""
    return GenerationParams(
        prompt=recipe.prompt,
        width=recipe.width,
        height=recipe.height,
        keep_size=recipe.keep_size,
        steps=recipe.steps,
        guidance=recipe.guidance,
        content_size=recipe.subject_size,
        seed=recipe.seed,
        variation_seed=recipe.variation_seed,
        variation_strength=recipe.variation_strength,
    )


def fitted(repetition: Repetition, pipeline: UsoPipeline) -> GenerationParams:
    """The parameters that give the recipe's picture at the size it had; sets the processor threads of the bot.

    The bot scales what it asks of a toy model down to the model's native size; a real model draws what was asked.
    Raises `BadInput` if the picture's size follows from neither.
    """
    from adapters.engine.drawing import scaled_params  # noqa: PLC0415 -- torch
    from adapters.engine.painter import TOY_NATIVE_SIDE_PX, use_threads  # noqa: PLC0415

    use_threads(repetition.threads)
    recipe, (asked,) = repetition.recipe, repetition.order.params
    subject = repetition.order.subject
    size = (recipe.picture_width, recipe.picture_height)
    if _drawn_size(asked, subject) == size:
        return asked
    scaled = scaled_params(asked, (subject.width, subject.height) if subject is not None else None, TOY_NATIVE_SIDE_PX)
    if (scaled.width, scaled.height) == size:
        return scaled
    raise BadInput(
        f"--recipe: its picture has {size[0]}x{size[1]} pixels, which {pipeline.label} does not make of "
        f"{recipe.width}x{recipe.height}."
    )


def told_difference(repetition: Repetition, pipeline: UsoPipeline) -> str | None:
    """A line for who repeats with another model than the recipe's, or None."""
    if pipeline.model_revision == repetition.recipe.model_revision:
        return None
    return (
        f"The recipe is of {repetition.recipe.model_label} ({repetition.recipe.model_revision}), this is "
        f"{pipeline.label} ({pipeline.model_revision}): the picture will differ."
    )


def _refuse_other_options(context: click.Context) -> None:
    for option in context.command.params:
        name = option.name or ""
        if name in _GO_WITH_RECIPE or context.get_parameter_source(name) is ParameterSource.DEFAULT:
            continue
        raise BadInput(f"{option.opts[0]} does not go with --recipe, which says it all.")


def _find(source: RecipeSource, wanted: str) -> Recipe:
    path = Path(wanted)
    if path.suffix.lower() == ".png" or path.is_file():
        try:
            recipe = read_recipe(path.read_bytes())
        except OSError as error:
            raise BadInput(f"--recipe {wanted}: {error.strerror or error}") from error
        if recipe is None:
            raise BadInput(f"--recipe {wanted}: there is no recipe in that file that this version can read.")
        return recipe
    recipe = source.find(wanted)
    if recipe is None:
        raise BadInput(f"--recipe {wanted}: the bot knows no such picture; give an id like 7k3m9qx2vt0a-1, or a file.")
    return recipe


def _picture(source: RecipeSource, wanted: PictureHash, given: list[AdmittedPicture], option: str) -> AdmittedPicture:
    for picture in given:
        if picture.sha256 == wanted:
            return picture
    data = source.picture(wanted)
    if data is None:
        raise BadInput(f"--recipe: its picture {wanted[:12]}… is not stored here; give the file with {option}.")
    return read_admitted(data, wanted)


def _drawn_size(params: GenerationParams, subject: AdmittedPicture | None) -> tuple[int, int] | None:
    if not params.keep_size or subject is None:
        return params.width, params.height
    try:
        encoded = content_reference_size(subject.width, subject.height, params.content_size_px)
        return kept_size(*encoded, params.content_size_px)
    except InvalidRequest:
        return None
