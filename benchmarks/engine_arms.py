"""Plain diffusers FLUX and this project's pipeline over the same weights, ready to be watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline
from safetensors.torch import load_file
from torch import nn

from adapters.engine.drawing import preview_jpeg
from benchmarks.engine_cases import Case
from uso import GenerationParams, UsoPipeline
from uso.components import Placement, load_part, load_tokenizers
from uso.latents import pack, starting_noise
from uso.layout import locate
from uso.progress import StepInfo
from uso.running import make_ready
from uso.schedule import build_scheduler, set_sigmas


class Arm(Protocol):
    """What a watch needs, and how to draw."""

    departures: tuple[str, ...]

    @property
    def encoders(self) -> dict[str, nn.Module]: ...

    @property
    def transformer(self) -> nn.Module: ...

    @property
    def decoder(self) -> nn.Module: ...

    def draw(self, case: Case) -> None: ...

    def compile_blocks(self) -> bool:
        """Compile as on a card, only that a graph runs as it is; False for an arm that never compiles."""
        ...


class Plain:
    """diffusers' `FluxPipeline` as it comes, the LoRA merged by diffusers.

    It knows no pictures to go by: it draws a taller picture and reads a longer text, of as many tokens as these would
    be. Noise and timesteps are USO's, so that without such pictures its result is comparable.
    """

    departures: tuple[str, ...] = (
        "With pictures to go by, plain diffusers draws a taller picture after a longer text, of as many tokens in all: "
        "it has more to decode, and its peak memory is of that.",
    )

    def __init__(self, weights: Path) -> None:
        files, place = locate(weights), Placement("cpu", torch.float32)
        names = ("transformer", "vae", "text_encoder", "text_encoder_2")
        tokenizer, tokenizer_2 = load_tokenizers(files)
        self._pipeline: Any = FluxPipeline(
            # The timesteps given to it are USO's, shifted already.
            scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0),
            tokenizer=tokenizer,
            tokenizer_2=tokenizer_2,
            **{name: load_part(name, files, place) for name in names},
        )
        self._pipeline.set_progress_bar_config(disable=True)
        if files.lora is not None:
            self._pipeline.load_lora_weights(load_file(files.lora), adapter_name="uso")
            self._pipeline.fuse_lora(components=["transformer"])
            self._pipeline.unload_lora_weights()
        self._style_tokens = 3 * int(files.config.get("projector", {}).get("style_token_nums", 64))
        self._sigmas = build_scheduler()

    @property
    def encoders(self) -> dict[str, nn.Module]:
        """What encodes."""
        pipeline = self._pipeline
        return {
            "text_encoder": pipeline.text_encoder,
            "text_encoder_2": pipeline.text_encoder_2,
            "vae": pipeline.vae.encoder,
        }

    @property
    def transformer(self) -> nn.Module:
        transformer: nn.Module = self._pipeline.transformer
        return transformer

    @property
    def decoder(self) -> nn.Module:
        decoder: nn.Module = self._pipeline.vae.decoder
        return decoder

    @torch.no_grad()
    def draw(self, case: Case) -> None:
        """Draw one picture of as many tokens as the case has."""
        text, pooled, _ = self._pipeline.encode_prompt(prompt=case.prompt, prompt_2=None, max_sequence_length=512)
        more = case.styles * self._style_tokens
        height = case.height + 16 * case.content_tokens // (case.width // 16)
        self._pipeline(
            prompt_embeds=torch.cat((text[:, :more], text), dim=1),
            pooled_prompt_embeds=pooled,
            width=case.width,
            height=height,
            num_inference_steps=case.steps,
            guidance_scale=case.guidance,
            sigmas=set_sigmas(self._sigmas, case.steps, case.width, case.height)[:-1],
            latents=pack(starting_noise(case.seed, case.width, height)).float(),
        )

    def compile_blocks(self) -> bool:
        """Compile each kind of block once for all shapes."""
        self.transformer.compile_repeated_blocks(fullgraph=True, dynamic=True, backend="eager")  # type: ignore[operator]
        return True


class Ours:
    """This project's pipeline; nothing that an earlier picture left in its caches is used, unless `keeps_caches`."""

    departures: tuple[str, ...] = ()

    def __init__(self, pipeline: UsoPipeline) -> None:
        self.pipeline = pipeline
        self.keeps_caches = False
        self.preview_every = 0

    @property
    def encoders(self) -> dict[str, nn.Module]:
        """What encodes."""
        pipeline = self.pipeline
        names = ("text_encoder", "text_encoder_2", "image_encoder", "style_projector")
        return {**{name: getattr(pipeline, name) for name in names}, "vae": pipeline.vae.encoder}

    @property
    def transformer(self) -> nn.Module:
        transformer: nn.Module = self.pipeline.transformer
        return transformer

    @property
    def decoder(self) -> nn.Module:
        decoder: nn.Module = self.pipeline.vae.decoder
        return decoder

    def draw(self, case: Case) -> None:
        """Draw one picture."""
        if not self.keeps_caches:
            for cache in (self.pipeline.text_cache, self.pipeline.style_cache, self.pipeline.content_cache):
                cache.clear()
        self.pipeline(params_of(case), content=case.content(), styles=case.style_pictures(), on_step=self._previewer())

    def compile_blocks(self) -> bool:
        """Compile as the profiles for cards do."""
        pipeline = self.pipeline
        profile = replace(pipeline.profile, is_compiled=True)
        make_ready(pipeline, profile, pipeline.work_device, begin_stage=lambda _: None, backend="eager")
        return True

    def _previewer(self) -> Callable[[StepInfo], None] | None:
        every = self.preview_every
        if not every:
            return None

        def on_step(step: StepInfo) -> None:
            if step.step % every == 0 and step.step < step.steps:
                preview_jpeg(step)

        return on_step


def params_of(case: Case) -> GenerationParams:
    """The case as the pipeline takes it."""
    return GenerationParams(
        prompt=case.prompt,
        width=case.width,
        height=case.height,
        steps=case.steps,
        guidance=case.guidance,
        content_size=case.content_px,
        seed=case.seed,
    )
