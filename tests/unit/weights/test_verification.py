"""Checking a weights folder by its headers: whole ones pass, each fault is named."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from uso.errors import WeightsError
from uso.tensor_tables import (
    FluxSizes,
    Table,
    VaeSizes,
    clip_table,
    flux_diffusers_table,
    flux_table,
    lora_table,
    projector_table,
    siglip_table,
    t5_table,
    vae_diffusers_table,
    vae_table,
)
from uso.verification import FileState, Finding, verify

GOLDEN = Path(__file__).parents[2] / "golden" / "toy"
FLUX, LORA = "FLUX.1-dev/flux1-dev.safetensors", "USO/uso_flux_v1.0/dit_lora.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / "weights", tmp_path / "weights"))


def faults(folder: Path) -> list[Finding]:
    return [finding for finding in verify(folder) if finding.is_fault]


def only_fault(folder: Path) -> Finding:
    (finding,) = faults(folder)
    return finding


def names_of(module: torch.nn.Module) -> Table:
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


def test_the_published_tables_are_those_of_the_full_size_files() -> None:
    recorded = json.loads((GOLDEN / "full_size_keys.json").read_text())
    tables = {
        "flux1-dev.safetensors": flux_table(FluxSizes()),
        "ae.safetensors": vae_table(VaeSizes()),
        "uso_flux_v1.0/dit_lora.safetensors": lora_table(FluxSizes(), 128),
        "uso_flux_v1.0/projector.safetensors": projector_table(
            siglip_tokens=729, style_tokens=64, siglip_width=1152, hidden_size=3072
        ),
    }
    assert tables.keys() == recorded.keys()
    for file, table in tables.items():
        assert table == {name: tuple(shape) for name, shape in recorded[file].items()}, file


def test_the_diffusers_tables_are_those_of_the_classes() -> None:
    from diffusers import AutoencoderKL, FluxTransformer2DModel

    with torch.device("meta"):
        transformer = FluxTransformer2DModel(guidance_embeds=True)
        vae = AutoencoderKL(
            block_out_channels=(128, 256, 512, 512),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            layers_per_block=2,
            latent_channels=16,
            use_quant_conv=False,
            use_post_quant_conv=False,
        )
    assert flux_diffusers_table(FluxSizes()) == names_of(transformer)
    assert vae_diffusers_table(VaeSizes()) == names_of(vae)


def test_the_encoder_tables_are_those_of_the_classes() -> None:
    from transformers import (
        CLIPTextConfig,
        CLIPTextModel,
        SiglipVisionConfig,
        SiglipVisionModel,
        T5Config,
        T5EncoderModel,
    )

    clip = CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12)
    siglip = SiglipVisionConfig(
        hidden_size=1152,
        intermediate_size=4304,
        num_hidden_layers=27,
        num_attention_heads=16,
        image_size=384,
        patch_size=14,
    )
    t5 = T5Config(d_model=4096, d_ff=10240, d_kv=64, num_heads=64, num_layers=24, feed_forward_proj="gated-gelu")
    with torch.device("meta"):
        models = CLIPTextModel(clip), SiglipVisionModel(siglip), T5EncoderModel(t5)
    tables = (clip_table({}), siglip_table({}), t5_table({}))
    for model, table in zip(models, tables, strict=True):
        named = {name: shape for name, shape in names_of(model).items() if name != "encoder.embed_tokens.weight"}
        assert table == {
            name.removeprefix("text_model.").removeprefix("vision_model."): shape for name, shape in named.items()
        }


def test_a_whole_folder_is_in_order(folder: Path) -> None:
    findings = verify(folder)
    assert {finding.state for finding in findings} == {FileState.OK}
    assert FLUX in {finding.path for finding in findings}


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from pathlib import Path; import uso.hub; from uso.verification import verify; "
        f"verify(Path({str(GOLDEN / 'weights')!r})); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        verify(tmp_path / "nowhere")


def test_every_file_of_an_empty_folder_is_missing(tmp_path: Path) -> None:
    findings = verify(tmp_path)
    assert {finding.state for finding in findings} == {FileState.MISSING}
    assert {FLUX, LORA, "t5-xxl/config.json", "siglip/preprocessor_config.json"} <= {one.path for one in findings}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def cut_in_the_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:500])


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0" * 7)


def leave_a_pointer(path: Path) -> None:
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")


def leave_a_page(path: Path) -> None:
    path.write_text("<!doctype html><title>Sign in</title>" + " " * 400)


def leave_nothing(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("harm", "state"),
    [
        (Path.unlink, FileState.MISSING),
        (cut, FileState.TRUNCATED),
        (cut_in_the_header, FileState.TRUNCATED),
        (leave_nothing, FileState.TRUNCATED),
        (append, FileState.WRONG_SIZE),
        (leave_a_pointer, FileState.DAMAGED),
        (leave_a_page, FileState.DAMAGED),
    ],
)
@pytest.mark.parametrize("file", [FLUX, LORA, "t5-xxl/model.safetensors", "USO/uso_flux_v1.0/projector.safetensors"])
def test_a_file_that_is_not_whole_is_told(
    folder: Path, file: str, harm: Callable[[Path], None], state: FileState
) -> None:
    harm(folder / file)
    finding = only_fault(folder)
    assert (finding.path, finding.state) == (file, state)


def rename(tensors: dict[str, torch.Tensor], old: str, new: str) -> None:
    tensors[new] = tensors.pop(old)


@pytest.mark.parametrize(
    ("file", "change", "state", "tensor"),
    [
        (FLUX, lambda held: held.update(extra=torch.zeros(2)), FileState.TENSOR_UNEXPECTED, "extra"),
        (FLUX, lambda held: held.pop("img_in.bias"), FileState.TENSOR_MISSING, "img_in.bias"),
        (FLUX, lambda held: held.update({"img_in.bias": torch.zeros(3)}), FileState.TENSOR_MISSHAPEN, "img_in.bias"),
        (
            LORA,
            lambda held: rename(held, "single_blocks.2.processor.proj_lora.up.weight", "single_blocks.2.up"),
            FileState.TENSOR_UNEXPECTED,
            "single_blocks.2.up",
        ),
        (
            "siglip/model.safetensors",
            lambda held: held.pop("head.probe"),
            FileState.TENSOR_MISSING,
            "head.probe",
        ),
    ],
)
def test_a_wrong_tensor_is_named(
    folder: Path, file: str, change: Callable[[dict[str, torch.Tensor]], object], state: FileState, tensor: str
) -> None:
    tensors = load_file(folder / file)
    change(tensors)
    save_file(tensors, folder / file)
    finding = only_fault(folder)
    assert (finding.path, finding.state, finding.tensor, finding.tensors_at_fault) == (file, state, tensor, 1)


def test_a_header_that_lies_about_its_bytes_is_damage(folder: Path) -> None:
    path = folder / FLUX
    raw = path.read_bytes()
    assert raw.count(b'"shape":[64,64],') > 0
    path.write_bytes(raw.replace(b'"shape":[64,64],', b'"shape":[64,63],', 1))
    assert only_fault(folder).state is FileState.DAMAGED


def test_towers_that_are_not_used_and_prefixes_are_fine(folder: Path) -> None:
    for part, prefix, other in (
        ("clip-vit-l14", "text_model.", "vision_model.embeddings.x"),
        ("siglip", "vision_model.", "text_model.embeddings.x"),
    ):
        path = folder / part / "model.safetensors"
        held = {f"{prefix}{name}": tensor for name, tensor in load_file(path).items()}
        held |= {other: torch.zeros(1), "logit_scale": torch.zeros(1)}
        held["text_model.embeddings.position_ids"] = torch.zeros(1, 77)
        save_file(held, path)
    t5 = folder / "t5-xxl" / "model.safetensors"
    tensors = load_file(t5)
    tensors["encoder.embed_tokens.weight"] = tensors.pop("shared.weight")
    tensors["decoder.final_layer_norm.weight"] = torch.zeros(1)
    save_file(tensors, t5)
    assert faults(folder) == []


def test_a_config_decides_what_is_expected(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["flux"]["depth_single_blocks"] = 4
    (folder / "config.json").write_text(json.dumps(config))
    found = {finding.path: finding for finding in faults(folder)}
    assert found.keys() == {FLUX, LORA}
    assert found[FLUX].state is FileState.TENSOR_MISSING
    assert found[FLUX].tensor is not None
    assert found[FLUX].tensor.startswith("single_blocks.3.")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("siglip/config.json", "{"),
        ("siglip/config.json", '{"patch_size": "many"}'),
        ("siglip/config.json", '{"patch_size": 0}'),
        ("config.json", '{"flux": {"num_heads": 0}}'),
        ("config.json", '{"flux": []}'),
        ("t5-xxl/config.json", "[]"),
        ("clip-vit-l14/vocab.json", "no json"),
        ("siglip/preprocessor_config.json", ""),
    ],
)
def test_a_config_that_makes_no_sense_is_told(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text)
    assert file in {finding.path for finding in faults(folder)}


def test_a_diffusers_folder_with_shards_is_checked_too(folder: Path) -> None:
    from uso import UsoPipeline

    pipeline = UsoPipeline.from_weights(folder)
    for name in ("transformer", "vae"):
        getattr(pipeline, name).save_pretrained(folder / "FLUX.1-dev" / name, max_shard_size="600KB")
    for path in (folder / "FLUX.1-dev").glob("*.safetensors"):
        path.unlink()
    assert faults(folder) == []
    shards = sorted((folder / "FLUX.1-dev" / "transformer").glob("*.safetensors"))
    assert len(shards) > 2
    shards[1].write_bytes(shards[1].read_bytes()[:-5])
    finding = only_fault(folder)
    assert (finding.path, finding.state) == (f"FLUX.1-dev/transformer/{shards[1].name}", FileState.TRUNCATED)
    shards[1].unlink()
    assert only_fault(folder).state is FileState.MISSING


def test_a_shard_without_its_tensor_is_named(folder: Path) -> None:
    t5 = folder / "t5-xxl"
    tensors = load_file(t5 / "model.safetensors")
    names = sorted(tensors)
    halves = {"a.safetensors": names[:10], "b.safetensors": names[10:]}
    weight_map = {name: file for file, held in halves.items() for name in held}
    (t5 / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    (t5 / "model.safetensors").unlink()
    for file, held in halves.items():
        save_file({name: tensors[name] for name in held if name != names[-1]}, t5 / file)
    finding = only_fault(folder)
    assert (finding.path, finding.state, finding.tensor) == (
        "t5-xxl/b.safetensors",
        FileState.TENSOR_MISSING,
        names[-1],
    )


def test_a_pytorch_file_is_left_unchecked_unless_it_is_cut(folder: Path) -> None:
    path = folder / "t5-xxl" / "pytorch_model.bin"
    torch.save(load_file(folder / "t5-xxl" / "model.safetensors"), path)
    (folder / "t5-xxl" / "model.safetensors").unlink()
    assert faults(folder) == []
    assert FileState.UNCHECKED in {finding.state for finding in verify(folder)}
    path.write_bytes(path.read_bytes()[:-100])
    assert only_fault(folder).state is FileState.TRUNCATED
