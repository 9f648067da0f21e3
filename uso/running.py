"""A loaded pipeline brought into the form that its profile says: quantized, offloaded, compiled, cached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from diffusers import FirstBlockCacheConfig
from diffusers.hooks import apply_group_offloading

from uso.counts import Tally
from uso.profiles import CardFacts, Profile, Quantization
from uso.quantizing import quantize_t5, quantize_transformer

_OFFLOADED: Final = ("transformer", "text_encoder_2")
# What torchao recommends for 8-bit products, of which Inductor makes one kernel with their scaling.
_CUDA_OPTIONS: Final[dict[str, Any]] = {"coordinate_descent_tuning": True, "force_fuse_int_mm_with_mul": True}


def card_facts(device: torch.device) -> CardFacts | None:
    """What the card is and has free; None for the processor."""
    if device.type != "cuda":
        return None
    free_bytes, total_bytes = torch.cuda.mem_get_info(device)
    capability = torch.cuda.get_device_capability(device)
    return CardFacts(torch.cuda.get_device_name(device), capability, total_bytes, free_bytes)


def staged_parts(profile: Profile) -> frozenset[str]:
    """The parts that are loaded into the machine's memory first, from where their blocks are taken one by one."""
    staged = set(_OFFLOADED) if profile.is_offloaded else set()
    if profile.quantization is not Quantization.NONE:
        staged.add("transformer")
    if profile.is_t5_8bit:
        staged.add("text_encoder_2")
    return frozenset(staged)


def make_ready(
    pipeline: Any, profile: Profile, device: torch.device, *, begin_stage: Callable[[str], None], backend: str
) -> None:
    """Bring a pipeline whose LoRA is merged into the profile's form; raises `ProfileError` where it did not take.

    `backend` is torch.compile's.
    """
    quantized: dict[str, int] = {}
    if profile.quantization is not Quantization.NONE or profile.is_t5_8bit:
        begin_stage("quantize")
        quantized["transformer"] = quantize_transformer(pipeline.transformer, profile, device)
        quantized["text_encoder_2"] = quantize_t5(pipeline.text_encoder_2, profile, device)
    if profile.is_offloaded:
        begin_stage("offload")
        _offload(pipeline, device)
    else:
        for name in staged_parts(profile):
            getattr(pipeline, name).to(device)
    if profile.is_compiled:
        _compile_blocks(pipeline.transformer, device, backend)
    if profile.block_cache_threshold is not None:
        # After compiling: its hooks decide step by step, which no graph can hold.
        pipeline.transformer.enable_cache(FirstBlockCacheConfig(threshold=profile.block_cache_threshold))
    pipeline.profile = profile
    pipeline.work_device = device
    pipeline.tally = Tally(
        is_compiled=profile.is_compiled, quantized_layers={name: count for name, count in quantized.items() if count}
    )


def _offload(pipeline: Any, device: torch.device) -> None:
    """Keep blocks in the machine's memory; on a card a second stream brings the next one while one is at work."""
    uses_stream = device.type == "cuda"
    # Of T5 the stack inside: blocks are looked for among a module's own children.
    for module in (pipeline.transformer, pipeline.text_encoder_2.encoder):
        apply_group_offloading(
            module,
            onload_device=device,
            offload_device=torch.device("cpu"),
            offload_type="block_level",
            num_blocks_per_group=1,
            use_stream=uses_stream,
            # Pinned as they go: all at once would take as much memory again, which a machine may not give.
            low_cpu_mem_usage=uses_stream,
        )


def _compile_blocks(transformer: Any, device: torch.device, backend: str) -> None:
    """Compile each kind of block once for all shapes: a few graphs, whatever the size, the styles and the subject."""
    options = _CUDA_OPTIONS if device.type == "cuda" and backend == "inductor" else None
    for block in (*transformer.transformer_blocks, *transformer.single_transformer_blocks):
        block.forward = torch.compile(block.forward, fullgraph=True, dynamic=True, backend=backend, options=options)
