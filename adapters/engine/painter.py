"""The model in the engine process: loads it, scales requests for a toy, turns its errors into answers."""

from __future__ import annotations

import gc
import io
import os
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from PIL import Image

from adapters.engine import wire
from adapters.engine.enlarging import UNREADABLE, enlarge, open_picture
from adapters.engine.memory import memory_on
from adapters.engine.painting import LoadFailed
from adapters.engine.settings import DeviceChoice, PrecisionChoice
from adapters.engine.sizes import scaled_side
from adapters.engine.toy_model import load_toy
from uso.disk_cache import DiskCache
from uso.errors import GenerationStopped, InvalidRequest, WeightsError
from uso.params import GenerationParams, validate
from uso.pipeline import UsoPipeline
from uso.preprocess import content_reference_size, kept_size
from uso.upscaler import Upscaler, load_upscaler

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.engine.painting import Tell
    from adapters.engine.warmup import WarmUpReport
    from uso.progress import StepInfo

TOY_NATIVE_SIDE_PX: Final = 256
_PREVIEW_SIDE_PX: Final = 256
_PREVIEW_QUALITY: Final = 80
_CPU_MEMORY_ERROR: Final = "can't allocate memory"


def load_painter(begin: wire.Begin, report: WarmUpReport) -> UsoPainter:
    """Load the model, draw one small picture with it, and hand it over; raises `LoadFailed`."""
    use_threads(begin.threads)
    device = _device_of(begin)
    dtype = _dtype_of(begin, device)
    report.stage("model", 0.1)
    try:
        pipeline = _load(begin, device, dtype, report)
        upscaler = load_upscaler(Path(begin.weights_folder) if begin.weights_folder is not None else None, device)
    except WeightsError as error:
        raise LoadFailed(f"The weights cannot be used: {error}.", wire.Cause.WEIGHTS) from error
    painter = UsoPainter(pipeline, upscaler, device)
    report.stage("first picture", 0.9)
    painter.practise()
    if begin.style_cache_folder is not None:
        # Only now: practice with tokens from the disk would leave the encoder's first run to a user.
        pipeline.style_disk_cache = DiskCache(begin.style_cache_folder, max_bytes=begin.style_cache_bytes)
    report.finish()
    return painter


def use_threads(threads: int) -> None:
    """Have a CPU's sums made by so many threads (0: all cores but one); another number rounds differently."""
    torch.set_num_threads(threads or max(1, _cores() - 1))


