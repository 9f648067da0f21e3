"""The published USO code, run from a checkout that somebody gives by path; it is never part of this repository.

Nothing here may import this project's `uso`: the published package has the same name, so an arm that runs it has a
process of its own.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import SiglipImageProcessorPil, SiglipVisionModel

from benchmarks import published_stand_ins
from benchmarks.engine_cases import Case

MODEL: Final = "flux-dev"
# Written into the published classes; a toy model's sizes take their place.
_SINGLE_BLOCK_WIDTH: Final = 15360
_FITTED: Final = (
    "The sizes written into the published classes (rank and widths of the LoRA, style tokens) are the toy model's.",
    "All is float32 as the other arms are; noise and content latents keep the bfloat16 rounding of the published code.",
    "The content's latent is the mean of the posterior, which the published code samples without a seed.",
    "Style pictures are prepared by transformers' processor that does without torchvision.",
)


Importer = Callable[[str], Any]


def find_checkout(folder: Path) -> Path:
    """Check that a folder holds the published code; raises `ValueError`."""
    if not (folder / "uso" / "flux" / "pipeline.py").is_file():
        raise ValueError(f"{folder} is no checkout of bytedance/USO: uso/flux/pipeline.py is not there.")
    return folder.absolute()


def import_published(checkout: Path) -> tuple[Importer, tuple[str, ...]]:
    """Make the published modules importable; returns their importer and what stands in for missing libraries."""
    if "uso" in sys.modules:
        raise RuntimeError("this project's uso is loaded already; the published one needs a process of its own")
    stand_ins = published_stand_ins.install()
    # The published package has no __init__.py; given by hand it wins over this project's package of the same name.
    package = ModuleType("uso")
    package.__path__ = [str(checkout / "uso")]
    sys.modules["uso"] = package
    return (lambda name: importlib.import_module(f"uso.flux.{name}")), stand_ins


class WatchedPublished:
    """What a watch needs of the published pipeline, and how to draw with it."""

    departures: tuple[str, ...]
    _pipelines: Any
    _pipeline: Any
    _processor: Any

    @property
    def encoders(self) -> dict[str, nn.Module]:
        """What encodes, by the names that the other arms use."""
        pipeline = self._pipeline
        return {
            "text_encoder": pipeline.clip,
            "text_encoder_2": pipeline.t5,
            "image_encoder": pipeline.model.vision_encoder,
            "style_projector": pipeline.model.feature_embedder,
            "vae": pipeline.ae.encoder,
        }

    @property
    def transformer(self) -> nn.Module:
        model: nn.Module = self._pipeline.model
        return model

    @property
    def decoder(self) -> nn.Module:
        decoder: nn.Module = self._pipeline.ae.decoder
        return decoder

    def draw(self, case: Case) -> None:
        """Draw one picture as the published `inference.py` does."""
        content = case.content()
        with torch.no_grad():
            styles = [
                self._processor(style, return_tensors="pt").to(self._pipeline.device) for style in case.style_pictures()
            ]
        self._pipeline(
            prompt=case.prompt,
            width=case.width,
            height=case.height,
            guidance=case.guidance,
            num_steps=case.steps,
            seed=case.seed,
            ref_imgs=[self._pipelines.preprocess_ref(content, case.content_px)] if content is not None else [],
            siglip_inputs=styles,
        )

    def compile_blocks(self) -> bool:
        """The published code compiles nothing."""
        return False


class Published(WatchedPublished):
    """The published pipeline over a weights folder of toy size, on the CPU in float32."""

    def __init__(self, checkout: Path, weights: Path) -> None:
        published, stand_ins = import_published(checkout)
        self.departures = (*stand_ins, *_FITTED)
        self._pipelines = published("pipeline")
        sizes = json.loads((weights / "config.json").read_text(encoding="utf-8"))
        fit_classes(published, sizes, weights)
        _keep_float32(published, weights)
        self._pipeline = self._pipelines.USOPipeline(
            MODEL, torch.device("cpu"), only_lora=True, lora_rank=sizes["lora_rank"], hf_download=False
        )
        self._pipeline.ae.reg.sample = False
        self._pipeline.model.vision_encoder = SiglipVisionModel.from_pretrained(weights / "siglip").eval()
        self._processor = style_processor(weights)


def fit_classes(published: Importer, sizes: dict[str, Any], weights: Path) -> None:
    """Give the published classes another model's sizes, and the places of its files."""
    models, layers, util = (published(name) for name in ("model", "modules.layers", "util"))
    flux, autoencoder = sizes["flux"], published("modules.autoencoder")
    lora_layer = layers.LoRALinearLayer

    def fitted(in_features: int, *rest: Any, **settings: Any) -> Any:
        width = 5 * flux["hidden_size"] if in_features == _SINGLE_BLOCK_WIDTH else in_features
        return lora_layer(width, *rest, **settings)

    layers.LoRALinearLayer = fitted
    projector = models.SigLIPMultiFeatProjModel
    models.SigLIPMultiFeatProjModel = lambda **settings: projector(**{**settings, **sizes["projector"]})
    util.configs[MODEL] = util.ModelSpec(
        params=models.FluxParams(**flux),
        ae_params=autoencoder.AutoEncoderParams(resolution=256, in_channels=3, out_ch=3, **sizes["ae"]),
        ckpt_path=str(weights / "FLUX.1-dev" / "flux1-dev.safetensors"),
        ae_path=str(weights / "FLUX.1-dev" / "ae.safetensors"),
        **dict.fromkeys(("repo_id", "repo_flow", "repo_ae", "repo_id_ae")),
    )
    uso = weights / "USO" / "uso_flux_v1.0"
    os.environ["LORA"] = str(uso / "dit_lora.safetensors")
    os.environ["PROJECTION_MODEL"] = str(uso / "projector.safetensors")


def _keep_float32(published: Importer, weights: Path) -> None:
    """Keep the encoders in float32 and round only what the published code rounds on its way."""
    pipelines, embedder = published("pipeline"), published("modules.conditioner").HFEmbedder
    get_noise, prepare = pipelines.get_noise, pipelines.prepare_multi_ip

    def load(name: str, max_length: int) -> Callable[..., Any]:
        return lambda *_, **__: embedder(str(weights / name), max_length, torch_dtype=torch.float32)

    def prepare_float32(*, ref_imgs: list[Tensor], **rest: Any) -> Any:
        return prepare(ref_imgs=[latent.float() for latent in ref_imgs], **rest)

    pipelines.load_t5, pipelines.load_clip = load("t5-xxl", 512), load("clip-vit-l14", 77)
    pipelines.get_noise = lambda *rest, **settings: get_noise(*rest, **settings).float()
    pipelines.prepare_multi_ip = prepare_float32


def style_processor(folder: Path) -> Any:
    """SigLIP's preparation of pictures, by the class that does without torchvision."""
    settings = json.loads((folder / "siglip" / "preprocessor_config.json").read_text(encoding="utf-8"))
    settings.pop("image_processor_type", None)
    return SiglipImageProcessorPil(**settings)
