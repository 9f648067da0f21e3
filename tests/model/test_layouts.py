"""The same model from the published files, from diffusers folders, from whole towers and from the converted folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from uso import GenerationParams, UsoPipeline, WeightsError, build_toy_weights, convert
from uso.layout import Layout, locate
from uso.upscaler import load_upscaler

PARTS = ("transformer", "vae", "text_encoder", "text_encoder_2", "image_encoder", "style_projector")


def assert_same_tensors(ours: UsoPipeline, theirs: UsoPipeline) -> None:
    for part in PARTS:
        one, other = getattr(ours, part).state_dict(), getattr(theirs, part).state_dict()
        assert one.keys() == other.keys()
        for name, tensor in one.items():
            assert torch.equal(tensor, other[name]), f"{part} {name}"


def test_layouts_are_told_apart(golden: Path, diffusers_weights: Path, converted_weights: Path) -> None:
    assert locate(golden / "weights").layout is Layout.PUBLISHED
    assert locate(diffusers_weights).layout is Layout.DIFFUSERS
    assert locate(converted_weights).layout is Layout.CONVERTED


def test_diffusers_folders_load_to_the_same_tensors(pipeline: UsoPipeline, diffusers_weights: Path) -> None:
    assert list((diffusers_weights / "FLUX.1-dev" / "transformer").glob("*.index.json"))
    assert_same_tensors(pipeline, UsoPipeline.from_weights(diffusers_weights))


def test_flux_folders_may_lie_at_the_top(pipeline: UsoPipeline, diffusers_weights: Path, tmp_path: Path) -> None:
    flux_parts = (diffusers_weights / "FLUX.1-dev").iterdir()
    for part in (*flux_parts, diffusers_weights / "USO", diffusers_weights / "siglip"):
        (tmp_path / part.name).symlink_to(part)
    assert_same_tensors(pipeline, UsoPipeline.from_weights(tmp_path))


def test_the_lora_is_merged_and_gone(pipeline: UsoPipeline, golden: Path, weights_copy: Path) -> None:
    assert not [name for name, _ in pipeline.transformer.named_modules() if "lora" in name]
    assert not getattr(pipeline.transformer, "peft_config", None)
    lora = weights_copy / "USO/uso_flux_v1.0/dit_lora.safetensors"
    save_file({name: torch.zeros_like(tensor) for name, tensor in load_file(lora).items()}, lora)
    bare = UsoPipeline.from_weights(weights_copy).transformer.state_dict()
    merged = pipeline.transformer.state_dict()
    changed = {name for name in merged if not torch.equal(merged[name], bare[name])}
    # The attention projections of 2 double blocks (8 each) and 3 single blocks (4 each), and nothing else.
    assert len(changed) == 2 * 8 + 3 * 4
    down, up = (
        load_file(golden / "weights/USO/uso_flux_v1.0/dit_lora.safetensors")[
            f"single_blocks.2.processor.proj_lora.{side}.weight"
        ]
        for side in ("down", "up")
    )
    name = "single_transformer_blocks.2.proj_out.weight"
    torch.testing.assert_close(merged[name], bare[name] + up @ down)


def _as_whole_tower(folder: Path, prefix: str, others: tuple[str, ...], config: dict[str, Any]) -> None:
    tensors = load_file(folder / "model.safetensors")
    whole = {f"{prefix}{name}": tensor for name, tensor in tensors.items()}
    save_file(whole | {name: torch.zeros(3) for name in others}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))


def test_files_of_whole_models_are_taken_too(pipeline: UsoPipeline, weights_copy: Path) -> None:
    """As openai and google publish them: both towers, names with a prefix, an old buffer, nested configs."""
    clip, siglip, t5 = (weights_copy / name for name in ("clip-vit-l14", "siglip", "t5-xxl"))
    clip_others = ("vision_model.x", "visual_projection.weight", "text_projection.weight", "logit_scale")
    clip_config = {"model_type": "clip", "text_config": json.loads((clip / "config.json").read_text())}
    _as_whole_tower(clip, "text_model.", (*clip_others, "text_model.embeddings.position_ids"), clip_config)
    siglip_config = {"model_type": "siglip", "vision_config": json.loads((siglip / "config.json").read_text())}
    siglip_others = ("text_model.head.weight", "logit_scale", "logit_bias")
    _as_whole_tower(siglip, "vision_model.", siglip_others, siglip_config)
    t5_config = json.loads((t5 / "config.json").read_text())
    _as_whole_tower(t5, "", ("decoder.final_layer_norm.weight", "lm_head.weight"), t5_config)
    assert_same_tensors(pipeline, UsoPipeline.from_weights(weights_copy))


def test_a_missing_tensor_of_a_whole_tower_is_named_as_the_file_names_it(weights_copy: Path) -> None:
    siglip = weights_copy / "siglip"
    _as_whole_tower(siglip, "vision_model.", ("logit_scale",), json.loads((siglip / "config.json").read_text()))
    tensors = load_file(siglip / "model.safetensors")
    del tensors["vision_model.post_layernorm.weight"]
    save_file(tensors, siglip / "model.safetensors")
    with pytest.raises(WeightsError, match=r"vision_model\.post_layernorm\.weight in .*siglip"):
        UsoPipeline.from_weights(weights_copy)


@pytest.mark.parametrize("name", ["encoder.embed_tokens.weight", "shared.weight"])
def test_t5_may_name_its_embedding_either_way(pipeline: UsoPipeline, weights_copy: Path, name: str) -> None:
    path = weights_copy / "t5-xxl/model.safetensors"
    tensors = load_file(path)
    embedding = next(tensors.pop(key) for key in ("shared.weight", "encoder.embed_tokens.weight") if key in tensors)
    save_file({**tensors, name: embedding}, path)
    loaded = UsoPipeline.from_weights(weights_copy)
    assert_same_tensors(pipeline, loaded)
    encoder = loaded.text_encoder_2
    assert encoder.shared.weight is encoder.encoder.embed_tokens.weight


def test_t5_v1_1_is_tied_and_converted_once(pipeline: UsoPipeline, weights_copy: Path, tmp_path: Path) -> None:
    """Its config says that nothing is tied, meaning the output's embedding, which the encoder does not have."""
    path = weights_copy / "t5-xxl/config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tie_word_embeddings": False}))
    encoder = UsoPipeline.from_weights(weights_copy).text_encoder_2
    assert encoder.shared.weight is encoder.encoder.embed_tokens.weight
    convert(weights_copy, tmp_path / "converted")
    assert_same_tensors(pipeline, UsoPipeline.from_weights(tmp_path / "converted"))


