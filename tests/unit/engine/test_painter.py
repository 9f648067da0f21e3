"""The model's side of the engine process: sizes, answers to errors."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import torch
from PIL import Image

from adapters.engine import wire
from adapters.engine.drawing import scaled_params
from adapters.engine.painter import UsoPainter
from tests.support.pictures import png
from tests.support.tasks import wire_task
from uso.errors import GenerationStopped, InvalidReason, InvalidRequest
from uso.params import GenerationParams, Mode
from uso.profiles import PROFILES, Profile, ProfileName
from uso.progress import StepInfo, UsoOutput
from uso.upscaler import Upscaler, load_upscaler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TASK = wire_task(number=3, height=768, steps=4, variation_seed=9, variation_strength=0.25, preview_every=2)


@dataclass
class ScriptedPipeline:
    """Called like the pipeline; notes what it was asked, then raises or returns a flat picture."""

    is_toy: bool = False
    error: BaseException | None = None
    label: str = "scripted"
    model_revision: str = "r1"
    profile: Profile = PROFILES[ProfileName.CPU]
    asked: list[GenerationParams] = field(default_factory=list)

    def __call__(
        self,
        params: GenerationParams,
        *,
        content: Image.Image | None,
        styles: Sequence[Image.Image],
        on_step: Callable[[StepInfo], None],
        should_stop: Callable[[], bool],
    ) -> UsoOutput:
        self.asked.append(params)
        if self.error is not None:
            raise self.error
        if should_stop():
            raise GenerationStopped(0, params.steps)
        for step in range(1, params.steps + 1):
            on_step(StepInfo(step, params.steps, 0.5, step / 10, lambda side_px: Image.new("RGB", (side_px, 8))))
        picture = Image.new("RGB", (params.width, params.height), (1, 2, 3))
        return UsoOutput(picture, params, Mode.TEXT, self.model_revision, {"total": 1.5})


@cache
def upscaler() -> Upscaler:
    return load_upscaler(None, "cpu")


def painter_with(pipeline: ScriptedPipeline) -> UsoPainter:
    stand_in: Any = pipeline
    return UsoPainter(stand_in, upscaler(), torch.device("cpu"))


def draw(pipeline: ScriptedPipeline, task: wire.Draw = TASK, *, is_stopped: bool = False) -> wire.Outcome:
    return painter_with(pipeline).draw(task, tell=lambda _message: None, should_stop=lambda: is_stopped)


def changed(**changes: Any) -> wire.Draw:
    return msgspec.structs.replace(TASK, **changes)


def test_a_full_model_draws_what_was_asked() -> None:
    pipeline = ScriptedPipeline()
    told: list[wire.FromEngine] = []
    outcome = painter_with(pipeline).draw(TASK, tell=told.append, should_stop=lambda: False)
    assert outcome == wire.Drawn(3, 1024, 768, b"\x01\x02\x03" * (1024 * 768), 1.5)
    assert pipeline.asked == [
        GenerationParams("a cat", 1024, 768, False, 4, 4.0, 512, 1, variation_seed=9, variation_strength=0.25)
    ]
    steps = [message for message in told if isinstance(message, wire.Stepped)]
    assert [(step.step, step.elapsed_s) for step in steps] == [(1, 0.1), (2, 0.2), (3, 0.3), (4, 0.4)]
    assert [step.step for step in steps if step.preview is not None] == [2], "the last step is the picture itself"
    with Image.open(io.BytesIO(steps[1].preview or b"")) as preview:
        assert (preview.format, preview.size) == ("JPEG", (256, 8))


def test_a_toy_draws_a_quarter_of_the_side() -> None:
    pipeline = ScriptedPipeline(is_toy=True)
    outcome = draw(pipeline)
    assert isinstance(outcome, wire.Drawn)
    assert (outcome.width, outcome.height) == (256, 192)
    assert pipeline.asked[0].content_size == 128
    assert painter_with(pipeline).ready == wire.Ready(
        "scripted", "r1", True, "cpu", "cpu", 256, "Swin2SR small", upscaler().revision
    )


@pytest.mark.parametrize(
    ("subject_size", "kept"), [((64, 48), (256, 192)), ((1000, 1000), (256, 256)), ((300, 900), (80, 256))]
)
def test_a_kept_size_is_scaled_too(subject_size: tuple[int, int], kept: tuple[int, int]) -> None:
    params = GenerationParams("a cat", keep_size=True, content_size=512)
    scaled = scaled_params(params, subject_size, 256)
    assert (scaled.width, scaled.height) == kept
    assert not scaled.keep_size


def test_automatic_subject_size_stays_automatic() -> None:
    assert scaled_params(GenerationParams("a cat"), None, 256).content_size == 0


def test_a_shape_that_the_full_model_refuses_is_refused_by_a_toy() -> None:
    with pytest.raises(InvalidRequest):
        scaled_params(GenerationParams("a cat", keep_size=True), (3, 3000), 256)
    for is_toy in (True, False):
        outcome = draw(ScriptedPipeline(is_toy=is_toy), changed(width=1000))
        assert outcome == wire.Refused(3, "The width must be a multiple of 16 between 64 and 4096, not 1000.")


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
@pytest.mark.parametrize("role", ["subject", "styles"])
def test_an_unreadable_reference_is_refused(role: str, data: bytes) -> None:
    task = changed(**{role: data if role == "subject" else (data,)})
    assert draw(ScriptedPipeline(), task) == wire.Refused(3, "A reference picture cannot be read.")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried"),
    ],
    ids=["python", "cuda", "cpu"],
)
def test_a_picture_that_does_not_fit_is_told_apart(error: Exception) -> None:
    outcome = draw(ScriptedPipeline(error=error))
    assert isinstance(outcome, wire.MemoryFull)
    assert outcome.detail


def test_an_allocation_that_really_fails_is_a_full_memory() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**50)
    assert isinstance(draw(ScriptedPipeline(error=caught.value)), wire.MemoryFull)


def test_other_failures_bring_their_traceback() -> None:
    outcome = draw(ScriptedPipeline(error=ValueError("shapes do not match")))
    assert isinstance(outcome, wire.Failed)
    assert "Traceback" in outcome.trace
    assert "ValueError: shapes do not match" in outcome.trace


def test_refusals_and_stops_are_passed_on() -> None:
    refusal = InvalidRequest(InvalidReason.CONTENT_SHAPE, "The subject picture is too thin.")
    assert draw(ScriptedPipeline(error=refusal)) == wire.Refused(3, "The subject picture is too thin.")
    assert draw(ScriptedPipeline(), is_stopped=True) == wire.Stopped(3)


@pytest.mark.parametrize("error", [torch.AcceleratorError("CUDA error: device-side assert"), BrokenPipeError()])
def test_a_lost_device_or_bot_ends_the_process(error: Exception) -> None:
    with pytest.raises(type(error)):
        draw(ScriptedPipeline(error=error))


def test_tasks_are_not_changed_by_scaling() -> None:
    params = GenerationParams("a cat", 512, 512, variation_seed=4, variation_strength=1.0)
    assert replace(scaled_params(params, None, 256), width=512, height=512) == params


def test_a_picture_is_enlarged_tile_by_tile_and_nothing_is_drawn() -> None:
    pipeline = ScriptedPipeline(is_toy=True)
    told: list[wire.FromEngine] = []
    task = changed(upscale_of=png(200, 30), width=400, height=60)
    outcome = painter_with(pipeline).draw(task, tell=told.append, should_stop=lambda: False)
    assert isinstance(outcome, wire.Drawn)
    assert (outcome.width, outcome.height, len(outcome.rgb)) == (400, 60, 400 * 60 * 3)
    steps = [(one.step, one.steps, one.preview) for one in told if isinstance(one, wire.Stepped)]
    assert steps == [(1, 2, None), (2, 2, None)]
    assert pipeline.asked == []


@pytest.mark.parametrize("data", [b"", b"not a picture", png(15, 40), png(4200, 16)])
def test_what_can_not_be_enlarged_is_refused(data: bytes) -> None:
    outcome = draw(ScriptedPipeline(), changed(upscale_of=data))
    assert isinstance(outcome, wire.Refused)
    assert outcome.sentence.endswith(".")


def test_enlarging_stops_when_asked() -> None:
    assert draw(ScriptedPipeline(), changed(upscale_of=png()), is_stopped=True) == wire.Stopped(3)
