"""`uso-bot generate` from the outside: bad input, real pictures, recipes that repeat them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.domain.recipes import PARAMETERS_CHUNK, Recipe
from bot.services.png import read_recipe
from tests.support.pictures import BAD_PICTURES, png

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[[Sequence[str | Path]], "subprocess.Popen[str]"]
GOLDEN = Path(__file__).parents[2] / "golden" / "toy"
CASES = json.loads((GOLDEN / "cases.json").read_text())


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        assert picture.mode == "RGB"
        return np.asarray(picture).astype(int)


def recipe_of(path: Path) -> Recipe:
    recipe = read_recipe(path.read_bytes())
    assert recipe is not None
    return recipe


def assert_refused(result: subprocess.CompletedProcess[str], folder: Path, said: str) -> None:
    """Exit code 2, one line that says it, and no file of any kind."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert not [path for path in folder.iterdir() if path.name not in {"bad.png", "good.png", "long.png"}]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "prompt is needed"),
        (["--prompt", "   "], "prompt is needed"),
        (["--prompt", "a\udcff"], "not text"),
        (["--style", "good.png"], "prompt is needed"),
        (["--prompt", "a", "--width", "0"], "width must be a multiple of 16"),
        (["--prompt", "a", "--height", "0"], "height must be a multiple of 16"),
        (["--prompt", "a", "--width", "100"], "width must be a multiple of 16"),
        (["--prompt", "a", "--width", "48"], "between 64 and"),
        (["--prompt", "a", *["--style", "good.png"] * 3], "At most 2 style pictures"),
        (["--prompt", "a", "--guidance", "nan"], "Guidance must be a number"),
        (["--prompt", "a", "--guidance", "inf"], "Guidance must be a number"),
        (["--prompt", "a", "--guidance", "much"], "--guidance"),
        (["--prompt", "a", "--steps", "0"], "Steps must be between"),
        (["--prompt", "a", "--subject-size", "17"], "subject size must be"),
        (["--prompt", "a", "--seed", "-2"], "seed must be between"),
        (["--prompt", "a", "--count", "0"], "--count"),
        (["--prompt", "a", "--aspect", "5:1"], "--aspect"),
        (["--prompt", "a", "--aspect", "1:1", "--width", "64"], "either --aspect or"),
        (["--prompt", "a", "--keep-size"], "needs a subject picture"),
        (["--prompt", "a", "--variation-strength", "0.5"], "needs a variation seed"),
        (["--prompt", "a", "--variation-seed", "1"], "--variation-strength"),
        (["--prompt", "a", "--variation-seed", "1", "--variation-strength", "nan"], "between 0 and 1"),
        (["--prompt", "a", "--device", "abacus"], "--device"),
        (["--prompt", "a", "--subject", "nowhere.png"], "no such file"),
        (["--prompt", "a", "--subject", "."], "no such file"),
        (["--prompt", "a", "--subject", "long.png"], "too long and thin"),
        (["--prompt", "a", "--weights", "nowhere"], "uso-bot weights download"),
        (["--prompt", "a", "--weights", "."], "uso-bot weights verify"),
        (["--prompt", "a", "--nonsense"], "--nonsense"),
    ],
)
def test_bad_input_is_one_line(uso_bot: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "good.png").write_bytes(png())
    (tmp_path / "long.png").write_bytes(png(2000, 16))
    assert_refused(uso_bot("generate", *arguments, "--out", "out.png"), tmp_path, said)


@pytest.mark.parametrize("kind", BAD_PICTURES)
@pytest.mark.parametrize("option", ["--subject", "--style"])
def test_a_bad_picture_is_one_line(uso_bot: Run, tmp_path: Path, option: str, kind: str) -> None:
    (tmp_path / "bad.png").write_bytes(BAD_PICTURES[kind][0])
    result = uso_bot("generate", "--prompt", "a", option, "bad.png", "--out", "out.png")
    assert_refused(result, tmp_path, "bad.png: ")


@pytest.mark.parametrize(
    ("out", "said"), [("out.jpg", ".png"), ("nowhere/out.png", "no folder"), ("folder.png", "is a folder")]
)
def test_a_name_that_can_not_be_written_is_one_line(uso_bot: Run, tmp_path: Path, out: str, said: str) -> None:
    (tmp_path / "folder.png").mkdir()
    result = uso_bot("generate", "--prompt", "a", "--out", out)
    (tmp_path / "folder.png").rmdir()
    assert_refused(result, tmp_path, said)


