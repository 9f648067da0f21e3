"""Which profile a card gets, and what is refused."""

from __future__ import annotations

import pickle

import pytest

from uso.errors import ProfileError, ProfileProblem
from uso.profiles import AUTO, DEMANDS, PROFILES, CardFacts, Profile, ProfileName, Quantization, choose

GB = 1_000_000_000


def card(name: str, capability: tuple[int, int], total_gb: float, free_gb: float | None = None) -> CardFacts:
    return CardFacts(name, capability, int(total_gb * GB), int((total_gb if free_gb is None else free_gb) * GB))


RTX_4090 = card("RTX 4090", (8, 9), 25.4, 25.0)
RTX_3090 = card("RTX 3090", (8, 6), 25.4, 25.0)
T4 = card("T4", (7, 5), 15.8)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (RTX_4090, "quality"),
        (card("L4", (8, 9), 24.1, 23.7), "quality"),
        (card("RTX 5090", (12, 0), 34.2), "quality"),
        (card("H100", (9, 0), 85.0), "quality"),
        (card("A100 80 GB", (8, 0), 85.0), "bf16"),
        (card("A100 40 GB", (8, 0), 42.4, 41.9), "bf16"),
        (card("A100 40 GB, half in use", (8, 0), 42.4, 25.0), "int8"),
        (RTX_3090, "int8"),
        (card("A10", (8, 6), 24.1, 23.7), "int8"),
        (card("RTX 4090, a game runs", (8, 9), 25.4, 19.0), "low-memory"),
        (card("RTX 4080", (8, 9), 17.2, 16.5), "low-memory"),
        (card("RTX 3060", (8, 6), 12.9, 12.3), "low-memory"),
        (None, "cpu"),
    ],
    ids=lambda value: value.name if isinstance(value, CardFacts) else None,
)
def test_auto_goes_by_the_card_and_its_free_memory(facts: CardFacts | None, name: str) -> None:
    assert choose(AUTO, facts) == PROFILES[ProfileName(name)]


@pytest.mark.parametrize(
    ("wish", "facts", "problem", "said"),
    [
        ("quality", RTX_3090, ProfileProblem.CAPABILITY, "compute capability 8.9 or newer; RTX 3090 has 8.6"),
        ("fast", RTX_3090, ProfileProblem.CAPABILITY, "The profile fast needs"),
        ("bf16", RTX_4090, ProfileProblem.MEMORY, "39 GB of free memory on the card; RTX 4090 has 25.0 GB free"),
        ("int8", card("RTX 4080", (8, 9), 17.2, 16.5), ProfileProblem.MEMORY, "has 16.5 GB free of 17.2 GB"),
        ("low-memory", card("RTX 4060", (8, 9), 8.5), ProfileProblem.MEMORY, "needs 10 GB"),
        ("low-memory", T4, ProfileProblem.CAPABILITY, "8.0 or newer; T4 has 7.5"),
        (AUTO, T4, ProfileProblem.CAPABILITY, "T4 has 7.5"),
        (AUTO, card("RTX 4060", (8, 9), 8.5), ProfileProblem.MEMORY, "low-memory needs 10 GB"),
        ("cpu", RTX_4090, ProfileProblem.WRONG_DEVICE, 'device = "cpu"'),
        ("quality", None, ProfileProblem.WRONG_DEVICE, "needs a CUDA card"),
        ("fast", None, ProfileProblem.WRONG_DEVICE, "needs a CUDA card"),
        ("low-memory", None, ProfileProblem.WRONG_DEVICE, "needs a CUDA card"),
        ("turbo", None, ProfileProblem.UNKNOWN, "auto, quality, fast, bf16, int8, low-memory, cpu"),
    ],
)
def test_what_can_not_be_had_is_refused_in_one_sentence(
    wish: str, facts: CardFacts | None, problem: ProfileProblem, said: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        choose(wish, facts)
    assert caught.value.problem is problem
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("name", list(DEMANDS))
def test_a_demand_is_met_by_just_enough(name: ProfileName) -> None:
    demand = DEMANDS[name]
    assert choose(name, CardFacts("card", demand.capability, demand.free_bytes, demand.free_bytes)) == PROFILES[name]
    with pytest.raises(ProfileError):
        choose(name, CardFacts("card", demand.capability, demand.free_bytes, demand.free_bytes - 1))


def test_a_toy_fits_everywhere() -> None:
    assert choose(AUTO, card("old", (6, 1), 2.0), is_toy=True) == Profile(ProfileName.BF16)
    assert choose("quality", card("small", (8, 9), 4.0), is_toy=True) == PROFILES[ProfileName.QUALITY]


def test_a_processor_compiles_nothing() -> None:
    assert choose("bf16", None) == Profile(ProfileName.BF16)
    assert choose("int8", None) == Profile(
        ProfileName.INT8, dtype="float32", quantization=Quantization.INT8, is_t5_8bit=True
    )


def test_fast_is_quality_with_the_cache() -> None:
    quality, fast = PROFILES[ProfileName.QUALITY], PROFILES[ProfileName.FAST]
    assert (quality.block_cache_threshold, fast.block_cache_threshold) == (None, 0.08)
    assert quality.quantization is fast.quantization is Quantization.FP8
    assert (quality.is_compiled, fast.is_compiled, quality.is_offloaded) == (True, True, False)
