"""What comes from the operator's side: settings, backups, the control socket."""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.control.wire import read_answer, read_request
from bot.backup.archive import BackupDamaged, content_of
from bot.backup.reading import read_backup
from bot.config import ConfigError, parse_config
from bot.config.env_file import read_env_file
from tests.fuzz.examples import ANY_TEXT, bent, bent_text, fuzzed

_TOML = bent_text(
    "[web]\n", "port = 1\n", "[[quotas.tiers]]\n", 'name = "a"\n', "'''", '"""', "a.b = {c = [1, 2]}\n", "="
)
_ENV = bent_text("A=1\n", "export B='x y'\n", '"', "# c\n", "=", "$(x)")
_REQUESTS = [b'{"kind":"pause"}', b'{"kind":"askqueue","limit":9}', b'{"kind":"canceljob","job_id":"a"}']


def archive() -> bytes:
    """A small backup without meaning: whole, and of a database that is none."""
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    manifest = {
        "format": 1,
        "version": "1",
        "made_at": "",
        "database": "sqlite",
        "revision": "0001",
        "with_pictures": False,
        "members": {"database": {"size": 1, "sha256": digest}},
    }
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:") as opened:
        for name, data in (("database", b"x"), ("manifest.json", json.dumps(manifest).encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            opened.addfile(info, io.BytesIO(data))
    return target.getvalue()


def test_the_archive_is_one_to_begin_with(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(archive())
    assert read_backup(tmp_path / "a.tar", lambda _content, _name: None).revision == "0001"


@fuzzed
@given(data=bent(archive()))
def test_backups(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.tar"
    file.write_bytes(data)
    opened: list[str] = []
    with contextlib.suppress(BackupDamaged):
        read_backup(file, lambda _content, name: opened.append(name))
    assert all(content_of(name) is not None for name in opened)


@fuzzed
@given(text=st.one_of(ANY_TEXT, _TOML))
def test_settings(text: str) -> None:
    config, mistakes = parse_config(text)
    assert config.web.enabled in {True, False}
    assert all(str(mistake) for mistake in mistakes)


@fuzzed
@given(text=st.one_of(ANY_TEXT, _ENV))
def test_env_files(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.env"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    values: dict[str, str] = {}
    with contextlib.suppress(ConfigError):
        values = read_env_file(file)
    assert all(name.isidentifier() and name.isascii() for name in values)


@fuzzed
@given(line=bent(*_REQUESTS))
def test_control_requests(line: bytes) -> None:
    for read in (read_request, read_answer):
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            read(line)
