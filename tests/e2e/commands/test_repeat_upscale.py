"""An enlarged picture is repeated to the last pixel, by the id of its recipe and from its file."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from adapters.engine.process import EngineProcess
from adapters.engine.settings import EngineSettings
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.requests import Draft
from bot.services.png import read_recipe
from bot.services.submit import Origin
from tests.support.pictures import png
from tests.support.real_spine import RealKit, real_spine

Run = Callable[..., subprocess.CompletedProcess[str]]
ANN = Actor(Platform.WEB, "page")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


async def drawn_and_enlarged(kit: RealKit) -> tuple[str, Path, Path]:
    """The recipe id of an enlarged picture of the toy model, its file, and that of the picture it is of."""
    drawn = (await kit.application.submit(Origin(ANN, "a"), Draft("a fox", aspect="4:3", steps=2, seed=7))).job
    await kit.until(drawn.id, Phase.DONE)
    enlarged = (await kit.application.upscale(Origin(ANN, "b"), drawn.id, 0)).job
    await kit.until(enlarged.id, Phase.DONE)
    files = [kit.picture_file((await kit.job(job.id)).pictures[0].picture) for job in (enlarged, drawn)]
    return f"{enlarged.id}-1", files[0], files[1]


async def test_an_enlarged_picture_is_repeated(uso_bot: Run, tmp_path: Path) -> None:
    stored = tmp_path / "data"
    stored.mkdir()
    engine = EngineProcess(EngineSettings(cache_folder=tmp_path / "cache", threads=1))
    async with real_spine(stored, engine) as kit:
        recipe_id, enlarged, drawn = await drawn_and_enlarged(kit)
        (tmp_path / "enlarged.png").write_bytes(enlarged.read_bytes())
        (tmp_path / "drawn.png").write_bytes(drawn.read_bytes())
    original = pixels(tmp_path / "enlarged.png")
    assert original.shape == (*(2 * side for side in pixels(tmp_path / "drawn.png").shape[:2]), 3)
    config = '[storage]\ndatabase_url = "sqlite:///data/bot.db"\nfolder = "data"\n[engine]\nthreads = 1\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")

    by_id = uso_bot("generate", "--recipe", recipe_id, "--out", "by-id.png")
    assert by_id.returncode == 0, by_id.stderr
    assert "will differ" not in by_id.stderr
    assert np.array_equal(pixels(tmp_path / "by-id.png"), original)

    # Elsewhere nothing is stored: the picture must be given.
    stored.rename(tmp_path / "elsewhere")
    refused = uso_bot("generate", "--recipe", "enlarged.png", "--out", "no.png")
    assert refused.returncode == 2
    assert "is not stored here; give the file with --subject" in refused.stderr
    arguments = ("--recipe", "enlarged.png", "--subject", "drawn.png", "--out", "again.png")
    from_file = uso_bot("generate", *arguments)
    assert from_file.returncode == 0, from_file.stderr
    assert np.array_equal(pixels(tmp_path / "again.png"), original)
    first, again = (read_recipe((tmp_path / name).read_bytes()) for name in ("enlarged.png", "again.png"))
    assert first is not None
    assert again is not None
    assert (again.upscale_of, again.model_revision) == (first.upscale_of, first.model_revision)
    assert again.model_label == "Swin2SR small"


def test_what_can_not_be_repeated_is_said(uso_bot: Run, tmp_path: Path) -> None:
    (tmp_path / "plain.png").write_bytes(png())
    refused = uso_bot("generate", "--recipe", "plain.png", "--out", "no.png")
    assert refused.returncode == 2
    assert "no recipe in that file" in refused.stderr
