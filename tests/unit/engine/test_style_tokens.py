"""What the bot forgets is what the pipeline wrote."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from adapters.engine.style_tokens import StyleTokenFolder
from bot.domain.limits import Limits
from bot.ports.engine import StyleTokens
from bot.services.admission import admit_picture
from bot.services.png import encode_png
from tests.support.pictures import BAD_PICTURES, png
from uso import DiskCache, UsoPipeline

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "tests" / "golden" / "toy" / "weights"


@pytest.fixture(scope="module")
def pipeline() -> UsoPipeline:
    return UsoPipeline.from_weights(WEIGHTS)


def encode_as_the_engine_does(pipeline: UsoPipeline, folder: Path, *pictures: bytes) -> None:
    """In two revisions, from the files that the bot hands over."""
    pipeline.disk_cache = DiskCache(folder)
    for revision in ("one", "two"):
        pipeline.model_revision = revision
        for cache in (pipeline.style_cache, pipeline.content_cache, pipeline.text_cache):
            cache.clear()
        for picture in pictures:
            opened = Image.open(io.BytesIO(picture))
            pipeline.encode_style(opened)
            if min(opened.size) >= 16:
                pipeline.encode_content(opened, 64)
                pipeline.encode_content(opened, 96)


def kept(folder: Path) -> set[Path]:
    return set(folder.glob("*/*"))


async def test_forgetting_removes_the_pictures_files_and_no_others(pipeline: UsoPipeline, tmp_path: Path) -> None:
    tokens: StyleTokens = StyleTokenFolder(tmp_path)
    upload = io.BytesIO()
    Image.new("RGBA", (40, 30), (200, 30, 30, 90)).save(upload, "WEBP", lossless=True)
    admitted = admit_picture(upload.getvalue(), Limits()).data
    result = encode_png(8, 4, bytes(range(96)), {"uso-recipe": "{}"})
    encode_as_the_engine_does(pipeline, tmp_path, admitted, result)
    before = kept(tmp_path)
    assert len(before) == 8, "of each revision two styles, and one subject at two sizes"
    await tokens.forget(admitted)
    left = kept(tmp_path)
    assert len(left) == 2
    assert left < before
    await tokens.forget(admitted)
    await tokens.forget(png())
    assert kept(tmp_path) == left
    await tokens.forget(result)
    assert kept(tmp_path) == set()


@pytest.mark.parametrize("kind", BAD_PICTURES)
async def test_a_file_that_is_no_picture_has_left_nothing(pipeline: UsoPipeline, tmp_path: Path, kind: str) -> None:
    encode_as_the_engine_does(pipeline, tmp_path, png())
    await StyleTokenFolder(tmp_path).forget(BAD_PICTURES[kind][0])
    assert len(kept(tmp_path)) == 6


async def test_what_can_not_be_removed_is_told(pipeline: UsoPipeline, tmp_path: Path) -> None:
    encode_as_the_engine_does(pipeline, tmp_path, png())
    for path in kept(tmp_path):
        path.unlink()
        path.mkdir()
    with pytest.raises(OSError, match="directory"):
        await StyleTokenFolder(tmp_path).forget(png())


async def test_forgetting_prompts_leaves_pictures_and_the_other_way_round(
    pipeline: UsoPipeline, tmp_path: Path
) -> None:
    encode_as_the_engine_does(pipeline, tmp_path, png())
    of_pictures = kept(tmp_path)
    for prompt in ("a fox", "ein Fuchs \N{FOX FACE}", ""):
        pipeline.encode_prompt(prompt)
    assert len(kept(tmp_path)) == len(of_pictures) + 3
    assert not [path for path in kept(tmp_path) if "fox" in path.name]
    await StyleTokenFolder(tmp_path).forget(png())
    assert len(kept(tmp_path)) == 3
    await StyleTokenFolder(tmp_path).forget_prompts()
    assert kept(tmp_path) == set()
    await StyleTokenFolder(tmp_path / "nowhere").forget_prompts()


async def test_a_folder_that_was_never_made_has_nothing_to_forget(tmp_path: Path) -> None:
    await StyleTokenFolder(tmp_path / "nowhere").forget(png())
    assert kept(tmp_path) == set()


def test_the_bot_forgets_without_torch() -> None:
    program = "import sys, adapters.engine.style_tokens; print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
