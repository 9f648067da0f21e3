"""Looks on while any of the arms draws: what ran how often, how long each stage took, and what came out.

All arms are watched by the same hooks on their modules, none is asked what it did.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one picture: before the first call of the transformer, from there to the decoder, and the rest."""

    encode_s: float
    denoise_s: float
    decode_s: float

    @property
    def total_s(self) -> float:
        """The whole picture."""
        return self.encode_s + self.denoise_s + self.decode_s


@dataclass(frozen=True)
class Drawn:
    """What was seen of one picture: `velocity` is the transformer's first answer, `decoded` what the decoder got."""

    times: Times
    calls: Mapping[str, int]
    velocity: Tensor
    decoded: Tensor


@dataclass
class _Seen:
    """What has been seen so far of the picture that is being drawn."""

    calls: Counter[str] = field(default_factory=Counter)
    begun: float | None = None
    stepped: float | None = None
    velocity: Tensor | None = None
    decoded: Tensor | None = None


class Watch:
    """Hooks on one model's parts; encoders by name. `clock` tells seconds of any kind."""

    def __init__(
        self,
        encoders: Mapping[str, nn.Module],
        transformer: nn.Module,
        decoder: nn.Module,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._clock = clock
        self._seen = _Seen()
        for name, module in encoders.items():
            module.register_forward_hook(self._counter(name))
        transformer.register_forward_pre_hook(self._before_step)
        transformer.register_forward_hook(self._after_step)
        decoder.register_forward_pre_hook(self._before_decoding)

    def look(self, draw: Callable[[], object]) -> Drawn:
        """Let one picture be drawn."""
        self._seen = seen = _Seen()
        started = self._now()
        draw()
        ended = self._now()
        assert seen.begun is not None
        assert seen.stepped is not None
        assert seen.velocity is not None
        assert seen.decoded is not None
        times = Times(seen.begun - started, seen.stepped - seen.begun, ended - seen.stepped)
        return Drawn(times, dict(seen.calls), seen.velocity, seen.decoded)

    def _counter(self, name: str) -> Callable[..., None]:
        def count(*_: object) -> None:
            self._seen.calls[name] += 1

        return count

    def _before_step(self, *_: object) -> None:
        if self._seen.begun is None:
            self._seen.begun = self._now()

    def _after_step(self, _module: nn.Module, _inputs: object, output: Any) -> None:
        self._seen.calls["transformer"] += 1
        if self._seen.velocity is None:
            self._seen.velocity = (output[0] if isinstance(output, tuple) else output).detach().clone()

    def _before_decoding(self, _module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if self._seen.stepped is None:
            self._seen.stepped = self._now()
            self._seen.decoded = inputs[0].detach().clone()

    def _now(self) -> float:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return self._clock()


def clock_of(device: torch.device) -> Callable[[], float]:
    """The clock for work on a device: a processor's own time, which whatever else the machine does disturbs less."""
    return time.process_time if device.type == "cpu" else time.perf_counter


def count_flops(work: Callable[[], object]) -> int:
    """Count the floating-point operations of all matrix products, convolutions and attentions (two a multiply-add)."""

    def attention(query: Any, key: Any, value: Any, *_: object, **__: object) -> int:
        return int(sdpa_flop_count(query, key, value))  # type: ignore[no-untyped-call]

    # torch's table has the kernels of cards only.
    on_cpu = {torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: attention}
    with FlopCounterMode(display=False, custom_mapping=on_cpu) as counter:
        work()
    return int(counter.get_total_flops())