@pytest.mark.parametrize("zipped", [True, False])
def test_older_torch_files_are_taken_too(pipeline: UsoPipeline, weights_copy: Path, zipped: bool) -> None:
    for folder in ("t5-xxl", "clip-vit-l14"):
        path = weights_copy / folder / "model.safetensors"
        torch.save(load_file(path), path.with_name("pytorch_model.bin"), _use_new_zipfile_serialization=zipped)
        path.unlink()
    assert_same_tensors(pipeline, UsoPipeline.from_weights(weights_copy))


def test_a_damaged_torch_file_is_refused(weights_copy: Path) -> None:
    (weights_copy / "t5-xxl/model.safetensors").unlink()
    (weights_copy / "t5-xxl/pytorch_model.bin").write_bytes(b"not one")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin"):
        UsoPipeline.from_weights(weights_copy)


def test_converted_folder_makes_the_same_pictures(
    pipeline: UsoPipeline, converted_weights: Path, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    converted = UsoPipeline.from_weights(converted_weights)
    assert_same_tensors(pipeline, converted)
    content, styles = pictures["content_wide"], [pictures["style_1"], pictures["style_2"]]
    ours, theirs = (one(small, content=content, styles=styles).image for one in (converted, pipeline))
    assert ours.tobytes() == theirs.tobytes()


def test_a_converted_folder_keeps_its_upscaler(weights_copy: Path, tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "uso" / "upscaler_data", weights_copy / "upscaler")
    convert(weights_copy, tmp_path / "converted")
    before, after = (load_upscaler(folder, "cpu") for folder in (weights_copy, tmp_path / "converted"))
    assert (before.label, before.revision) == (after.label, after.revision) == ("Swin2SR", before.revision)


def test_converted_folder_keeps_its_sources_revision_and_name(
    pipeline: UsoPipeline, converted_weights: Path, toy_weights: Path, tmp_path: Path
) -> None:
    assert UsoPipeline.from_weights(converted_weights).model_revision == pipeline.model_revision
    convert(toy_weights, tmp_path / "toy")
    assert json.loads((tmp_path / "toy/uso.json").read_text())["toy"] is True
    assert UsoPipeline.from_weights(tmp_path / "toy").label == "toy model"


def test_tensors_are_aligned_however_they_lie_in_their_file(pipeline: UsoPipeline, converted_weights: Path) -> None:
    """Otherwise the same weights from another file would round differently."""
    for loaded in (pipeline, UsoPipeline.from_weights(converted_weights)):
        for part in PARTS:
            for name, parameter in getattr(loaded, part).named_parameters():
                assert parameter.data_ptr() % 64 == 0, f"{part} {name}"


def test_conversion_leaves_nothing_half_done(weights_copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "converted"
    (weights_copy / "siglip/model.safetensors").unlink()
    with pytest.raises(WeightsError):
        convert(weights_copy, target)
    assert not (tmp_path / "out").exists()
    target.mkdir(parents=True)
    with pytest.raises(FileExistsError):
        convert(weights_copy, target)


def test_conversion_and_loading_tell_their_stages(golden: Path, tmp_path: Path) -> None:
    for run in (
        lambda heard: UsoPipeline.from_weights(golden / "weights", on_stage=heard),
        lambda heard: convert(golden / "weights", tmp_path / "converted", on_stage=heard),
    ):
        stages: list[tuple[str, float]] = []
        run(lambda stage, fraction, stages=stages: stages.append((stage, fraction)))
        fractions = [fraction for _, fraction in stages]
        assert fractions == sorted(fractions)
        assert stages[0] == ("transformer", 0.0)
        assert stages[-1] == ("ready", 1.0)
        assert "lora" in dict(stages)


def test_revision_follows_the_bytes_not_the_place(golden: Path, weights_copy: Path, pipeline: UsoPipeline) -> None:
    assert UsoPipeline.from_weights(weights_copy).model_revision == pipeline.model_revision
    path = weights_copy / "USO/uso_flux_v1.0/projector.safetensors"
    tensors = load_file(path)
    tensors["feature_embedder.low_projection.bias"] += 1
    save_file(tensors, path)
    assert UsoPipeline.from_weights(weights_copy).model_revision != pipeline.model_revision


def test_bfloat16_everywhere(golden: Path, small: GenerationParams, pictures: dict[str, Image.Image]) -> None:
    half = UsoPipeline.from_weights(golden / "weights", profile="bf16")
    for part in PARTS:
        assert {parameter.dtype for parameter in getattr(half, part).parameters()} == {torch.bfloat16}
    output = half(small, content=pictures["content_wide"], styles=[pictures["style_1"]])
    assert output.image.size == (small.width, small.height)


def test_a_toy_can_replace_a_toy(tmp_path: Path) -> None:
    build_toy_weights(tmp_path / "toy", seed=1)
    first = locate(tmp_path / "toy").transformer.read_bytes()
    (tmp_path / "toy" / "left-over").touch()
    build_toy_weights(tmp_path / "toy", seed=2)
    assert locate(tmp_path / "toy").transformer.read_bytes() != first
    assert [path.name for path in tmp_path.iterdir()] == ["toy"]
    assert not (tmp_path / "toy" / "left-over").exists()
    shutil.rmtree(tmp_path / "toy")
