"""Trains the small upscaler that ships with this package: `make train-upscaler`, some minutes on one thread."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any, Final

import click
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional
from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution

from uso.training.drawings import drawing

_SEED: Final = 0
_FIRST_TRAINING_DRAWING: Final = 1_000
"""Drawings with smaller seeds are never trained on: they are for measuring."""
_DRAWINGS: Final = 400
_DRAWING_PX: Final = 160
_PATCH_PX: Final = 64
_BORDER_PX: Final = 4
_BATCH: Final = 12
_LEARNING_RATE: Final = 1.5e-3
_CONFIG: Final[dict[str, Any]] = {
    "depths": [2, 2],
    "embed_dim": 32,
    "image_size": 64,
    "mlp_ratio": 2.0,
    "num_heads": [4, 4],
    "upsampler": "pixelshuffledirect",
    "upscale": 2,
    "window_size": 8,
}


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), default=Path("uso/upscaler_data"), show_default=True)
@click.option("--steps", type=int, default=350, show_default=True)
def main(folder: Path, steps: int) -> None:
    """Train the small upscaler and write it to a folder."""
    torch.set_num_threads(1)
    model = train(steps)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(_CONFIG, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors")
    click.echo(f"written to {folder}; uso/upscaler_data/ORIGIN.txt says how good the shipped one is")


def train(steps: int) -> Any:
    """A trained model; the same for the same number of steps on the same machine."""
    torch.manual_seed(_SEED)
    chance = random.Random(_SEED)  # noqa: S311 -- to be repeated, not to be secret
    model = Swin2SRForImageSuperResolution(Swin2SRConfig(**_CONFIG)).train()
    begin_as_interpolation(model)
    pairs = [_pair(_FIRST_TRAINING_DRAWING + number) for number in range(_DRAWINGS)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=_LEARNING_RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, total_steps=steps)
    for step in range(1, steps + 1):
        small, large = _batch(pairs, chance)
        drawn = model(pixel_values=small).reconstruction
        loss = functional.l1_loss(_inner(drawn), _inner(large))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            click.echo(f"step {step} of {steps}: mean error {255 * loss.item():.2f} of 255")
    return model.eval()


def begin_as_interpolation(model: Any) -> None:
    """Set the way past the transformer to bicubic interpolation: only what is better has to be learned.

    Two 3x3 convolutions see the five pixels in a row that bicubic needs: the first keeps the nine neighbours of a pixel
    in channels of their own, the second weighs them.
    """
    first, body, last = model.swin2sr.first_convolution, model.swin2sr.conv_after_body, model.upsample.conv
    with torch.no_grad():
        for convolution in (first, body, last):
            convolution.bias.zero_()
        body.weight.zero_()
        last.weight.zero_()
        for channel in range(27):
            colour, place = divmod(channel, 9)
            first.weight[channel] = 0
            first.weight[channel, colour, place // 3, place % 3] = 1
        for output in range(12):
            colour, (row, column) = output // 4, divmod(output % 4, 2)
            for y, height in zip(range(-2, 3), _bicubic(row), strict=True):
                for x, width in zip(range(-2, 3), _bicubic(column), strict=True):
                    neighbour = 3 * (1 + int(y / 2)) + 1 + int(x / 2)
                    last.weight[output, 9 * colour + neighbour, 1 + y - int(y / 2), 1 + x - int(x / 2)] = height * width


def _bicubic(half: int) -> tuple[float, ...]:
    """How much each of five source pixels in a row counts for the left (0) or right (1) half of the middle one."""
    weights = tuple(_keys(abs(offset + 0.25)) for offset in range(-2, 3))
    return weights if half == 0 else weights[::-1]


def _keys(distance: float) -> float:
    """Keys' cubic with a = -0.5, as Pillow's BICUBIC."""
    if distance < 1:
        return 1.5 * distance**3 - 2.5 * distance**2 + 1
    return -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2 if distance < 2 else 0.0


def psnr(one: Image.Image, other: Image.Image) -> float:
    """How near two pictures of one size are, in decibels; more is nearer."""
    first, second = (_bytes(picture).double() for picture in (one, other))
    error = torch.mean((first - second) ** 2).item()
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def halved(picture: Image.Image) -> Image.Image:
    """The picture at half its sides, as the upscalers of the literature are trained and measured: bicubic."""
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BICUBIC)


def _pair(seed: int) -> tuple[Tensor, Tensor]:
    large = drawing(seed, _DRAWING_PX)
    return _bytes(halved(large)), _bytes(large)


def _batch(pairs: list[tuple[Tensor, Tensor]], chance: random.Random) -> tuple[Tensor, Tensor]:
    small: list[Tensor] = []
    large: list[Tensor] = []
    for _ in range(_BATCH):
        half, whole = chance.choice(pairs)
        y, x = (chance.randrange((_DRAWING_PX - _PATCH_PX) // 2 + 1) for _ in range(2))
        a = half[:, y : y + _PATCH_PX // 2, x : x + _PATCH_PX // 2]
        b = whole[:, 2 * y : 2 * y + _PATCH_PX, 2 * x : 2 * x + _PATCH_PX]
        turns, is_mirrored = chance.randrange(4), chance.random() < 0.5
        for patch, into in ((a, small), (b, large)):
            turned = torch.rot90(patch, turns, (1, 2))
            into.append((turned.flip(2) if is_mirrored else turned).float() / 255)
    return torch.stack(small), torch.stack(large)


def _inner(pictures: Tensor) -> Tensor:
    """Without the outermost pixels, which lack neighbours; a picture to enlarge is mirrored there (`uso.upscaler`)."""
    return pictures[:, :, _BORDER_PX:-_BORDER_PX, _BORDER_PX:-_BORDER_PX]


def _bytes(picture: Image.Image) -> Tensor:
    flat = torch.frombuffer(bytearray(picture.convert("RGB").tobytes()), dtype=torch.uint8)
    return flat.view(picture.height, picture.width, 3).permute(2, 0, 1)


if __name__ == "__main__":
    main()