def test_a_recipe_repeats_its_picture(uso_bot: Run, tmp_path: Path) -> None:
    """All there is in one request, with a drawn seed; then again from nothing but the recipe's numbers."""
    for name, colour in (("subject.png", (9, 90, 200)), ("style.png", (200, 90, 9))):
        (tmp_path / name).write_bytes(png(120, 90, colour))
    references = ["--subject", "subject.png", "--style", "style.png"]
    first = uso_bot(
        *("generate", "--prompt", "Ein Kätzchen ☀", *references, "--width", "112", "--height", "64", "--steps", "3"),
        *("--guidance", "2.5", "--subject-size", "64", "--variation-seed", "-1", "--variation-strength", "0.25"),
        *("--count", "2", "--out", "first.png"),
    )
    assert first.returncode == 0, first.stderr
    assert "toy model" in first.stderr
    made = [tmp_path / "first-1.png", tmp_path / "first-2.png"]
    assert [line.split(":")[0] for line in first.stdout.splitlines()] == [path.name for path in made]
    recipes = [recipe_of(path) for path in made]
    assert f"seed {recipes[0].seed}\n" in first.stderr
    assert f"variation seed {recipes[0].variation_seed}\n" in first.stderr
    assert recipes[0].seed == recipes[1].seed
    assert recipes[0].variation_seed is not None
    assert recipes[1].variation_seed == recipes[0].variation_seed + 1
    assert (recipes[0].picture_width, recipes[0].picture_height) == (112, 64)
    assert recipes[0].prompt == "Ein Kätzchen ☀"
    assert recipes[0].model_label == "toy model"
    assert (pixels(made[0]) != pixels(made[1])).any()

    wanted = recipes[1]
    again = uso_bot(
        *("generate", "--prompt", wanted.prompt, *references),
        *("--width", str(wanted.width), "--height", str(wanted.height), "--steps", str(wanted.steps)),
        *("--guidance", str(wanted.guidance), "--subject-size", str(wanted.subject_size), "--seed", str(wanted.seed)),
        *("--variation-seed", str(wanted.variation_seed), "--variation-strength", str(wanted.variation_strength)),
        *("--out", "again.png"),
    )
    assert again.returncode == 0, again.stderr
    assert "seed" not in again.stderr.replace("--", "")
    assert recipe_of(tmp_path / "again.png") == wanted
    assert (pixels(tmp_path / "again.png") == pixels(made[1])).all()
    with Image.open(tmp_path / "again.png") as picture:
        picture.load()
        parameters = picture.info[PARAMETERS_CHUNK]
    assert parameters.startswith("Ein Kätzchen ☀\nSteps: 3, ")
    assert f"Seed: {wanted.seed}" in parameters
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"subject.png", "style.png", "first-1.png", "first-2.png", "again.png"}


def test_plain_seeds_are_counted_up_and_the_toy_is_small(uso_bot: Run, tmp_path: Path) -> None:
    result = uso_bot(
        *("generate", "--prompt", "a", "--seed", "41", "--aspect", "16:9", "--steps", "1"),
        *("--count", "2", "--device", "cpu", "--out", "sub.png"),
    )
    assert result.returncode == 0, result.stderr
    recipes = [recipe_of(tmp_path / name) for name in ("sub-1.png", "sub-2.png")]
    assert [recipe.seed for recipe in recipes] == [41, 42]
    assert {(recipe.picture_width, recipe.picture_height) for recipe in recipes} == {(336, 192)}


@pytest.mark.parametrize("name", ["two_styles", "style_subject_preserved"])
def test_a_golden_case_through_the_command(uso_bot: Run, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    references: list[str | Path] = []
    if case["content"]:
        references += ["--subject", GOLDEN / "references" / f"{case['content']}.png"]
    for style in case["styles"]:
        references += ["--style", GOLDEN / "references" / f"{style}.png"]
    result = uso_bot(
        *("generate", "--weights", GOLDEN / "weights", "--prompt", case["prompt"], *references),
        *("--width", str(case["width"]), "--height", str(case["height"]), "--steps", str(case["steps"])),
        *("--guidance", str(case["guidance"]), "--seed", str(case["seed"])),
        *("--subject-size", str(case["content_size"]), *(["--keep-size"] if case["keep_size"] else [])),
        *("--device", "cpu", "--profile", "cpu", "--out", "out.png"),
    )
    assert result.returncode == 0, result.stderr
    made, recorded = pixels(tmp_path / "out.png"), pixels(GOLDEN / "cases" / f"{name}.png")
    assert made.shape == recorded.shape == (case["output_height"], case["output_width"], 3)
    assert np.abs(made - recorded).mean() <= 1.0
    assert recorded.std() > 5.0


def test_an_interrupted_picture_leaves_nothing_behind(start_uso_bot: Start, tmp_path: Path) -> None:
    process = start_uso_bot(["generate", "--prompt", "a", "--steps", "1000", "--seed", "1", "--out", "out.png"])
    try:
        assert process.stderr is not None
        seen = ""
        while re.search(r"out\.png: .* [1-9]\d*/1000 ", seen) is None:
            piece = process.stderr.read(1)
            assert piece, seen
            seen += piece
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


def test_broken_weights_are_named(uso_bot: Run, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(GOLDEN / "weights", tmp_path / "broken"))
    lora = broken / "USO" / "uso_flux_v1.0" / "dit_lora.safetensors"
    lora.write_bytes(lora.read_bytes()[:-10])
    result = uso_bot("generate", "--weights", broken, "--prompt", "a", "--out", "out.png")
    assert result.returncode == 2
    assert "dit_lora.safetensors" in result.stderr
    assert "weights verify" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out.png").exists()
