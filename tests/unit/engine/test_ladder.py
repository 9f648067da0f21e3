"""What the engine does when memory runs out: decode in tiles, draw smaller, give up; and then everything fits again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from adapters.engine import wire
from adapters.engine.painter import UsoPainter
from tests.support.pictures import png
from tests.support.tasks import wire_task
from uso.pipeline import UsoPipeline
from uso.toy import build_toy_weights
from uso.upscaler import load_upscaler

TASK = wire_task(number=3, height=768, steps=3)
FULL = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UsoPipeline]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("weights") / "toy"
    build_toy_weights(folder, seed=0)
    yield UsoPipeline.from_weights(folder)
    torch.set_num_threads(threads)


@dataclass
class Memory:
    """Lets chosen calls of a part run out of memory; `calls` counts all of them."""

    calls: int = 0
    failing: frozenset[int] = frozenset()
    always: bool = False
    told: list[wire.FromEngine] = field(default_factory=list)

    def __call__(self, *_: Any) -> None:
        self.calls += 1
        if self.always or self.calls in self.failing:
            raise FULL


@contextmanager
def short_of_memory(part: torch.nn.Module, *failing: int, always: bool = False) -> Iterator[Memory]:
    memory = Memory(failing=frozenset(failing), always=always)
    hook = part.register_forward_pre_hook(memory)
    try:
        yield memory
    finally:
        hook.remove()


def changed(**changes: Any) -> wire.Draw:
    return msgspec.structs.replace(TASK, **changes)


def draw(pipeline: UsoPipeline, task: wire.Draw = TASK, told: list[wire.FromEngine] | None = None) -> wire.Outcome:
    painter = UsoPainter(pipeline, load_upscaler(None, "cpu"), torch.device("cpu"))
    tell = told.append if told is not None else lambda _message: None
    return painter.draw(task, tell=tell, should_stop=lambda: False)


def drawn(pipeline: UsoPipeline, task: wire.Draw = TASK, told: list[wire.FromEngine] | None = None) -> wire.Drawn:
    outcome = draw(pipeline, task, told)
    assert isinstance(outcome, wire.Drawn)
    return outcome


def pixels(picture: wire.Drawn) -> NDArray[np.int_]:
    return np.frombuffer(picture.rgb, np.uint8).reshape(picture.height, picture.width, 3).astype(int)


def likeness(one: wire.Drawn, two: wire.Drawn) -> float:
    """How alike the shapes are, 1 when the same; a toy's tiles differ in brightness, since it normalises each alone."""
    return float(np.corrcoef(pixels(one).ravel(), pixels(two).ravel())[0, 1])


def steps_told(told: list[wire.FromEngine]) -> list[int]:
    return [one.step for one in told if isinstance(one, wire.Stepped)]


def assert_all_fits_again(pipeline: UsoPipeline, before: wire.Drawn) -> None:
    again = drawn(pipeline)
    assert (again.width, again.height, again.shrunk_to) == (256, 192, None)
    assert again.rgb == before.rgb


def test_want_of_memory_while_decoding_is_met_by_tiles_without_drawing_again(pipeline: UsoPipeline) -> None:
    before = drawn(pipeline)
    with short_of_memory(pipeline.vae.decoder, 1) as decoder, short_of_memory(pipeline.transformer) as transformer:
        tiled = drawn(pipeline)
    assert (tiled.width, tiled.height, tiled.shrunk_to) == (256, 192, None)
    assert decoder.calls > 4
    assert transformer.calls == TASK.steps
    other = drawn(pipeline, changed(seed=2))
    assert likeness(tiled, before) > 0.8, "the same picture"
    assert likeness(other, before) < 0.3
    assert_all_fits_again(pipeline, before)


def test_want_of_memory_in_a_step_is_met_by_a_smaller_picture(pipeline: UsoPipeline) -> None:
    before = drawn(pipeline)
    told: list[wire.FromEngine] = []
    with short_of_memory(pipeline.transformer, 2):
        smaller = drawn(pipeline, told=told)
    assert (smaller.width, smaller.height) == (192, 144)
    assert smaller.shrunk_to == (768, 576)
    assert steps_told(told) == [1, 1, 2, 3]
    asked_for_again = drawn(pipeline, changed(width=768, height=576))
    assert asked_for_again.rgb == smaller.rgb, "its recipe repeats it"
    assert asked_for_again.shrunk_to is None
    assert_all_fits_again(pipeline, before)


