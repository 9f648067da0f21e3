"""`uso-bot generate --recipe` where the recipe is of an enlarged picture."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from PIL import Image

from adapters.engine.commands.bars import bar
from adapters.engine.commands.order import BadInput
from adapters.engine.commands.places import write_whole
from bot.domain.pictures import AdmittedPicture
from bot.domain.recipes import Recipe
from bot.services.png import encode_png
from uso.errors import WeightsError

if TYPE_CHECKING:
    from uso.upscaler import TileDone


@dataclass(frozen=True, slots=True)
class Enlargement:
    """The recipe of an enlarged picture, what is to be enlarged, and the bot's model folder and threads."""

    recipe: Recipe
    picture: AdmittedPicture
    out: Path
    weights_folder: Path | None
    threads: int


def enlarge_again(order: Enlargement, *, device: str) -> None:
    """Enlarge the picture on that device and write it; raises `BadInput` for weights that can not be used."""
    # torch takes seconds; bad input was told before.
    from adapters.engine.painter import use_threads  # noqa: PLC0415
    from uso.upscaler import load_upscaler  # noqa: PLC0415

    use_threads(order.threads)
    try:
        upscaler = load_upscaler(order.weights_folder, device)
    except WeightsError as error:
        raise BadInput(f"--weights {order.weights_folder}: {error}.") from error
    recipe = order.recipe
    if upscaler.revision != recipe.model_revision:
        click.echo(
            f"The recipe is of {recipe.model_label} ({recipe.model_revision}), this is {upscaler.label} "
            f"({upscaler.revision}): the picture will differ.",
            err=True,
        )
    started = time.perf_counter()
    with Image.open(io.BytesIO(order.picture.data), formats=("PNG",)) as source, bar(desc=order.out.name) as drawn:

        def on_tile(done: TileDone) -> None:
            drawn.total = done.tiles
            drawn.update(1)

        picture = upscaler(source, on_tile=on_tile)
    width, height = picture.size
    made = replace(
        recipe,
        picture_width=width,
        picture_height=height,
        model_label=upscaler.label,
        model_revision=upscaler.revision,
        recipe_id="",
    )
    write_whole(order.out, encode_png(width, height, picture.tobytes(), made.as_chunks()))
    took_s = time.perf_counter() - started
    click.echo(f"{order.out}: {width}x{height}, enlarged by {upscaler.label}, {took_s:.1f} s")
