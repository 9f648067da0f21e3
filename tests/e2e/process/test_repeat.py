"""A result is repeated to the last pixel by the id of its recipe, and from its file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.services.png import read_recipe
from tests.e2e.process.conftest import COMMAND, BotFolder
from tests.support.pictures import png


def generate(folder: BotFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "generate", *arguments],
        cwd=folder.path,
        env=folder.environment | {"XDG_CACHE_HOME": str(folder.path / "cache")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


async def test_a_result_of_the_bot_is_repeated_by_id_and_from_its_file(bot_folder: BotFolder) -> None:
    subject = png(96, 64)
    async with bot_folder.run() as bot:
        _, card = await bot.ask("k1", prompt="a blue fish", subject=subject, style=[png(64, 64)], steps=3, count=2)
        last = await bot.end(card["id"])
        for number, picture in enumerate(last["pictures"]):
            async with bot.client.get(bot.page + picture["url"]) as answer:
                (bot_folder.path / f"bot-{number + 1}.png").write_bytes(await answer.read())
        repeated = generate(bot_folder, "--recipe", f"{card['id']}-2", "--out", "by-id.png")  # the bot goes on
        assert repeated.returncode == 0, repeated.stderr
        assert "will differ" not in repeated.stderr
    original = bot_folder.path / "bot-2.png"
    assert np.array_equal(pixels(bot_folder.path / "by-id.png"), pixels(original))
    from_file = generate(bot_folder, "--recipe", "bot-1.png", "--out", "from-file.png")
    assert from_file.returncode == 0, from_file.stderr
    assert np.array_equal(pixels(bot_folder.path / "from-file.png"), pixels(bot_folder.path / "bot-1.png"))
    recipe = read_recipe(original.read_bytes())
    assert recipe is not None
    assert recipe.recipe_id == f"{card['id']}-2"

    # Elsewhere nothing is stored: the subject must be given, and be the right one.
    stored = bot_folder.path / "data"
    stored.rename(bot_folder.path / "elsewhere")
    for arguments, said in (
        ([], "is not stored here; give the file with --subject"),
        (["--subject", "bot-1.png"], "is not stored here; give the file with --subject"),
    ):
        refused = generate(bot_folder, "--recipe", "bot-1.png", "--out", "no.png", *arguments)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
        assert said in refused.stderr
    (bot_folder.path / "subject.png").write_bytes(subject)
    (bot_folder.path / "style.png").write_bytes(png(64, 64))
    given = generate(
        bot_folder, "--recipe", "bot-1.png", "--subject", "subject.png", "--style", "style.png", "--out", "given.png"
    )
    assert given.returncode == 0, given.stderr
    assert np.array_equal(pixels(bot_folder.path / "given.png"), pixels(bot_folder.path / "bot-1.png"))
    assert not stored.exists(), "looking made no database"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--recipe", "7k3m9qx2vt0a-1"], "the bot knows no such picture"),
        (["--recipe", "no id at all"], "the bot knows no such picture"),
        (["--recipe", "missing.png"], "No such file"),
        (["--recipe", "plain.png"], "no recipe in that file"),
        (["--recipe", "plain.png", "--prompt", "a"], "--prompt does not go with --recipe"),
        (["--recipe", "x", "--seed", "1"], "--seed does not go with --recipe"),
        (["--recipe", "x", "--config", "broken.toml"], "broken.toml"),
    ],
)
def test_what_can_not_be_repeated_is_refused_in_one_line(
    bot_folder: BotFolder, arguments: list[str], said: str
) -> None:
    (bot_folder.path / "plain.png").write_bytes(png(64, 64))
    (bot_folder.path / "broken.toml").write_text("[web\n")
    refused = generate(bot_folder, *arguments, "--out", "no.png")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    assert said in refused.stderr
    assert not (bot_folder.path / "no.png").exists()
    assert not (bot_folder.path / "data").exists()
