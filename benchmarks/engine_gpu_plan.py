"""What the full-size benchmark measures: set-ups of the engine, and which of them a device can do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

CAP_BYTES: Final = 45 << 29
"""22.5 GiB, which a card of 24 GB has left beside its screen."""
MAIN_CASE: Final = "content + 1 style"
_FP8: Final = (8, 9)
_AMPERE: Final = (8, 0)
_WITHOUT_CARD: Final = ("cpu", "bf16", "int8")


@dataclass(frozen=True, slots=True)
class Setup:
    """One way to run the model. `profile` is one of `uso.profiles`, or says "published"."""

    title: str
    profile: str
    is_compiled: bool = True
    is_merged: bool = True
    is_capped: bool = True
    is_offloaded: bool = False

    @property
    def is_published(self) -> bool:
        """Whether it is the published code."""
        return self.profile == "published"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything. `backend` is torch.compile's; `sizes` are those of the soak, in pixels."""

    side_px: int
    steps: int
    repeats: int
    soak: int
    backend: str
    sizes: tuple[tuple[int, int], ...]
    main_case: str = MAIN_CASE

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The inverse of `as_json`."""
        read = json.loads(text)
        return cls(**{**read, "sizes": tuple((width, height) for width, height in read["sizes"])})

    def as_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))


QUALITY: Final = "quality (fp8)"
BF16: Final = "bf16"
PUBLISHED: Final = "published code, bf16, all on the card, no cap"
SETUPS: Final = (
    Setup(QUALITY, "quality"),
    Setup("quality (fp8), eager", "quality", is_compiled=False),
    Setup("fast (fp8, first-block cache)", "fast"),
    Setup("int8", "int8"),
    Setup("int8, eager", "int8", is_compiled=False),
    Setup(BF16, "bf16", is_capped=False),
    Setup("bf16, eager", "bf16", is_compiled=False, is_capped=False),
    Setup("bf16, LoRA unmerged", "bf16", is_merged=False, is_capped=False),
    Setup("low-memory (int8, offloaded)", "low-memory", is_compiled=False),
    Setup("cpu (float32)", "cpu", is_compiled=False),
    Setup(PUBLISHED, "published", is_compiled=False, is_capped=False),
    Setup("published code, offloaded, under the cap", "published", is_compiled=False, is_offloaded=True),
)


def reason_to_skip(setup: Setup, capability: tuple[int, int] | None, total_bytes: int, *, has_peer: bool) -> str | None:
    """Why a set-up cannot be measured on this device (`capability` None without a card); None if it can."""
    if setup.is_published and not has_peer:
        return "no checkout of the published code was given (`--peer DIR`)"
    if capability is None:
        needs_card = setup.is_offloaded or not (setup.is_published or setup.profile in _WITHOUT_CARD)
        return "needs a CUDA card" if needs_card else None
    if setup.profile == "cpu":
        return "is for machines without a card"
    least = _FP8 if setup.profile in ("quality", "fast") else _AMPERE
    if capability < least:
        return f"needs compute capability {least[0]}.{least[1]}"
    if not setup.is_capped and total_bytes < 42_000_000_000:
        return "needs a card of 42 GB"
    return None
