"""What stands in for missing libraries does as they do; a folder that is no checkout is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks.published import find_checkout
from benchmarks.published_stand_ins import rearrange, repeat, to_tensor


def test_heads_are_taken_apart_and_put_together() -> None:
    tensor = torch.arange(2 * 5 * 24).reshape(2, 5, 24)
    apart = rearrange(tensor, "B L (K H D) -> K B H L D", K=3, H=4)
    assert torch.equal(apart, tensor.reshape(2, 5, 3, 4, 2).permute(2, 0, 3, 1, 4))
    assert torch.equal(rearrange(apart[0], "B H L D -> B L (H D)"), tensor[..., :8])


def test_patches_are_packed_and_unpacked() -> None:
    latents = torch.randn(1, 16, 6, 4)
    packed = rearrange(latents, "b c (h ph) (w pw) -> b (h w) (c ph pw)", ph=2, pw=2)
    assert packed.shape == (1, 6, 64)
    assert torch.equal(packed[0, 1], latents[0, :, 0:2, 2:4].reshape(64))
    assert torch.equal(rearrange(packed, "b (h w) (c ph pw) -> b c (h ph) (w pw)", h=3, w=2, ph=2, pw=2), latents)


def test_an_axis_of_one_comes_and_goes() -> None:
    tensor = torch.randn(2, 8, 3, 5)
    flat = rearrange(tensor, "b c h w -> b 1 (h w) c")
    assert torch.equal(flat, tensor.flatten(2).transpose(1, 2)[:, None])
    assert torch.equal(rearrange(flat, "b 1 (h w) c -> b c h w", h=3, w=5, c=8, b=2), tensor)


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        rearrange(torch.zeros(2, 3), "a b -> a c")
    with pytest.raises(NotImplementedError):
        rearrange(torch.zeros(2, 6), "a (b c) -> a b c")
    with pytest.raises(NotImplementedError):
        repeat(torch.zeros(2, 3, 4), "h w c -> b (h w) c", b=2)


def test_ids_get_a_batch_of_one() -> None:
    ids = torch.randn(2, 3, 4)
    assert torch.equal(repeat(ids, "h w c -> b (h w) c", b=1), ids.reshape(1, 6, 4))


def test_a_picture_becomes_a_tensor_from_zero_to_one() -> None:
    picture = Image.fromarray(np.arange(24, dtype=np.uint8).reshape(2, 4, 3) * 10)
    tensor = to_tensor(picture)
    assert tensor.shape == (3, 2, 4)
    assert tensor[1, 0, 2].item() == pytest.approx(70 / 255)


def test_a_folder_without_the_published_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is no checkout of bytedance/USO: uso/flux/pipeline\.py is not there"):
        find_checkout(tmp_path)
