"""The files a person needs: where each is published, under which licence, and where it goes (no torch here)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

FLUX_REPO = "black-forest-labs/FLUX.1-dev"
USO_REPO = "bytedance-research/USO"
T5_REPO = "XLabs-AI/xflux_text_encoders"
CLIP_REPO = "openai/clip-vit-large-patch14"
SIGLIP_REPO = "google/siglip-so400m-patch14-384"
UPSCALER_REPO = "caidas/swin2SR-classical-sr-x2-64"


class Licence(Enum):
    """The licences of the published weights."""

    FLUX_DEV = "FLUX.1 [dev] Non-Commercial License"
    APACHE_2 = "Apache-2.0"
    MIT = "MIT"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file on the hub and its place (POSIX) below the weights folder.

    `size_bytes` is None where the exact size is not publicly documented; the hub tells it before a download. A file
    that is not `required` is left out when the hub does not have it: it, or its repository.
    """

    repo: str
    path: str
    local: str
    licence: Licence
    size_bytes: int | None = None
    gated: bool = False
    required: bool = True


def _flux(path: str, size_bytes: int) -> PublishedFile:
    return PublishedFile(FLUX_REPO, path, f"FLUX.1-dev/{path}", Licence.FLUX_DEV, size_bytes, gated=True)


def _uso(path: str) -> PublishedFile:
    return PublishedFile(USO_REPO, path, f"USO/{path}", Licence.APACHE_2)


def _t5(path: str, size_bytes: int | None = None, *, required: bool = True) -> PublishedFile:
    return PublishedFile(T5_REPO, path, f"t5-xxl/{path}", Licence.APACHE_2, size_bytes, required=required)


def _clip(path: str, size_bytes: int | None = None, *, required: bool = True) -> PublishedFile:
    return PublishedFile(CLIP_REPO, path, f"clip-vit-l14/{path}", Licence.MIT, size_bytes, required=required)


def _siglip(path: str, size_bytes: int | None = None) -> PublishedFile:
    return PublishedFile(SIGLIP_REPO, path, f"siglip/{path}", Licence.APACHE_2, size_bytes)


def _upscaler(path: str, size_bytes: int | None = None) -> PublishedFile:
    return PublishedFile(UPSCALER_REPO, path, f"upscaler/{path}", Licence.APACHE_2, size_bytes, required=False)


PUBLISHED_FILES = (
    _flux("flux1-dev.safetensors", 23_802_932_552),
    _flux("ae.safetensors", 335_304_388),
    _uso("uso_flux_v1.0/dit_lora.safetensors"),
    _uso("uso_flux_v1.0/projector.safetensors"),
    _t5("config.json"),
    _t5("model.safetensors.index.json"),
    _t5("model-00001-of-00002.safetensors"),
    _t5("model-00002-of-00002.safetensors"),
    _t5("spiece.model", 791_656),
    _t5("tokenizer_config.json"),
    _t5("special_tokens_map.json", required=False),
    _clip("config.json", 4_519),
    _clip("model.safetensors", 1_710_540_580),
    _clip("vocab.json"),
    _clip("merges.txt", 524_619),
    _clip("tokenizer_config.json"),
    _clip("special_tokens_map.json", required=False),
    _siglip("config.json", 576),
    _siglip("model.safetensors", 3_511_950_624),
    _siglip("preprocessor_config.json", 368),
    _upscaler("config.json", 772),
    _upscaler("model.safetensors"),
)
"""Everything the published layout consists of, in the order it is downloaded in: about 40 GB."""
