"""What `uso-bot generate` was asked for, checked before torch is imported."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from adapters.engine.sizes import scaled_side
from bot.domain.errors import Rejected
from bot.domain.limits import DRAW_SEED, SEED_MAX, Limits
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Aspect
from bot.messages.cards import rejection_text
from bot.messages.catalogs import load_catalogs
from bot.services.admission import admit_picture
from uso.errors import InvalidRequest
from uso.params import GenerationParams, validate
from uso.preprocess import content_reference_size, kept_size

TOY_SIDE_PX: Final = 256


class BadInput(click.ClickException):
    """Something the person can mend: one line, exit code 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Order:
    """Pictures to make: one `GenerationParams` each, the same references for all, names to write them to."""

    params: tuple[GenerationParams, ...]
    subject: AdmittedPicture | None
    styles: tuple[AdmittedPicture, ...]
    outs: tuple[Path, ...]


def pick_size(aspect: str | None, width: int | None, height: int | None, *, for_toy: bool) -> tuple[int, int]:
    """The size in pixels; one that was not given in pixels is a quarter of the real model's for the toy."""
    if aspect is not None and (width is not None or height is not None):
        raise BadInput("Give either --aspect or --width and --height.")
    chosen = Aspect(aspect).size_px if aspect is not None else Aspect.SQUARE.size_px
    if for_toy:
        chosen = (scaled_side(chosen[0], TOY_SIDE_PX), scaled_side(chosen[1], TOY_SIDE_PX))
    return (chosen[0] if width is None else width, chosen[1] if height is None else height)


def check_text(prompt: str) -> None:
    """Refuse a prompt with bytes that are no UTF-8, which the shell hands over as lone surrogates."""
    try:
        prompt.encode()
    except UnicodeEncodeError as error:
        raise BadInput("--prompt: that is not text in UTF-8.") from error


def draw_seed(seed: int) -> int:
    """A seed to use: the one given, or a new one for -1."""
    return secrets.randbelow(SEED_MAX + 1) if seed == DRAW_SEED else seed


def series(first: GenerationParams, count: int) -> tuple[GenerationParams, ...]:
    """Consecutive seeds; variations keep the picture they vary and count the second seed up."""
    if first.variation_seed is None:
        return tuple(replace(first, seed=first.seed + number) for number in range(count))
    return tuple(replace(first, variation_seed=first.variation_seed + number) for number in range(count))


def check_numbers(params: Sequence[GenerationParams], *, has_subject: bool, style_count: int) -> None:
    """Refuse what the model cannot do, with its own sentence."""
    for one in params:
        try:
            validate(one, has_subject, style_count)
        except InvalidRequest as error:
            raise BadInput(error.sentence) from error


def check_shape(params: GenerationParams, subject: AdmittedPicture) -> None:
    """Refuse a subject picture of which nothing would be left, or that would give an impossible size."""
    try:
        encoded = content_reference_size(subject.width, subject.height, params.content_size_px)
        if params.keep_size:
            kept_size(*encoded, params.content_size_px)
    except InvalidRequest as error:
        raise BadInput(error.sentence) from error


def read_picture(path: Path) -> AdmittedPicture:
    """Read a reference picture, decoding nothing that is too large."""
    limits = Limits()
    try:
        if not path.is_file():
            raise BadInput(f"{path}: there is no such file.")
        with path.open("rb") as file:
            data = file.read(limits.max_file_bytes + 1)
        return admit_picture(data, limits)
    except Rejected as error:
        raise BadInput(f"{path}: {rejection_text(error, load_catalogs().for_locale(None))}") from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error


def check_out(path: Path) -> None:
    """Refuse a name that can not be written, before minutes are spent on the picture."""
    if path.suffix.lower() != ".png":
        raise BadInput(f"--out {path}: pictures are PNG files, so the name must end in .png.")
    if path.is_dir():
        raise BadInput(f"--out {path}: that is a folder; name a file in it.")
    if not path.parent.is_dir():
        raise BadInput(f"--out {path}: there is no folder {path.parent}; make it first.")
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"--out {path}: you may not write into {path.parent}.")
