"""Checking a weights folder by its headers: whole ones pass, each fault is named."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from uso.errors import WeightsError
from uso.findings import FileState, Finding
from uso.verification import verify

GOLDEN = Path(__file__).parents[2] / "golden" / "toy"
SHIPPED_UPSCALER = Path(__file__).parents[3] / "uso" / "upscaler_data"
FLUX, LORA = "FLUX.1-dev/flux1-dev.safetensors", "USO/uso_flux_v1.0/dit_lora.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / "weights", tmp_path / "weights"))


def faults(folder: Path) -> list[Finding]:
    return [finding for finding in verify(folder) if finding.is_fault]


def only_fault(folder: Path) -> Finding:
    (finding,) = faults(folder)
    return finding


def test_a_whole_folder_is_in_order(folder: Path) -> None:
    findings = list(verify(folder))
    assert {finding.state for finding in findings} == {FileState.OK}
    assert FLUX in {finding.path for finding in findings}


def test_the_download_needs_no_torch() -> None:
    code = "import sys; import uso.hub, adapters.engine.commands.weights; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        verify(tmp_path / "nowhere")


def test_every_file_of_an_empty_folder_is_missing(tmp_path: Path) -> None:
    findings = list(verify(tmp_path))
    assert {finding.state for finding in findings} == {FileState.MISSING}
    assert {FLUX, LORA, "t5-xxl/config.json", "t5-xxl/model.safetensors", "siglip/preprocessor_config.json"} <= {
        one.path for one in findings
    }


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
    assert (found[FLUX].tensor or "").startswith("single_blocks.3.")


def test_a_full_size_folder_is_checked_by_its_headers(tmp_path: Path) -> None:
    """The published names and shapes without a config beside them: files of the right size, holes but for headers."""
    recorded = json.loads((GOLDEN / "full_size_keys.json").read_text())
    places = {
        "flux1-dev.safetensors": FLUX,
        "ae.safetensors": "FLUX.1-dev/ae.safetensors",
        "uso_flux_v1.0/dit_lora.safetensors": LORA,
        "uso_flux_v1.0/projector.safetensors": "USO/uso_flux_v1.0/projector.safetensors",
    }
    assert places.keys() == recorded.keys()
    for file, place in places.items():
        write_header(tmp_path / place, recorded[file])
    (tmp_path / "siglip").mkdir()
    config = {"hidden_size": 1152, "image_size": 384, "patch_size": 14, "num_attention_heads": 16}
    (tmp_path / "siglip" / "config.json").write_text(json.dumps({"model_type": "siglip", "vision_config": config}))
    states = {finding.path: finding.state for finding in verify(tmp_path)}
    assert {states[place] for place in places.values()} == {FileState.OK}
    recorded["flux1-dev.safetensors"].pop("single_blocks.37.linear2.bias")
    write_header(tmp_path / FLUX, recorded["flux1-dev.safetensors"])
    found = {finding.path: finding for finding in verify(tmp_path)}[FLUX]
    assert (found.state, found.tensor) == (FileState.TENSOR_MISSING, "single_blocks.37.linear2.bias")


def write_header(path: Path, shapes: dict[str, list[int]]) -> None:
    entries, end = {}, 0
    for name, shape in shapes.items():
        start, end = end, end + 2 * math.prod(shape)
        entries[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [start, end]}
    header = json.dumps(entries).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + end)


def test_every_wrong_tensor_is_counted(folder: Path) -> None:
    tensors = load_file(folder / FLUX)
    for name in ("double_blocks.0.img_attn.proj.bias", "single_blocks.2.linear1.bias"):
        tensors.pop(name)
    save_file(tensors, folder / FLUX)
    projector = folder / "USO/uso_flux_v1.0/projector.safetensors"
    misshapen = {name: torch.cat((tensor, tensor)) for name, tensor in load_file(projector).items() if "norm" in name}
    save_file(load_file(projector) | misshapen, projector)
    found = {finding.path: finding for finding in faults(folder)}
    assert {path: (one.state, one.tensors_at_fault) for path, one in found.items()} == {
        FLUX: (FileState.TENSOR_MISSING, 2),
        "USO/uso_flux_v1.0/projector.safetensors": (FileState.TENSOR_MISSHAPEN, 6),
    }
    assert found[FLUX].tensor == "double_blocks.0.img_attn.proj.bias"


def test_t5_without_its_embedding_lacks_one_tensor(folder: Path) -> None:
    path = folder / "t5-xxl" / "model.safetensors"
    tensors = load_file(path)
    tensors.pop("shared.weight")
    save_file(tensors, path)
    finding = only_fault(folder)
    assert (finding.state, finding.tensor, finding.tensors_at_fault) == (FileState.TENSOR_MISSING, "shared.weight", 1)


def test_tensors_wait_for_their_config(folder: Path) -> None:
    (folder / "siglip" / "config.json").unlink()
    states = {finding.path: finding.state for finding in verify(folder)}
    assert states["siglip/config.json"] is FileState.MISSING
    assert states["siglip/model.safetensors"] is FileState.UNCHECKED
    assert states["USO/uso_flux_v1.0/projector.safetensors"] is FileState.UNCHECKED
    assert states[FLUX] is FileState.OK


def test_what_the_loader_refuses_is_told(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["flux"]["theta"] = 5000
    (folder / "config.json").write_text(json.dumps(config))
    finding = only_fault(folder)
    assert (finding.path, finding.state) == ("config.json", FileState.DAMAGED)
    assert "theta" in finding.detail


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("siglip/config.json", "{"),
        ("siglip/config.json", '{"patch_size": "many"}'),
        pytest.param(
            "siglip/config.json",
            '{"patch_size": 0}',
            marks=pytest.mark.filterwarnings("ignore:Initializing zero-element tensors"),
        ),
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


def test_an_upscaler_is_checked_where_there_is_one(folder: Path) -> None:
    assert not [finding for finding in verify(folder) if finding.path.startswith("upscaler")]
    place = Path(shutil.copytree(SHIPPED_UPSCALER, folder / "upscaler"))
    found = {finding.path: finding.state for finding in verify(folder)}
    assert found["upscaler/model.safetensors"] is FileState.OK
    tensors = load_file(place / "model.safetensors")
    del tensors["upsample.conv.bias"]
    save_file(tensors, place / "model.safetensors")
    fault = only_fault(folder)
    assert (fault.path, fault.state, fault.tensor) == (
        "upscaler/model.safetensors",
        FileState.TENSOR_MISSING,
        "upsample.conv.bias",
    )
    (place / "model.safetensors").unlink()
    assert [(one.path, one.state) for one in faults(folder)] == [("upscaler/model.safetensors", FileState.MISSING)]
    shutil.copy(SHIPPED_UPSCALER / "model.safetensors", place)
    (place / "config.json").write_text('{"upscale": 4}', encoding="utf-8")
    assert [one.path for one in faults(folder)] == ["upscaler/config.json"]
