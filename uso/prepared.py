"""A request with everything that its steps need, and the function that each step asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from uso.conditioning import TextCondition
from uso.params import GenerationParams
from uso.positions import content_ids, grid_ids
from uso.style import StyledText


@dataclass(frozen=True)
class Prepared:
    """Everything a request needs before its first step; tokens are packed, positions (tokens, 3)."""

    params: GenerationParams
    noise: Tensor
    content: Tensor | None
    text: TextCondition
    style_tokens: Tensor | None
    image_ids: Tensor
    context_ids: Tensor


def image_ids(params: GenerationParams, content_size: tuple[int, int] | None) -> Tensor:
    """Number the target's tokens, and those of a subject picture of this encoded size behind them."""
    rows, columns = params.height // 16, params.width // 16
    target = grid_ids(rows, columns)
    if content_size is None:
        return target
    width, height = content_size
    beyond = content_ids(height // 16, width // 16, target_rows=rows, target_columns=columns)
    return torch.cat((target, beyond), dim=0)


def velocity_predictor(transformer: Any, prepared: Prepared, device: torch.device) -> Callable[[Tensor, float], Tensor]:
    """Put what stays the same on the device once; the result maps (tokens, sigma) to float32 velocity."""
    dtype = transformer.dtype
    content = prepared.content.to(device, dtype) if prepared.content is not None else None
    embeddings = prepared.text.embeddings.to(device, dtype)
    text: Tensor | StyledText = embeddings
    if prepared.style_tokens is not None:
        text = StyledText(prepared.style_tokens.to(device, dtype), embeddings)
    pooled = prepared.text.pooled.to(device, dtype)
    guidance = torch.full((1,), prepared.params.guidance, device=device, dtype=torch.float32)
    numbered_image, numbered_context = prepared.image_ids.to(device), prepared.context_ids.to(device)

    def predict(tokens: Tensor, sigma: float) -> Tensor:
        target = tokens.to(dtype)
        with transformer.cache_context("cond"):
            output: Tensor = transformer(
                hidden_states=target if content is None else torch.cat((target, content), dim=1),
                encoder_hidden_states=text,
                pooled_projections=pooled,
                timestep=torch.full((1,), sigma, device=device, dtype=torch.float32),
                guidance=guidance if transformer.config.guidance_embeds else None,
                img_ids=numbered_image,
                txt_ids=numbered_context,
                return_dict=False,
            )[0]
        return output[:, : tokens.shape[1]].float()

    return predict
