"""A real image classifier whose answer is known: it finds reddish pictures, by weights that are set by hand."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import ResNetConfig, ResNetForImageClassification

LABELS = ("normal", "NSFW")
_SIDE_PX = 32


def make_classifier(folder: Path, labels: tuple[str, ...] = LABELS) -> Path:
    """Save a classifier that calls what is more red than green the second label, the more surely the redder."""
    config = ResNetConfig(
        num_channels=3,
        embedding_size=4,
        hidden_sizes=[3],
        depths=[1],
        layer_type="basic",
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    model = ResNetForImageClassification(config).eval()
    _see_mean_colours(model)
    model.save_pretrained(folder, safe_serialization=True)
    preparation = {
        "do_normalize": True,
        "do_resize": True,
        "image_mean": [0.0, 0.0, 0.0],
        "image_std": [1.0, 1.0, 1.0],
        "rescale_factor": 1 / 255,
        "size": {"height": _SIDE_PX, "width": _SIDE_PX},
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation), encoding="utf-8")
    return folder


def _see_mean_colours(model: ResNetForImageClassification) -> None:
    """Let every layer hand the three colours on, so that the pooled features are their means."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                _hand_on(module)
            elif isinstance(module, torch.nn.BatchNorm2d):
                module.reset_parameters()  # to changing nothing
        linear = next(one for one in model.classifier if isinstance(one, torch.nn.Linear))
        linear.weight.zero_()
        linear.bias.zero_()
        linear.weight[1] = torch.tensor([10.0, -10.0, 0.0])  # red speaks for it, green against


def _hand_on(layer: torch.nn.Conv2d) -> None:
    layer.weight.zero_()
    middle = layer.kernel_size[0] // 2
    for channel in range(min(3, layer.in_channels, layer.out_channels)):
        layer.weight[channel, channel, middle, middle] = 1.0
