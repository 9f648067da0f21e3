"""Noise from seeds, variations between two seeds, and FLUX's packing."""

from __future__ import annotations

import pytest
import torch

from uso.latents import draw_noise, pack, slerp, starting_noise, unpack


def test_noise_depends_on_the_seed_alone() -> None:
    torch.manual_seed(0)
    first = draw_noise(5, 128, 96)
    torch.manual_seed(1)
    assert torch.equal(first, draw_noise(5, 128, 96))
    assert not torch.equal(first, draw_noise(6, 128, 96))
    assert first.shape == (1, 16, 12, 16)
    assert first.dtype is torch.bfloat16


def test_strength_0_is_the_base_noise_and_1_the_other() -> None:
    assert torch.equal(starting_noise(5, 128, 96, 9, 0.0), draw_noise(5, 128, 96))
    assert torch.equal(starting_noise(5, 128, 96, None, 0.0), draw_noise(5, 128, 96))
    whole = starting_noise(5, 128, 96, 9, 1.0)
    torch.testing.assert_close(whole, draw_noise(9, 128, 96))


@pytest.mark.parametrize("strength", [0.1, 0.35, 0.5, 0.9])
def test_variations_are_as_strong_as_noise_and_repeatable(strength: float) -> None:
    varied = starting_noise(5, 256, 256, 9, strength)
    ends = [draw_noise(seed, 256, 256).double() for seed in (5, 9)]
    norms = [end.norm() for end in ends]
    assert min(norms) * 0.99 <= varied.double().norm() <= max(norms) * 1.01
    assert torch.equal(varied, starting_noise(5, 256, 256, 9, strength))
    # The way is divided evenly: the angle to the start is the strength's share of the whole angle.
    share = _angle(ends[0], varied.double()) / _angle(*ends)
    assert share == pytest.approx(strength, abs=0.01)


def test_slerp_between_parallel_noises_is_linear() -> None:
    noise = draw_noise(5, 64, 64)
    torch.testing.assert_close(slerp(noise, noise, 0.3), noise)


def test_packing_is_undone_by_unpacking() -> None:
    latents = torch.arange(16 * 6 * 4, dtype=torch.float32).reshape(1, 16, 6, 4)
    tokens = pack(latents)
    assert tokens.shape == (1, 6, 64)
    assert tokens[0, 0, :4].tolist() == [0.0, 1.0, 4.0, 5.0]
    assert torch.equal(unpack(tokens, 6, 4), latents)


def _angle(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(torch.acos((a * b).sum() / (a.norm() * b.norm())))
