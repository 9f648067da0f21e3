"""Small stand-ins for libraries that the published USO code imports and this project does without.

Each is used only where the real one is not installed, does exactly what the published code asks of it, and refuses
everything else. The report of a benchmark names those that were in use.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType
from typing import Final

import numpy as np
import torch
from PIL import Image
from torch import Tensor

_GROUP: Final = re.compile(r"\(([^)]*)\)|(\S+)")


def install() -> tuple[str, ...]:
    """Put the stand-ins that are needed into place; returns a sentence about each."""
    sentences = []
    if importlib.util.find_spec("einops") is None:
        sys.modules["einops"] = _module("einops", rearrange=rearrange, repeat=repeat)
        sentences.append("einops is not installed: its rearrange and repeat are views and permutations of torch here.")
    if importlib.util.find_spec("torchvision") is None:
        functional = _module("torchvision.transforms.functional", to_tensor=to_tensor)
        transforms = _module("torchvision.transforms", functional=functional)
        sys.modules["torchvision"] = _module("torchvision", transforms=transforms)
        sys.modules["torchvision.transforms"] = transforms
        sys.modules["torchvision.transforms.functional"] = functional
        sentences.append("torchvision is not installed: its to_tensor is a few lines of torch here.")
    return tuple(sentences)


def _module(name: str, **content: object) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(content)
    return module


def rearrange(tensor: Tensor, pattern: str, **sizes: int) -> Tensor:
    """Do as `einops.rearrange` does for patterns of names and one level of groups."""
    left, right = (_groups(side) for side in pattern.split("->"))
    known = dict(sizes)
    for group, size in zip(left, tensor.shape, strict=True):
        _settle(group, size, known)
    names = [name for group in left for name in group]
    order = [name for group in right for name in group]
    if sorted(names) != sorted(order):
        raise NotImplementedError(pattern)
    apart = tensor.reshape([known[name] for name in names])
    return apart.permute([names.index(name) for name in order]).reshape([_product(group, known) for group in right])


def repeat(tensor: Tensor, pattern: str, **sizes: int) -> Tensor:
    """Do as `einops.repeat` does for a new axis before all others; sizes other than 1 are refused."""
    if pattern.replace(" ", "") != "hwc->b(hw)c" or set(sizes.values()) != {1}:
        raise NotImplementedError(pattern)
    return tensor.flatten(0, 1)[None]


def to_tensor(picture: Image.Image) -> Tensor:
    """Do as torchvision's `to_tensor` does for 8-bit pictures: channels first, from 0 to 1."""
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1).float().div(255)


@lru_cache
def _groups(side: str) -> list[list[str]]:
    found = [(match[1] if match[1] is not None else match[2]).split() for match in _GROUP.finditer(side)]
    # An axis of length 1 is written as 1; it is a group of nothing.
    return [[name for name in group if name != "1"] for group in found]


def _settle(group: Sequence[str], size: int, known: dict[str, int]) -> None:
    """Find the one size of a group that is not given."""
    unknown = [name for name in group if name not in known]
    if len(unknown) > 1:
        raise NotImplementedError(f"sizes of {unknown}")
    for name in unknown:
        known[name] = size // _product([other for other in group if other != name], known)


def _product(group: Sequence[str], known: dict[str, int]) -> int:
    product = 1
    for name in group:
        product *= known[name]
    return product
