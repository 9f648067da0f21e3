"""The model in the engine process: loads it, scales requests for a toy, turns its errors into answers."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from PIL import Image

from adapters.engine import wire
from adapters.engine.drawing import Drawing, preview_jpeg
from adapters.engine.enlarging import UNREADABLE, enlarge
from adapters.engine.memory import memory_on
from adapters.engine.painting import LoadFailed
from adapters.engine.settings import DeviceChoice
from adapters.engine.toy_model import load_toy
from uso.disk_cache import DiskCache
from uso.errors import GenerationStopped, InvalidRequest, ProfileError, WeightsError
from uso.memory import free_memory, is_out_of_memory
from uso.params import GenerationParams
from uso.pipeline import UsoPipeline
from uso.profiles import ProfileName
from uso.upscaler import TILE_PX, Upscaler, load_upscaler
from uso.warming import warm_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.engine.painting import Tell
    from adapters.engine.warmup import WarmUpReport
    from uso.progress import StepInfo

TOY_NATIVE_SIDE_PX: Final = 256
Attempt = Callable[[], wire.Outcome]

log = logging.getLogger(__name__)


def load_painter(begin: wire.Begin, report: WarmUpReport) -> UsoPainter:
    """Load the model, draw what nobody waits for with it, and hand it over; raises `LoadFailed`."""
    use_threads(begin.threads)
    device = _device_of(begin)
    report.stage("model", 0.1)
    try:
        pipeline = _load(begin, device, report)
        report.stage("upscaler", 0.7)
        upscaler = load_upscaler(Path(begin.weights_folder) if begin.weights_folder is not None else None, device)
    except WeightsError as error:
        raise LoadFailed(f"The weights cannot be used: {error}.", wire.Cause.WEIGHTS) from error
    except ProfileError as error:
        raise LoadFailed(f"{error} Set profile under [engine].", wire.Cause.DEVICE) from error
    painter = UsoPainter(pipeline, upscaler, device)
    painter.practise(report.part(0.72, 1.0))
    if begin.style_cache_folder is not None:
        # Only now: practice with tokens from the disk would leave the encoder's first run to a user.
        pipeline.disk_cache = DiskCache(begin.style_cache_folder, max_bytes=begin.style_cache_bytes)
    report.finish()
    painter.stages_s = report.stages_s
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
        self.stages_s: tuple[tuple[str, float], ...] = ()
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
            profile=self._pipeline.profile.name,
            native_side_px=self._native_side_px,
            upscaler_label=self._upscaler.label,
            upscaler_revision=self._upscaler.revision,
            stages_s=self.stages_s,
        )

    @property
    def memory(self) -> wire.Memory:
        """What the process takes of its device's memory by now."""
        return memory_on(self._device)

    def practise(self, on_case: Callable[[str, float], None]) -> None:
        """Use everything once, so that no user pays for what libraries do the first time, compiling above all."""

        def on_step(step: StepInfo) -> None:
            preview_jpeg(step)

        warm_up(self._pipeline, on_case=on_case, on_step=on_step)
        self._upscaler(Image.new("RGB", (64, 64), "grey"))

    def draw(self, task: wire.Draw, *, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        """Draw one picture; raises `torch.AcceleratorError` when the device is of no more use to this process."""
        work = self._drawn if task.upscale_of is None else self._enlarged
        try:
            return work(task, tell, should_stop)
        except GenerationStopped:
            return wire.Stopped(task.number)
        except InvalidRequest as error:
            return wire.Refused(task.number, error.sentence)
        except (torch.AcceleratorError, ConnectionError):
            raise
        except Exception as error:
            if is_out_of_memory(error):
                return wire.MemoryFull(task.number, str(error) or "out of memory")
            return wire.Failed(task.number, "".join(traceback.format_exception(error)))

    def _drawn(self, task: wire.Draw, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        """Draw as asked, and smaller where memory runs out; before that the pipeline itself decodes in tiles."""
        try:
            drawing = Drawing.open(task, self._native_side_px)
        except UNREADABLE:
            return wire.Refused(task.number, "A reference picture cannot be read.")

        def attempt(params: GenerationParams) -> Attempt:
            return lambda: drawing.draw(params, self._pipeline, tell=tell, should_stop=should_stop)

        shrunk = drawing.shrunk
        attempts = [attempt(drawing.asked)] + ([attempt(shrunk)] if shrunk is not None else [])
        return self._first_that_fits(task.number, attempts)

    def _enlarged(self, task: wire.Draw, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        """Enlarge, in smaller tiles where memory runs out."""
        data = task.upscale_of or b""

        def attempt(tile_px: int) -> Attempt:
            upscaler = self._upscaler
            return lambda: enlarge(task.number, data, upscaler, tell=tell, should_stop=should_stop, tile_px=tile_px)

        return self._first_that_fits(task.number, [attempt(TILE_PX), attempt(TILE_PX // 2)])

    def _first_that_fits(self, number: int, attempts: Sequence[Attempt]) -> wire.Outcome:
        """What the first attempt gives that memory is enough for; raises what else goes wrong."""
        detail = ""
        for attempt in attempts:
            try:
                return attempt()
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                detail = str(error) or "out of memory"
                log.warning("memory ran out: %s", detail)
            free_memory(self._device)
        return wire.MemoryFull(number, detail)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _device_of(begin: wire.Begin) -> torch.device:
    choice = DeviceChoice(begin.device)
    if choice is DeviceChoice.CPU or (choice is DeviceChoice.AUTO and begin.profile == ProfileName.CPU):
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if choice is DeviceChoice.CUDA:
        raise LoadFailed("CUDA was asked for, but torch finds no CUDA device here.", wire.Cause.DEVICE)
    return torch.device("cpu")


def _load(begin: wire.Begin, device: torch.device, report: WarmUpReport) -> UsoPipeline:
    def load(folder: Path) -> UsoPipeline:
        return UsoPipeline.from_weights(folder, device=device, profile=begin.profile, on_stage=report.part(0.1, 0.7))

    if begin.weights_folder is not None:
        return load(Path(begin.weights_folder))
    return load_toy(Path(begin.cache_folder), load)