def test_tiles_come_before_a_smaller_picture_and_serve_that_one_too(pipeline: UsoPipeline) -> None:
    with short_of_memory(pipeline.vae.decoder, 1, 2, 3) as decoder:
        smaller = drawn(pipeline)
    # All at once, the first tile, then the smaller one at once, then its tiles.
    assert decoder.calls > 6
    assert smaller.shrunk_to == (768, 576)


def test_a_kept_size_is_made_smaller_as_it_comes_out(pipeline: UsoPipeline) -> None:
    task = changed(subject=png(90, 60), keep_size=True, width=1024, height=1024)
    whole = drawn(pipeline, task)
    assert (whole.width, whole.height) == (256, 160)
    with short_of_memory(pipeline.transformer, 1):
        smaller = drawn(pipeline, task)
    assert smaller.shrunk_to is not None
    width, height = smaller.shrunk_to
    assert width < 1024
    assert height < 768
    again = drawn(pipeline, changed(subject=png(90, 60), width=width, height=height))
    assert again.rgb == smaller.rgb


def test_a_picture_that_never_fits_fails_and_the_next_one_is_whole(pipeline: UsoPipeline) -> None:
    before = drawn(pipeline)
    with short_of_memory(pipeline.transformer, always=True) as transformer:
        assert draw(pipeline) == wire.MemoryFull(3, str(FULL))
    assert transformer.calls == 2, "as asked, then smaller once"
    assert_all_fits_again(pipeline, before)


def test_the_smallest_picture_is_not_made_smaller(pipeline: UsoPipeline) -> None:
    with short_of_memory(pipeline.transformer, always=True) as transformer:
        assert isinstance(draw(pipeline, changed(width=512, height=512)), wire.MemoryFull)
    assert transformer.calls == 1


def test_want_of_memory_while_encoding_counts_too(pipeline: UsoPipeline) -> None:
    with short_of_memory(pipeline.text_encoder_2, 1):
        assert drawn(pipeline, changed(prompt="something not yet encoded")).shrunk_to == (768, 576)


def test_other_faults_are_not_tried_again(pipeline: UsoPipeline) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("shapes do not match")

    hook = pipeline.vae.decoder.register_forward_pre_hook(fail)
    try:
        assert isinstance(draw(pipeline), wire.Failed)
    finally:
        hook.remove()


def test_want_of_memory_while_enlarging_is_met_by_smaller_tiles() -> None:
    upscaler = load_upscaler(None, "cpu")
    stand_in: Any = type("Toy", (), {"is_toy": True})()
    painter = UsoPainter(stand_in, upscaler, torch.device("cpu"))
    task = changed(upscale_of=png(250, 60), width=500, height=120)

    def enlarged(*failing: int) -> tuple[wire.Outcome, int]:
        told: list[wire.FromEngine] = []
        with short_of_memory(upscaler._model, *failing):
            outcome = painter.draw(task, tell=told.append, should_stop=lambda: False)
        return outcome, max((one.steps for one in told if isinstance(one, wire.Stepped)), default=0)

    whole, tiles = enlarged()
    sparing, more_tiles = enlarged(1)
    assert isinstance(whole, wire.Drawn)
    assert isinstance(sparing, wire.Drawn)
    assert (sparing.width, sparing.height, sparing.shrunk_to) == (500, 120, None)
    assert more_tiles > tiles
    assert np.abs(pixels(sparing) - pixels(whole)).max() <= 2
    assert isinstance(enlarged(1, 2)[0], wire.MemoryFull)


def test_pictures_are_decoded_in_tiles_of_half_their_longer_side(pipeline: UsoPipeline, tmp_path: Path) -> None:
    shapes: list[tuple[int, ...]] = []
    seen = pipeline.vae.decoder.register_forward_pre_hook(lambda _module, given: shapes.append(tuple(given[0].shape)))
    with short_of_memory(pipeline.vae.decoder, 1):
        drawn(pipeline, changed(width=1024, height=1024))
    seen.remove()
    assert max(max(shape[-2:]) for shape in shapes[1:]) == 16
    assert not pipeline.vae.use_tiling
