"""The configuration reports all mistakes at once, and its documented file is the defaults."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, load_config, read_secrets
from bot.domain.limits import Limits

SHIPPED = Path(__file__).parents[2] / "bot/config/default.toml"


def test_the_shipped_file_names_every_setting_with_its_default() -> None:
    assert load_config(SHIPPED) == Config()
    assert tomllib.loads(SHIPPED.read_text(encoding="utf-8")) == Config().model_dump()
    assert Config().limits.as_limits() == Limits()


def test_a_clone_has_the_same_file_to_be_changed() -> None:
    assert (SHIPPED.parents[2] / "config.toml").read_text(encoding="utf-8") == SHIPPED.read_text(encoding="utf-8")


def test_every_setting_has_a_comment() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        if " = " in line and not line.startswith("#"):
            assert before.startswith("# "), f"no comment above: {line}"


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path / "none.toml") == Config()


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[web]\nport = "many"\nprot = 1\n[engine]\ndevice = "tpu"\nstep_timeout_s = 0.0\n[colour]\n')
    with pytest.raises(ConfigError) as error:
        load_config(file)
    text = "\n".join(error.value.mistakes)
    for name in ("web.port", "web.prot: there is no such setting", "engine.device", "engine.step_timeout_s", "colour"):
        assert name in text
    assert len(error.value.mistakes) == 5


def test_broken_toml_and_crossed_limits_are_one_mistake(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for text, word in (("[web", "Expected"), ("[limits]\nmin_side_px = 1024\nmax_side_px = 512\n", "min_side_px")):
        file.write_text(text)
        with pytest.raises(ConfigError, match=word):
            load_config(file)


def test_operators_are_named_by_platform_and_id(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[operators]\npeople = ["discord:80351110224678912", "telegram:42"]\n')
    assert load_config(file).operators.people == ["discord:80351110224678912", "telegram:42"]
    file.write_text('[operators]\npeople = ["ada", "web:local", "discord:"]\n')
    with pytest.raises(ConfigError) as error:
        load_config(file)
    assert [mistake.split(":")[0] for mistake in error.value.mistakes] == [f"operators.people.{at}" for at in range(3)]


@pytest.mark.parametrize(
    "address",
    [
        "pictures.example.org",
        "ftp://a.example",
        "https://",
        "https://a.example/?x=1",
        "https://me:pw@a.example",
        "https://a.example:x",
        "https://a b",
    ],
)
def test_a_public_address_is_checked(tmp_path: Path, address: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[web]\npublic_url = "{address}"\n')
    with pytest.raises(ConfigError, match=r"web\.public_url"):
        load_config(file)


def test_a_public_address_has_a_name_and_no_slash_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[web]\npublic_url = "https://Pictures.example.org:8443/uso/"\n')
    web = load_config(file).web
    assert (web.public_url, web.public_name) == ("https://Pictures.example.org:8443/uso", "pictures.example.org")
    assert Config().web.public_name == ""


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://bot.example.org/telegram", True),
        ("https://bot.example.org:8443", True),
        ("http://127.0.0.1:8081/hook", True),
        ("bot.example.org", False),
        ("ftp://bot.example.org", False),
        ("https://bot.example.org/hook?x=1", False),
        ("https:///hook", False),
    ],
)
def test_a_webhook_is_a_plain_address(tmp_path: Path, url: str, is_taken: bool) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[telegram]\nwebhook_url = "{url}"\n')
    if is_taken:
        assert load_config(file).telegram.webhook_url == url
    else:
        with pytest.raises(ConfigError, match=r"telegram\.webhook_url"):
            load_config(file)


def test_secrets_come_from_the_environment_and_never_show() -> None:
    secrets = read_secrets({"DISCORD_TOKEN": " abc.def ", "TELEGRAM_TOKEN": ""})
    assert secrets.telegram_token is None
    assert secrets.discord_token is not None
    assert secrets.discord_token.get_secret_value() == "abc.def"
    assert "abc" not in f"{secrets!r} {secrets} {secrets.model_dump()}"
