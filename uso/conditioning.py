"""What a request is conditioned on, each piece encoded once and kept in a bounded cache."""

from __future__ import annotations

import copy
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import diffusers
import PIL
import torch
import transformers
from PIL import Image
from torch import Tensor

from uso.disk_cache import DiskCache
from uso.latents import pack
from uso.preprocess import flatten

_T5_TOKENS = 512
_CLIP_TOKENS = 77
DEFAULT_CACHE_BYTES = 256 << 20
UNSAVED_REVISION = "unsaved"  # of a pipeline that was put together from parts


@dataclass(frozen=True)
class TextCondition:
    """A prompt as T5 sees it, (1, 512, width), and as CLIP sums it up, (1, width)."""

    embeddings: Tensor
    pooled: Tensor


class TensorCache:
    """Keeps the least recently used tensors on the CPU, never more than `max_bytes` of them."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self._entries: OrderedDict[tuple[str, ...], tuple[Tensor, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: tuple[str, ...], compute: Callable[[], tuple[Tensor, ...]]) -> tuple[Tensor, ...]:
        """Return the tensors kept under the key, or compute and keep them; too large an entry is not kept."""
        if (kept := self._entries.get(key)) is not None:
            self._entries.move_to_end(key)
            return kept
        computed = tuple(tensor.detach().cpu() for tensor in compute())
        size = _tensor_bytes(computed)
        if size <= self.max_bytes:
            while self.held_bytes + size > self.max_bytes:
                _, dropped = self._entries.popitem(last=False)
                self.held_bytes -= _tensor_bytes(dropped)
            self._entries[key] = computed
            self.held_bytes += size
        return computed

    def clear(self) -> None:
        """Forget everything, as when the model behind the tensors changes."""
        self._entries.clear()
        self.held_bytes = 0


def _tensor_bytes(tensors: tuple[Tensor, ...]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def pixels_to_tensor(picture: Image.Image) -> Tensor:
    """Turn an RGB picture into a float tensor (1, 3, height, width) in [-1, 1]."""
    flat = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    # Without the copy the tensor would be channels-last, and torch's CPU GroupNorm is up to one percent off on those.
    pixels = flat.reshape(1, picture.height, picture.width, 3).permute(0, 3, 1, 2).contiguous()
    return pixels.float().div(255).mul(2).sub(1)


def encode_text(pipeline: Any, prompt: str) -> TextCondition:
    """Run T5 (512 tokens, no attention mask) and CLIP (pooled) on a prompt, as published."""
    device = pipeline.work_device
    pipeline.tally.calls.update(("text_encoder", "text_encoder_2"))
    embeddings = pipeline.text_encoder_2(_token_ids(pipeline.tokenizer_2, prompt, _T5_TOKENS, device))
    pooled = pipeline.text_encoder(_token_ids(pipeline.tokenizer, prompt, _CLIP_TOKENS, device))
    return TextCondition(embeddings.last_hidden_state, pooled.pooler_output)


def encode_style(pipeline: Any, picture: Image.Image) -> Tensor:
    """Run SigLIP and the projector on a style picture; returns (1, 192, hidden size) at full size."""
    encoder = pipeline.image_encoder
    pipeline.tally.calls.update(("image_encoder", "style_projector"))
    inputs = pipeline.feature_extractor(images=flatten(picture), return_tensors="pt")
    features = encoder(inputs["pixel_values"].to(encoder.device, encoder.dtype), output_hidden_states=True)
    tokens: Tensor = pipeline.style_projector(features.hidden_states)
    return tokens


def recall(
    pipeline: Any, cache: TensorCache, name: str, compute: Callable[[], tuple[Tensor, ...]]
) -> tuple[Tensor, ...]:
    """Take what is kept under the name from memory, else from the pipeline's disk; or compute and keep it in both."""

    def from_disk() -> tuple[Tensor, ...]:
        disk: DiskCache | None = pipeline.disk_cache
        if disk is None or pipeline.model_revision == UNSAVED_REVISION:
            return compute()
        return disk.get(encoding_revision(pipeline), name, compute)

    return cache.get((pipeline.model_revision, name), from_disk)


def encoding_revision(pipeline: Any) -> str:
    """Name all that decides what the encoders make, to the last bit: weights, number formats, device and libraries."""
    device = pipeline.work_device
    if device.type == "cuda":
        place = torch.cuda.get_device_name(device)
    else:
        place = f"{torch.backends.cpu.get_cpu_capability()} with {torch.get_num_threads()} threads"
    encoders = (pipeline.text_encoder, pipeline.text_encoder_2, pipeline.image_encoder, pipeline.vae)
    formats = [str(encoder.dtype) for encoder in (*encoders, pipeline.style_projector)]
    t5 = "8 bit" if pipeline.profile.is_t5_8bit else ""
    versions = (torch.__version__, transformers.__version__, diffusers.__version__, PIL.__version__)
    means = "\0".join((place, *formats, t5, *versions))
    return f"{pipeline.model_revision}-{hashlib.sha256(means.encode()).hexdigest()[:8]}"


def encode_content(pipeline: Any, picture: Image.Image) -> Tensor:
    """Encode a prepared subject picture; returns packed latents in bfloat16, the posterior's mean.

    The published code samples the posterior from the global generator, so its results cannot be repeated.
    """
    vae = _exact_vae(pipeline.vae)
    pipeline.tally.calls.update(("vae",))
    posterior = vae.encode(pixels_to_tensor(picture).to(vae.device, vae.dtype)).latent_dist
    latents = (posterior.mode() - vae.config.shift_factor) * vae.config.scaling_factor
    return pack(latents.to(torch.bfloat16))


def _exact_vae(vae: Any) -> Any:
    """On a CPU in float32, a copy of the VAE in double precision; elsewhere the VAE itself.

    Float32 sums depend on the processor and its threads, and before the bfloat16 rounding a difference of 1e-6 flips
    values by a whole step of it. One encoding a picture in double precision is cheap beside the steps, and keeps the
    latents the same from machine to machine and within 1e-4 of the published ones.
    """
    if vae.device.type != "cpu" or vae.dtype != torch.float32:
        return vae
    return copy.deepcopy(vae).double()


def _token_ids(tokenizer: Any, prompt: str, length: int, device: torch.device) -> Tensor:
    encoded = tokenizer([prompt], padding="max_length", max_length=length, truncation=True, return_tensors="pt")
    ids: Tensor = encoded["input_ids"].to(device)
    return ids
