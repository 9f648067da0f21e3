"""Between the words of the port and those of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from adapters.engine import wire
from bot.ports.engine import (
    EngineFailed,
    EngineInfo,
    EngineMemory,
    EngineOutOfMemory,
    EngineRefused,
    PictureDone,
    TaskStopped,
    UpscalerInfo,
)

if TYPE_CHECKING:
    from adapters.engine.settings import EngineSettings
    from bot.ports.engine import EngineTask


def begin_message(settings: EngineSettings) -> wire.Begin:
    """What the process has to load."""
    styles = settings.style_cache_folder
    return wire.Begin(
        weights_folder=str(settings.weights_folder.absolute()) if settings.weights_folder is not None else None,
        cache_folder=str(settings.cache_folder.absolute()),
        device=settings.device.value,
        profile=settings.profile,
        threads=settings.threads,
        style_cache_folder=str(styles.absolute()) if styles is not None else None,
        style_cache_bytes=settings.style_cache_bytes,
    )


def draw_message(number: int, task: EngineTask) -> wire.Draw:
    """The task as run `number`."""
    return wire.Draw(
        number=number,
        prompt=task.prompt,
        subject=task.subject,
        styles=task.styles,
        width=task.width,
        height=task.height,
        keep_size=task.keep_size,
        steps=task.steps,
        guidance=task.guidance,
        subject_size=task.subject_size,
        seed=task.seed,
        variation_seed=task.variation.seed if task.variation is not None else None,
        variation_strength=task.variation.strength if task.variation is not None else 0.0,
        preview_every=task.preview_every,
        upscale_of=task.upscale_of,
    )


def memory_of(message: wire.Memory) -> EngineMemory:
    """What it takes of the memory."""
    return EngineMemory(message.used_bytes, message.reserved_bytes, message.total_bytes)


def info_of(message: wire.Ready) -> EngineInfo:
    """What is loaded."""
    return EngineInfo(
        label=message.label,
        revision=message.revision,
        is_toy=message.is_toy,
        device=message.device,
        profile=message.profile,
        native_side_px=message.native_side_px,
        upscaler=UpscalerInfo(message.upscaler_label, message.upscaler_revision),
    )


def ending_of(outcome: wire.Outcome) -> PictureDone | Exception:
    """How the run ended."""
    match outcome:
        case wire.Drawn():
            return PictureDone(outcome.width, outcome.height, outcome.rgb, outcome.duration_s, outcome.shrunk_to)
        case wire.Refused():
            return EngineRefused(outcome.sentence)
        case wire.MemoryFull():
            return EngineOutOfMemory(outcome.detail)
        case wire.Failed():
            return EngineFailed(outcome.trace)
        case wire.Stopped():
            return TaskStopped("stopped")
        case _:
            assert_never(outcome)
