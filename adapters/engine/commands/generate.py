"""`uso-bot generate`: one request, without the bot."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from PIL import Image

from adapters.engine.commands.bars import bar, stage_bar
from adapters.engine.commands.enlarging import Enlargement, enlarge_again
from adapters.engine.commands.order import (
    BadInput,
    Order,
    check_numbers,
    check_out,
    check_shape,
    check_text,
    draw_seed,
    pick_size,
    read_picture,
    series,
)
from adapters.engine.commands.places import cache_folder, numbered, write_whole
from adapters.engine.commands.repeating import Repetition, fitted, read_repetition, told_difference
from bot.domain.pictures import AdmittedPicture
from bot.domain.recipes import Recipe
from bot.domain.requests import Aspect
from bot.services.png import encode_png
from uso.errors import ProfileError, WeightsError
from uso.layout import locate
from uso.params import GenerationParams
from uso.profiles import AUTO, ProfileName

if TYPE_CHECKING:
    from uso.pipeline import UsoPipeline
    from uso.progress import StepInfo, UsoOutput

_FILE = click.Path(path_type=Path)
_TOY_DRAWS = "No --weights given: the toy model draws, which shows that all works but knows no pictures."


@click.command()
@click.option("--weights", "weights_folder", type=_FILE, help="Folder with the model; without it a toy model draws.")
@click.option("--prompt", default="", help="What to draw; may stay empty with a subject (its layout is kept).")
@click.option("--subject", "subject_file", type=_FILE, help="Picture of who or what to draw.")
@click.option("--style", "style_files", type=_FILE, multiple=True, help="Picture of how to draw it; one or two.")
@click.option("--width", type=int, help="Pixels, a multiple of 16 from 64.  [default: 1024, toy 256]")
@click.option("--height", type=int, help="Pixels, a multiple of 16 from 64.  [default: 1024, toy 256]")
@click.option("--aspect", type=click.Choice([one.value for one in Aspect]), help="A shape instead of a size.")
@click.option("--keep-size", is_flag=True, help="Take the shape from the subject picture.")
@click.option("--steps", type=int, default=25, show_default=True)
@click.option("--guidance", type=float, default=4.0, show_default=True, help="How literally the prompt is taken.")
@click.option("--subject-size", type=int, default=512, show_default=True, help="Long side of the subject; 0 automatic.")
@click.option("--seed", type=int, default=-1, show_default=True, help="Same seed, same picture; -1 draws one.")
@click.option("--count", type=click.IntRange(1, 1000), default=1, show_default=True, help="Pictures, seeds counted up.")
@click.option("--variation-seed", type=int, help="Seed to move toward; -1 draws one.")
@click.option("--variation-strength", type=float, default=0.0, show_default=True, help="How far, from 0 to 1.")
@click.option("--recipe", help="Repeat a result: the id of its recipe, or its PNG file. Needs nothing else but --out.")
@click.option(
    "--config",
    "config_path",
    type=_FILE,
    default=Path("config.toml"),
    show_default=True,
    help="With --recipe: the bot whose history and pictures are looked through.",
)
@click.option("--device", type=click.Choice(["cpu", "cuda"]), help="[default: cuda where there is one]")
@click.option(
    "--profile",
    type=click.Choice([AUTO, *(name.value for name in ProfileName)]),
    default=AUTO,
    show_default=True,
    help="How precisely to calculate; README.md says what each needs.",
)
@click.option("--out", type=_FILE, required=True, help="The PNG file to write; several get -1, -2 before .png.")
@click.pass_context
def generate(
    context: click.Context,
    *,
    weights_folder: Path | None,
    prompt: str,
    subject_file: Path | None,
    style_files: tuple[Path, ...],
    width: int | None,
    height: int | None,
    aspect: str | None,
    keep_size: bool,
    steps: int,
    guidance: float,
    subject_size: int,
    seed: int,
    count: int,
    variation_seed: int | None,
    variation_strength: float,
    recipe: str | None,
    config_path: Path,
    device: str | None,
    profile: str,
    out: Path,
) -> None:
    """Draw a picture and write it, with its recipe inside, to a PNG file."""
    if recipe is not None:
        repetition = read_repetition(
            context, recipe, config_path=config_path, subject_file=subject_file, style_files=style_files, out=out
        )
        chosen = weights_folder or repetition.weights_folder
        _check_weights(chosen)
        if isinstance(repetition, Enlargement):
            _enlarge(replace(repetition, weights_folder=chosen), device=device)
            return
        _carry_out(repetition.order, chosen, device=device, profile=profile, repetition=repetition)
        return
    check_text(prompt)
    size = pick_size(aspect, width, height, for_toy=weights_folder is None)
    if variation_seed is not None and not variation_strength:
        raise BadInput("--variation-seed needs --variation-strength, above 0 and up to 1.")
    first = GenerationParams(
        prompt=prompt,
        width=size[0],
        height=size[1],
        keep_size=keep_size,
        steps=steps,
        guidance=guidance,
        content_size=subject_size,
        seed=draw_seed(seed),
        variation_seed=None if variation_seed is None else draw_seed(variation_seed),
        variation_strength=variation_strength,
    )
    params = series(first, count)
    check_numbers(params, has_subject=subject_file is not None, style_count=len(style_files))
    check_out(out)
    subject = read_picture(subject_file) if subject_file is not None else None
    if subject is not None:
        check_shape(first, subject)
    styles = tuple(read_picture(file) for file in style_files)
    order = Order(params, subject, styles, tuple(numbered(out, count)))
    _check_weights(weights_folder)
    for name, given, used in (("seed", seed, first.seed), ("variation seed", variation_seed, first.variation_seed)):
        if given == -1:
            click.echo(f"{name} {used}", err=True)
    _carry_out(order, weights_folder, device=device, profile=profile)


def _check_weights(folder: Path | None) -> None:
    if folder is None:
        return
    if not folder.is_dir():
        raise BadInput(f"--weights {folder}: there is no such folder; `uso-bot weights download` makes one.")
    try:
        locate(folder)
    except WeightsError as error:
        raise _unusable(error, folder) from error


def _carry_out(
    order: Order,
    weights_folder: Path | None,
    *,
    device: str | None,
    profile: str,
    repetition: Repetition | None = None,
) -> None:
    """Load the model and draw; from here on torch is wanted, which takes seconds."""
    device = _device(device, profile)
    with _faults_told(device, order.outs[0]):
        pipeline = _load(weights_folder, device, profile)
        if repetition is not None:
            order = replace(order, params=(fitted(repetition, pipeline),))
            if (difference := told_difference(repetition, pipeline)) is not None:
                click.echo(difference, err=True)
        for params, out in zip(order.params, order.outs, strict=True):
            _draw_one(pipeline, order, params, out)


def _enlarge(order: Enlargement, *, device: str | None) -> None:
    device = _device(device)
    with _faults_told(device, order.out):
        enlarge_again(order, device=device)


def _device(asked: str | None, profile: str = AUTO) -> str:
    import torch  # noqa: PLC0415 -- takes seconds

    if asked is None and profile == ProfileName.CPU:
        return "cpu"
    if asked == "cuda" and not torch.cuda.is_available():
        raise BadInput("--device cuda: torch finds no CUDA device here; use --device cpu.")
    return asked or ("cuda" if torch.cuda.is_available() else "cpu")


@contextmanager
def _faults_told(device: str, out: Path) -> Iterator[None]:
    """Turn want of memory and disks that refuse into one line."""
    import torch  # noqa: PLC0415 -- takes seconds

    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise click.ClickException(f"The {device} has too little memory for this; try a smaller size.") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or out}: {error.strerror or error}") from error


def _load(folder: Path | None, device: str, profile: str) -> UsoPipeline:
    from uso.pipeline import UsoPipeline  # noqa: PLC0415 -- imports torch and diffusers

    def load(place: Path) -> UsoPipeline:
        with stage_bar("loading") as on_stage:
            return UsoPipeline.from_weights(place, device=device, profile=profile, on_stage=on_stage)

    try:
        if folder is not None:
            return load(folder)
        from adapters.engine.toy_model import load_toy  # noqa: PLC0415

        click.echo(_TOY_DRAWS, err=True)
        return load_toy(cache_folder(), load)
    except WeightsError as error:
        if folder is None:
            raise
        raise _unusable(error, folder) from error
    except ProfileError as error:
        raise BadInput(f"--profile {profile}: {error}") from error


def _draw_one(pipeline: UsoPipeline, order: Order, params: GenerationParams, out: Path) -> None:
    started = time.perf_counter()
    with bar(total=params.steps, desc=out.name, unit="step") as drawn:

        def on_step(_: StepInfo) -> None:
            drawn.update(1)

        output = pipeline(
            params,
            content=_open(order.subject) if order.subject is not None else None,
            styles=[_open(style) for style in order.styles],
            on_step=on_step,
        )
    picture = output.image.convert("RGB")
    recipe = _recipe(pipeline, order, params, output)
    write_whole(out, encode_png(*picture.size, picture.tobytes(), recipe.as_chunks()))
    took_s = time.perf_counter() - started
    width, height = picture.size
    click.echo(f"{out}: {width}x{height}, seed {params.seed}, {pipeline.label}, {took_s:.1f} s")


def _recipe(pipeline: UsoPipeline, order: Order, params: GenerationParams, output: UsoOutput) -> Recipe:
    return Recipe(
        prompt=params.prompt,
        subject=order.subject.sha256 if order.subject is not None else None,
        styles=tuple(style.sha256 for style in order.styles),
        width=params.width,
        height=params.height,
        keep_size=params.keep_size,
        steps=params.steps,
        guidance=params.guidance,
        subject_size=params.content_size,
        seed=params.seed,
        variation_seed=params.variation_seed,
        variation_strength=params.variation_strength,
        picture_width=output.image.width,
        picture_height=output.image.height,
        model_label=pipeline.label,
        model_revision=output.model_revision,
    )


def _open(picture: AdmittedPicture) -> Image.Image:
    opened = Image.open(io.BytesIO(picture.data), formats=("PNG",))
    opened.load()
    return opened


def _unusable(error: WeightsError, folder: Path) -> BadInput:
    return BadInput(f"--weights {folder}: {error}. `uso-bot weights verify {folder}` says more.")
