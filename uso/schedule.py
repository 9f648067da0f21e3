"""USO's noise schedule on diffusers' flow-matching Euler scheduler."""

from __future__ import annotations

from diffusers import FlowMatchEulerDiscreteScheduler

_BASE_SEQUENCE_LENGTH, _BASE_SHIFT = 256, 0.5
_MAX_SEQUENCE_LENGTH, _MAX_SHIFT = 4096, 1.15


def schedule_sequence_length(width: int, height: int) -> int:
    """Tell the sequence length USO's shift is computed at: 64 at 1024x1024, where FLUX itself would say 4096.

    Published `USOPipeline.forward` divides the latent area by 16 * 16 instead of the patch's 2 * 2; the model was
    trained and published that way, so it is kept.
    """
    return (width // 8) * (height // 8) // 256


def schedule_mu(width: int, height: int) -> float:
    """Tell the shift's exponent, on the line through (256, 0.5) and (4096, 1.15) (published `get_lin_function`)."""
    slope = (_MAX_SHIFT - _BASE_SHIFT) / (_MAX_SEQUENCE_LENGTH - _BASE_SEQUENCE_LENGTH)
    return slope * schedule_sequence_length(width, height) + _BASE_SHIFT - slope * _BASE_SEQUENCE_LENGTH


def build_scheduler() -> FlowMatchEulerDiscreteScheduler:
    """Build the scheduler with FLUX.1-dev's settings; USO's own shift enters through `set_sigmas`."""
    return FlowMatchEulerDiscreteScheduler(
        num_train_timesteps=1000,
        shift=3.0,
        use_dynamic_shifting=True,
        base_shift=_BASE_SHIFT,
        max_shift=_MAX_SHIFT,
        base_image_seq_len=_BASE_SEQUENCE_LENGTH,
        max_image_seq_len=_MAX_SEQUENCE_LENGTH,
    )


def set_sigmas(scheduler: FlowMatchEulerDiscreteScheduler, steps: int, width: int, height: int) -> list[float]:
    """Set the scheduler up for one picture and return its steps + 1 sigmas, from 1 down to 0."""
    unshifted = [1.0 - step / steps for step in range(steps)]
    scheduler.set_timesteps(sigmas=unshifted, mu=schedule_mu(width, height), device="cpu")
    scheduler.set_begin_index(0)
    sigmas: list[float] = scheduler.sigmas.tolist()
    return sigmas
