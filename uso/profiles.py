"""Precision profiles: how the model is held and run, chosen from what the card is (no torch here)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from uso.errors import ProfileError, ProfileProblem

AUTO: Final = "auto"


class ProfileName(StrEnum):
    """What `[engine] profile` may say beside `auto`."""

    QUALITY = "quality"
    FAST = "fast"
    BF16 = "bf16"
    INT8 = "int8"
    LOW_MEMORY = "low-memory"
    CPU = "cpu"


class Quantization(StrEnum):
    """The arithmetic of the transformer's blocks; both scale each row of weights and of activations by itself."""

    NONE = "none"
    FP8 = "fp8"
    INT8 = "int8"


@dataclass(frozen=True, slots=True)
class Profile:
    """How to hold and run the model.

    `dtype` is the number format of all that is not quantized. With `is_t5_8bit` T5's weights are held in 8 bits and
    multiplied in `dtype`. With `is_offloaded` blocks wait in the machine's memory and come to the card one by one.
    A block cache skips the rest of a step whose first block changed by less than the threshold since the last full
    step; 0.08 is what the field uses for FLUX.1-dev.
    """

    name: ProfileName
    dtype: Literal["float32", "bfloat16"] = "bfloat16"
    quantization: Quantization = Quantization.NONE
    is_t5_8bit: bool = False
    is_compiled: bool = False
    is_offloaded: bool = False
    block_cache_threshold: float | None = None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A CUDA card as torch tells it; `free_bytes` before anything of ours is on it."""

    name: str
    capability: tuple[int, int]
    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What a profile needs of a card: a compute capability, and free memory for weights and work at 1024x1024."""

    capability: tuple[int, int]
    free_bytes: int


_QUALITY: Final = Profile(ProfileName.QUALITY, quantization=Quantization.FP8, is_t5_8bit=True, is_compiled=True)
PROFILES: Final[Mapping[ProfileName, Profile]] = {
    ProfileName.QUALITY: _QUALITY,
    ProfileName.FAST: replace(_QUALITY, name=ProfileName.FAST, block_cache_threshold=0.08),
    ProfileName.BF16: Profile(ProfileName.BF16, is_compiled=True),
    ProfileName.INT8: replace(_QUALITY, name=ProfileName.INT8, quantization=Quantization.INT8),
    ProfileName.LOW_MEMORY: Profile(
        ProfileName.LOW_MEMORY, quantization=Quantization.INT8, is_t5_8bit=True, is_offloaded=True
    ),
    ProfileName.CPU: Profile(ProfileName.CPU, dtype="float32"),
}

_AMPERE: Final = (8, 0)
_FP8_ARITHMETIC: Final = (8, 9)
_EIGHT_BIT_BYTES: Final = 22_000_000_000
DEMANDS: Final[Mapping[ProfileName, Demand]] = {
    ProfileName.QUALITY: Demand(_FP8_ARITHMETIC, _EIGHT_BIT_BYTES),
    ProfileName.FAST: Demand(_FP8_ARITHMETIC, _EIGHT_BIT_BYTES),
    ProfileName.BF16: Demand(_AMPERE, 39_000_000_000),
    ProfileName.INT8: Demand(_AMPERE, _EIGHT_BIT_BYTES),
    ProfileName.LOW_MEMORY: Demand(_AMPERE, 10_000_000_000),
}
"""Of the full-size model: 18 GB resident at 8 bits and 3 to 4 for the work, 35 GB at 16 bits."""

# Fp8 first, even where 16 bits would fit: it is 1.5 times as fast, and the pictures hardly differ.
_PREFERENCE: Final = (ProfileName.QUALITY, ProfileName.BF16, ProfileName.INT8, ProfileName.LOW_MEMORY)
_WITHOUT_CARD: Final = (ProfileName.CPU, ProfileName.BF16, ProfileName.INT8)


def choose(wish: str, card: CardFacts | None, *, is_toy: bool = False) -> Profile:
    """Choose the profile for a card, or (None) for the processor; `wish` is `auto` or a `ProfileName`.

    The toy model fits everywhere and is not worth compiling. Raises `ProfileError` for a wish that cannot be met, and
    for a card that meets no profile's demand.
    """
    if wish == AUTO:
        if card is None:
            return PROFILES[ProfileName.CPU]
        return _plain(PROFILES[ProfileName.BF16]) if is_toy else PROFILES[_best(card)]
    try:
        name = ProfileName(wish)
    except ValueError:
        known = ", ".join([AUTO, *ProfileName])
        raise ProfileError(
            ProfileProblem.UNKNOWN, wish, f"There is no profile {wish!r}; choose from {known}."
        ) from None
    if card is None:
        return _for_processor(name)
    if name is ProfileName.CPU:
        raise ProfileError(
            ProfileProblem.WRONG_DEVICE, name, 'The profile cpu uses no card; set device = "cpu" or another profile.'
        )
    if (problem := _unmet(name, card, is_toy=is_toy)) is not None:
        raise problem
    return PROFILES[name]


def _for_processor(name: ProfileName) -> Profile:
    if name not in _WITHOUT_CARD:
        raise ProfileError(
            ProfileProblem.WRONG_DEVICE, name, f"The profile {name} needs a CUDA card, and none is in use here."
        )
    profile = _plain(PROFILES[name])
    return replace(profile, dtype="float32") if name is ProfileName.INT8 else profile


def _plain(profile: Profile) -> Profile:
    return replace(profile, is_compiled=False)


def _best(card: CardFacts) -> ProfileName:
    for name in _PREFERENCE:
        if _unmet(name, card) is None:
            return name
    least = _unmet(ProfileName.LOW_MEMORY, card)
    assert least is not None
    raise least


def _unmet(name: ProfileName, card: CardFacts, *, is_toy: bool = False) -> ProfileError | None:
    """What keeps a card from running a profile."""
    demand = DEMANDS[name]
    if card.capability < demand.capability:
        sentence = (
            f"The profile {name} needs a card of compute capability {_dotted(demand.capability)} or newer; "
            f"{card.name} has {_dotted(card.capability)}."
        )
        return ProfileError(ProfileProblem.CAPABILITY, name, sentence)
    if card.free_bytes < demand.free_bytes and not is_toy:
        sentence = (
            f"The profile {name} needs {demand.free_bytes / 1e9:.0f} GB of free memory on the card; {card.name} has "
            f"{card.free_bytes / 1e9:.1f} GB free of {card.total_bytes / 1e9:.1f} GB."
        )
        return ProfileError(ProfileProblem.MEMORY, name, sentence)
    return None


def _dotted(capability: tuple[int, int]) -> str:
    return f"{capability[0]}.{capability[1]}"
