"""USO as a diffusers pipeline: one request in, one picture out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from diffusers import DiffusionPipeline
from diffusers.loaders import FluxLoraLoaderMixin
from PIL import Image
from torch import Tensor

from uso import conditioning
from uso.conditioning import DEFAULT_CACHE_BYTES, UNSAVED_REVISION, TensorCache, TextCondition
from uso.counts import TRANSFORMER, Counts, Tally
from uso.disk_cache import DiskCache
from uso.errors import GenerationStopped
from uso.latents import pack, starting_noise, unpack
from uso.loading import load_pipeline
from uso.memory import decoding_in_tiles, free_memory, is_out_of_memory
from uso.params import GenerationParams, derive_mode, validate
from uso.picture_hash import content_name, picture_hash, text_name
from uso.positions import text_ids
from uso.prepared import Prepared, image_ids, velocity_predictor
from uso.preprocess import content_reference_size, kept_size, prepare_content
from uso.preview import LatentPreview, fit_preview
from uso.profiles import AUTO, PROFILES, Profile, ProfileName
from uso.progress import StepInfo, UsoOutput
from uso.schedule import set_sigmas
from uso.style import accept_style_tokens

StepCallback = Callable[[StepInfo], None]
StopQuestion = Callable[[], bool]
StageCallback = Callable[[str, float], None]

_FLUX_DEV_WIDTH = 3072

log = logging.getLogger(__name__)


class UsoPipeline(DiffusionPipeline, FluxLoraLoaderMixin):  # type: ignore[misc]  # diffusers is untyped
    """Subject and style pictures with FLUX.1-dev and USO (arXiv 2508.18966), on diffusers' and transformers' classes.

    Every component stays where `from_weights` put it. One call at a time: scheduler and caches are not shared safely
    between threads. Latents are stepped in float32 and cast to the transformer's type at its door.
    """

    model_cpu_offload_seq = "text_encoder->text_encoder_2->image_encoder->style_projector->transformer->vae"

    def __init__(
        self,
        *,
        scheduler: Any,
        vae: Any,
        text_encoder: Any,
        tokenizer: Any,
        text_encoder_2: Any,
        tokenizer_2: Any,
        transformer: Any,
        image_encoder: Any,
        feature_extractor: Any,
        style_projector: Any,
    ) -> None:
        super().__init__()
        accept_style_tokens(transformer)
        self.register_modules(
            scheduler=scheduler,
            vae=vae,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
            text_encoder_2=text_encoder_2,
            tokenizer_2=tokenizer_2,
            transformer=transformer,
            image_encoder=image_encoder,
            feature_extractor=feature_extractor,
            style_projector=style_projector,
        )
        self.model_revision = UNSAVED_REVISION
        self.is_toy = transformer.config.num_attention_heads * transformer.config.attention_head_dim != _FLUX_DEV_WIDTH
        self.profile = PROFILES[ProfileName.CPU]
        self.work_device: torch.device = transformer.device
        self.tally = Tally()
        self.text_cache = TensorCache(DEFAULT_CACHE_BYTES)
        self.style_cache = TensorCache(DEFAULT_CACHE_BYTES)
        self.content_cache = TensorCache(DEFAULT_CACHE_BYTES)
        self.disk_cache: DiskCache | None = None

    @classmethod
    def from_weights(
        cls,
        folder: str | Path,
        *,
        device: str | torch.device = "cpu",
        profile: Profile | str = AUTO,
        on_stage: StageCallback | None = None,
        disk_cache: DiskCache | None = None,
        compile_backend: str = "inductor",
    ) -> UsoPipeline:
        """Load a weights folder in any layout, never asking the hub.

        `profile` is a `Profile`, the name of one, or `auto`, which goes by the device. `on_stage` hears each part's
        name as its loading begins, with the fraction done so far, and "ready" at 1. What a `disk_cache` holds of
        prompts and pictures is not encoded again. Raises `WeightsError` naming what is wrong, `ProfileError` for a
        profile that the device cannot do.
        """
        pipeline = load_pipeline(
            cls, Path(folder), device=device, profile=profile, on_stage=on_stage, backend=compile_backend
        )
        pipeline.disk_cache = disk_cache
        return pipeline

    @property
    def counts(self) -> Counts:
        """What was done since loading, counted."""
        return self.tally.counts

    @property
    def label(self) -> str:
        """What to write beside a picture."""
        return "toy model" if self.is_toy else "FLUX.1-dev + USO v1.0"

    @cached_property
    def latent_preview(self) -> LatentPreview:
        """The preview's map, fitted to the VAE the first time it is wanted."""
        return fit_preview(self.vae)

    @torch.no_grad()
    def __call__(
        self,
        params: GenerationParams,
        *,
        content: Image.Image | None = None,
        styles: Sequence[Image.Image] = (),
        on_step: StepCallback | None = None,
        should_stop: StopQuestion | None = None,
    ) -> UsoOutput:
        """Make one picture.

        Raises `InvalidRequest` before any work, `GenerationStopped` within one step of `should_stop` turning true (the
        picture is then not decoded); what `on_step` raises passes through.
        """
        validate(params, content is not None, len(styles))
        started = time.perf_counter()
        prepared = self.prepare(params, content=content, styles=styles, should_stop=should_stop)
        encoded = self._finish_device_work()
        latents = self.denoise(prepared, on_step=on_step, should_stop=should_stop)
        denoised = self._finish_device_work()
        image, is_tiled = self.decode_sparingly(latents)
        decoded = time.perf_counter()
        return UsoOutput(
            image=image,
            params_used=prepared.params,
            mode=derive_mode(params.prompt, has_content=content is not None, n_styles=len(styles)),
            model_revision=self.model_revision,
            timings_s={
                "encode": encoded - started,
                "denoise": denoised - encoded,
                "decode": decoded - denoised,
                "total": decoded - started,
            },
            is_tiled=is_tiled,
        )

    @torch.no_grad()
    def prepare(
        self,
        params: GenerationParams,
        *,
        content: Image.Image | None = None,
        styles: Sequence[Image.Image] = (),
        should_stop: StopQuestion | None = None,
    ) -> Prepared:
        """Settle the size and encode what the picture is conditioned on."""
        content_size = content_reference_size(*content.size, params.content_size_px) if content is not None else None
        if params.keep_size and content_size is not None:
            width, height = kept_size(*content_size, params.content_size_px)
            params = replace(params, width=width, height=height)
        _raise_if_stopped(should_stop, 0, params.steps)
        text = self.encode_prompt(params.prompt)
        _raise_if_stopped(should_stop, 0, params.steps)
        style_tokens = torch.cat([self.encode_style(style) for style in styles], dim=1) if styles else None
        _raise_if_stopped(should_stop, 0, params.steps)
        n_context = text.embeddings.shape[1] + (style_tokens.shape[1] if style_tokens is not None else 0)
        noise = starting_noise(
            params.seed, params.width, params.height, params.variation_seed, params.variation_strength
        )
        return Prepared(
            params=params,
            noise=noise,
            content=self.encode_content(content, params.content_size_px) if content is not None else None,
            text=text,
            style_tokens=style_tokens,
            image_ids=image_ids(params, content_size),
            context_ids=text_ids(n_context),
        )

    @torch.no_grad()
    def encode_prompt(self, prompt: str) -> TextCondition:
        """Encode a prompt, or take it from memory or disk; the tensors lie on the CPU."""

        def compute() -> tuple[Tensor, ...]:
            text = conditioning.encode_text(self, prompt)
            return text.embeddings, text.pooled

        return TextCondition(*conditioning.recall(self, self.text_cache, text_name(prompt), compute))

    @torch.no_grad()
    def encode_style(self, picture: Image.Image) -> Tensor:
        """Encode a style picture, or take its tokens from memory or disk; the tensor lies on the CPU."""

        def compute() -> tuple[Tensor, ...]:
            return (conditioning.encode_style(self, picture),)

        return conditioning.recall(self, self.style_cache, picture_hash(picture), compute)[0]

    @torch.no_grad()
    def encode_content(self, picture: Image.Image, size_px: int) -> Tensor:
        """Encode a subject picture at this long side, or take it from memory or disk; the tensor lies on the CPU."""

        def compute() -> tuple[Tensor, ...]:
            return (conditioning.encode_content(self, prepare_content(picture, size_px)),)

        return conditioning.recall(self, self.content_cache, content_name(picture, size_px), compute)[0]

    @torch.no_grad()
    def denoise(
        self, prepared: Prepared, *, on_step: StepCallback | None = None, should_stop: StopQuestion | None = None
    ) -> Tensor:
        """Step the noise to latents, shape (1, 16, height / 8, width / 8) in float32."""
        try:
            return self._denoise(prepared, on_step, should_stop)
        finally:
            self.maybe_free_model_hooks()  # what the block cache holds is this picture's

    def _denoise(self, prepared: Prepared, on_step: StepCallback | None, should_stop: StopQuestion | None) -> Tensor:
        params = prepared.params
        sigmas = set_sigmas(self.scheduler, params.steps, params.width, params.height)
        tokens = pack(prepared.noise).to(self.work_device, torch.float32)
        predict = velocity_predictor(self.transformer, prepared, self.work_device)
        started = time.perf_counter()
        for index, timestep in enumerate(self.scheduler.timesteps):
            _raise_if_stopped(should_stop, index, params.steps)
            self.tally.calls[TRANSFORMER] += 1
            velocity = predict(tokens, sigmas[index])
            estimate = (tokens, velocity, sigmas[index])
            tokens = self.scheduler.step(velocity, timestep, tokens, return_dict=False)[0]
            finished = self._finish_device_work()
            if on_step is not None:
                draw = self._preview_drawer(params, *estimate)
                on_step(StepInfo(index + 1, params.steps, sigmas[index], finished - started, draw))
        _raise_if_stopped(should_stop, params.steps, params.steps)
        return unpack(tokens, params.height // 8, params.width // 8)

    def decode_sparingly(self, latents: Tensor) -> tuple[Image.Image, bool]:
        """Decode latents, in tiles where memory runs out for all at once; the second result says whether in tiles."""
        try:
            return self.decode(latents), False
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            log.warning("memory ran out while decoding, trying in tiles: %s", error)
        free_memory(self.vae.device)
        with decoding_in_tiles(self.vae, *latents.shape[-2:]):
            return self.decode(latents), True

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Image.Image:
        """Decode latents to the finished picture."""
        config = self.vae.config
        scaled = latents / config.scaling_factor + config.shift_factor
        decoded = self.vae.decode(scaled.to(self.vae.dtype)).sample[0]
        # The published code truncates to 8 bits, it does not round.
        pixels = decoded.float().clamp(-1, 1).add(1).mul(127.5).permute(1, 2, 0).cpu().to(torch.uint8).contiguous()
        return Image.frombytes("RGB", (pixels.shape[1], pixels.shape[0]), pixels.numpy().tobytes())

    def _preview_drawer(
        self, params: GenerationParams, tokens: Tensor, velocity: Tensor, sigma: float
    ) -> Callable[[int], Image.Image]:
        def draw(max_side_px: int) -> Image.Image:
            estimate = unpack(tokens - sigma * velocity, params.height // 8, params.width // 8)
            return self.latent_preview.draw(estimate, max_side_px)

        return draw

    def _finish_device_work(self) -> float:
        """Wait for the device, so that steps are reported, and stops obeyed, when they really happen; tell the time."""
        if self.work_device.type == "cuda":
            torch.cuda.synchronize(self.work_device)
        return time.perf_counter()


def _raise_if_stopped(should_stop: StopQuestion | None, steps_done: int, steps: int) -> None:
    if should_stop is not None and should_stop():
        raise GenerationStopped(steps_done, steps)
