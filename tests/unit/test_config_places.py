"""Mistakes in the configuration are told with their lines and columns, all at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ConfigError, load_config
from bot.config.positions import SettingPath, find_places

DEFAULTS = Path(__file__).parents[2] / "bot/config/default.toml"


def told(tmp_path: Path, text: str) -> list[str]:
    """Every line, from its number on."""
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(file)
    return [line.removeprefix(f"{file}:") for line in error.value.lines]


def test_each_mistake_has_its_place(tmp_path: Path) -> None:
    text = """# a comment
[web]
port = "many"   # not a number
prot = 1
[engine]
  device = 'tpu'
[quotas]
default_tier = "gold"
[[quotas.tiers]]
name = "free"
daily_credits = 1.0
[[quotas.tiers]]
name = "free"
daily_credits = "no"
[colour]
x = 1
[operators]
people = [
  "discord:1",
  "ada",
]
[limits]
min_side_px = 2000
max_side_px = 1000
"""
    assert told(tmp_path, text) == [
        "3:8: web.port: should be a valid integer",
        '4:1: web.prot: there is no such setting; did you mean "port"?',
        "6:12: engine.device: should be 'auto', 'cpu' or 'cuda'",
        "14:17: quotas.tiers.1.daily_credits: should be a valid number, or should be 'unlimited'",
        "15:1: colour: there is no such section",
        "20:3: operators.people.1: should match pattern '^(discord|telegram):-?\\d{1,32}$'",
        "23:15: limits.min_side_px: must not be larger than limits.max_side_px",
    ]


def test_what_does_not_fit_together_is_told_where_it_stands(tmp_path: Path) -> None:
    text = """[quotas]
page_tier = "gold"
[[quotas.tiers]]
name = "free"
daily_credits = 1.0
[[quotas.tiers]]
name = "free"
daily_credits = 2
[[quotas.tiers]]
daily_credits = 2
"""
    assert told(tmp_path, text) == ["9:1: quotas.tiers.2.name: is missing"]
    assert told(tmp_path, text[: text.rindex("[[")]) == [
        "2:13: quotas.page_tier: there is no tier 'gold'",
        "7:8: quotas.tiers.1.name: 'free' is there twice",
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[wbe]\n", 'did you mean "web"?'),
        ("[web]\nweights_folder = 'w'\n", "it belongs under [engine]"),
        ("[discord]\ntoken = 'x'\n", "secrets belong into the environment or the file .env, never here"),
        ("[[quotas.tiers]]\nname = 'free'\ndaily_credits = 1\nwheight = 2\n", 'did you mean "weight"?'),
        ("port = 8080\n", "it belongs under [web]"),
        ("weights_foldr = 'w'\n", 'did you mean "weights_folder" under [engine]?'),
        ("[web]\nnonsense = 1\n", ""),
    ],
)
def test_an_unknown_name_gets_a_hint(tmp_path: Path, text: str, meant: str) -> None:
    lines = told(tmp_path, text)
    assert any(line.endswith(meant or "there is no such setting") for line in lines), lines


def test_several_faults_of_writing_are_told_with_the_wrong_values_beside_them(tmp_path: Path) -> None:
    text = """[web]
port 8080
host = "127.0.0.1
enabled = 1
[engine]
device = [
[limits]
max_steps = 0
[web]
port = 1
"""
    lines = told(tmp_path, text)
    assert [line.split(":")[0] for line in lines] == ["2", "3", "4", "6", "8", "9"]
    assert "web.enabled: should be a valid boolean" in lines[2]
    assert "limits.max_steps" in lines[4]
    assert "Cannot declare" in lines[5]


def test_a_file_of_windows_and_one_with_a_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf[web]\r\nport = 1\r\n\r\nprot = 2\r\n")
    with pytest.raises(ConfigError) as error:
        load_config(file)
    assert error.value.lines == [f'{file}:4:1: web.prot: there is no such setting; did you mean "port"?']
    file.write_bytes(b"[web]\nhost = '\xff'\n")
    with pytest.raises(ConfigError, match="not text in UTF-8"):
        load_config(file)


def paths_in(data: Any, path: SettingPath = ()) -> set[SettingPath]:
    entries = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    inner = {one for key, value in entries for one in paths_in(value, (*path, key))}
    return {(*path, key) for key, _ in entries} | inner


def test_every_setting_of_the_defaults_is_found_on_its_line() -> None:
    text = DEFAULTS.read_text(encoding="utf-8")
    places = find_places(text)
    assert set(places) == paths_in(tomllib.loads(text))
    lines = text.splitlines()
    for path, place in places.items():
        if isinstance(path[-1], str) and not lines[place.name.line - 1].startswith("["):
            assert lines[place.name.line - 1].startswith(f"{path[-1]} = "), path


SCALARS = st.one_of(st.booleans(), st.integers(-9, 9), st.floats(0, 9), st.text(max_size=9), st.dates(), st.datetimes())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=9,
)


@given(data=st.dictionaries(st.text(min_size=1, max_size=6), VALUES, max_size=5))
def test_whatever_a_file_holds_its_places_are_found(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    assert set(find_places(text)) == paths_in(tomllib.loads(text))


@given(text=st.text(alphabet=st.sampled_from("[]{}=\"'#,.\\ \n\tab1é-"), max_size=60))
def test_no_text_breaks_the_reading(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(text, encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        data = {"": "no TOML"}
    if data:
        with pytest.raises(ConfigError) as error:
            load_config(file)
        assert error.value.lines
    else:
        load_config(file)