class UsoPainter:
    """Draws with a loaded pipeline, enlarges with a loaded upscaler."""

    def __init__(self, pipeline: UsoPipeline, upscaler: Upscaler, device: torch.device) -> None:
        self._pipeline = pipeline
        self._upscaler = upscaler
        self._device = device
        self._native_side_px = TOY_NATIVE_SIDE_PX if pipeline.is_toy else None

    @property
    def ready(self) -> wire.Ready:
        """What is loaded, and where."""
        name = "cpu" if self._device.type == "cpu" else torch.cuda.get_device_name(self._device)
        return wire.Ready(
            label=self._pipeline.label,
            revision=self._pipeline.model_revision,
            is_toy=self._pipeline.is_toy,
            device=name,
            native_side_px=self._native_side_px,
            upscaler_label=self._upscaler.label,
            upscaler_revision=self._upscaler.revision,
        )

    @property
    def memory(self) -> wire.Memory:
        """What the process takes of its device's memory by now."""
        return memory_on(self._device)

    def practise(self) -> None:
        """Draw one small picture with everything in use, so that no user pays for what libraries do the first time."""
        params = GenerationParams(prompt="a", width=64, height=64, steps=1, content_size=64)
        grey = Image.new("RGB", (64, 64), "grey")

        def on_step(step: StepInfo) -> None:
            _preview_jpeg(step)

        self._pipeline(params, content=grey, styles=(grey,), on_step=on_step)
        self._upscaler(grey)

    def draw(self, task: wire.Draw, *, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        """Draw one picture; raises `torch.AcceleratorError` when the device is of no more use to this process."""
        try:
            outcome = self._draw(task, tell, should_stop)
        except GenerationStopped:
            return wire.Stopped(task.number)
        except InvalidRequest as error:
            return wire.Refused(task.number, error.sentence)
        except (torch.AcceleratorError, ConnectionError):
            raise
        except Exception as error:
            outcome = _failure(task.number, error)
        if isinstance(outcome, wire.MemoryFull):
            self._free_memory()
        return outcome

    def _draw(self, task: wire.Draw, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        if task.upscale_of is not None:
            return enlarge(task.number, task.upscale_of, self._upscaler, tell=tell, should_stop=should_stop)
        try:
            subject = open_picture(task.subject) if task.subject is not None else None
            styles = [open_picture(style) for style in task.styles]
        except UNREADABLE:
            return wire.Refused(task.number, "A reference picture cannot be read.")
        params = _params_of(task)
        validate(params, subject is not None, len(styles))
        if self._native_side_px is not None:
            params = scaled_params(params, subject.size if subject is not None else None, self._native_side_px)

        def on_step(step: StepInfo) -> None:
            is_due = task.preview_every > 0 and step.step % task.preview_every == 0 and step.step < step.steps
            preview = _preview_jpeg(step) if is_due else None
            tell(wire.Stepped(task.number, step.step, step.steps, step.elapsed_s, preview))

        output = self._pipeline(params, content=subject, styles=styles, on_step=on_step, should_stop=should_stop)
        picture = output.image.convert("RGB")
        return wire.Drawn(task.number, *picture.size, rgb=picture.tobytes(), duration_s=output.timings_s["total"])

    def _free_memory(self) -> None:
        gc.collect()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


def scaled_params(
    params: GenerationParams, subject_size: tuple[int, int] | None, native_side_px: int
) -> GenerationParams:
    """The same request at a toy's size; raises `InvalidRequest` where the full model would."""
    width, height = params.width, params.height
    if params.keep_size and subject_size is not None:
        # Kept sizes come out at about 1024 whatever the subject's size, so they are settled here, then scaled.
        encoded = content_reference_size(*subject_size, params.content_size_px)
        width, height = kept_size(*encoded, params.content_size_px)
    return replace(
        params,
        width=scaled_side(width, native_side_px),
        height=scaled_side(height, native_side_px),
        keep_size=False,
        content_size=scaled_side(params.content_size, native_side_px),
    )


def _params_of(task: wire.Draw) -> GenerationParams:
    return GenerationParams(
        prompt=task.prompt,
        width=task.width,
        height=task.height,
        keep_size=task.keep_size,
        steps=task.steps,
        guidance=task.guidance,
        content_size=task.subject_size,
        seed=task.seed,
        variation_seed=task.variation_seed,
        variation_strength=task.variation_strength,
    )


def _preview_jpeg(step: StepInfo) -> bytes:
    file = io.BytesIO()
    step.preview(_PREVIEW_SIDE_PX).convert("RGB").save(file, "JPEG", quality=_PREVIEW_QUALITY)
    return file.getvalue()


def _failure(number: int, error: Exception) -> wire.Outcome:
    is_memory = isinstance(error, MemoryError | torch.OutOfMemoryError) or _CPU_MEMORY_ERROR in str(error)
    if is_memory:
        return wire.MemoryFull(number, str(error) or "out of memory")
    return wire.Failed(number, "".join(traceback.format_exception(error)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _device_of(begin: wire.Begin) -> torch.device:
    choice = DeviceChoice(begin.device)
    if choice is DeviceChoice.CPU:
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if choice is DeviceChoice.CUDA:
        raise LoadFailed("CUDA was asked for, but torch finds no CUDA device here.", wire.Cause.DEVICE)
    return torch.device("cpu")


def _dtype_of(begin: wire.Begin, device: torch.device) -> torch.dtype:
    choice = PrecisionChoice(begin.precision)
    if choice is PrecisionChoice.AUTO:
        choice = PrecisionChoice.FLOAT32 if device.type == "cpu" else PrecisionChoice.BFLOAT16
    return torch.bfloat16 if choice is PrecisionChoice.BFLOAT16 else torch.float32


def _load(begin: wire.Begin, device: torch.device, dtype: torch.dtype, report: WarmUpReport) -> UsoPipeline:
    def load(folder: Path) -> UsoPipeline:
        return UsoPipeline.from_weights(folder, device=device, dtype=dtype, on_stage=report.part(0.1, 0.9))

    if begin.weights_folder is not None:
        return load(Path(begin.weights_folder))
    return load_toy(Path(begin.cache_folder), load)
