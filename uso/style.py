"""Style pictures: SigLIP features projected to text-side tokens, and their way into FLUX's transformer."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

STYLE_TOKENS_PER_LEVEL = 64
# SigLIP's hidden states that are projected, and the order of their tokens (published `SigLIPMultiFeatProjModel`).
HIGH_LEVEL, MID_LEVEL, LOW_LEVEL = -2, -11, -20


class _FeatureEmbedder(nn.Module):
    """The projector's parameters under their published names: per level a mix over tokens, a norm, a projection."""

    def __init__(self, siglip_tokens: int, style_tokens: int, siglip_width: int, hidden_size: int) -> None:
        super().__init__()
        for level in ("high", "mid", "low"):
            self.add_module(
                f"{level}_embedding_linear", nn.Sequential(nn.Linear(siglip_tokens, style_tokens), nn.SiLU())
            )
            self.add_module(f"{level}_layer_norm", nn.LayerNorm(siglip_width))
            self.add_module(f"{level}_projection", nn.Linear(siglip_width, hidden_size))

    def project(self, level: str, features: Tensor) -> Tensor:
        mixed = self.get_submodule(f"{level}_embedding_linear")(features.transpose(1, 2)).transpose(1, 2)
        normed = self.get_submodule(f"{level}_layer_norm")(mixed)
        projected: Tensor = self.get_submodule(f"{level}_projection")(normed)
        return projected


class StyleProjector(nn.Module):
    """Projects three of SigLIP's hidden states to style tokens; state-dict names are `projector.safetensors`' own."""

    def __init__(self, *, siglip_tokens: int, style_tokens: int, siglip_width: int, hidden_size: int) -> None:
        super().__init__()
        self.feature_embedder = _FeatureEmbedder(siglip_tokens, style_tokens, siglip_width, hidden_size)

    @property
    def dtype(self) -> torch.dtype:
        return next(self.parameters()).dtype

    def forward(self, hidden_states: tuple[Tensor, ...]) -> Tensor:
        """Return the tokens of one picture, shape (batch, 3 * style tokens, hidden size): high, mid, low."""
        levels = (("high", HIGH_LEVEL), ("mid", MID_LEVEL), ("low", LOW_LEVEL))
        return torch.cat(
            [self.feature_embedder.project(name, hidden_states[index].to(self.dtype)) for name, index in levels],
            dim=1,
        )


class StyledText(NamedTuple):
    """What the transformer gets as `encoder_hidden_states`: text yet to be embedded, style tokens that already are."""

    style_tokens: Tensor
    text_embeddings: Tensor


class StyledContextEmbedder(nn.Linear):
    """FLUX's `context_embedder`, which puts style tokens before the text it embeds; plain text passes as ever."""

    def forward(self, context: Tensor | StyledText) -> Tensor:
        if isinstance(context, Tensor):
            return super().forward(context)
        text = super().forward(context.text_embeddings)
        return torch.cat((context.style_tokens, text), dim=1)


def accept_style_tokens(transformer: nn.Module) -> None:
    """Give a FLUX transformer the embedder that takes `StyledText`, sharing the weights it has; safe to repeat."""
    embedder = transformer.get_submodule("context_embedder")
    if isinstance(embedder, StyledContextEmbedder):
        return
    assert isinstance(embedder, nn.Linear)
    styled = StyledContextEmbedder(embedder.in_features, embedder.out_features, device="meta")
    styled.weight, styled.bias = embedder.weight, embedder.bias
    transformer.set_submodule("context_embedder", styled)
