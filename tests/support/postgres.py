"""A PostgreSQL server of our own: in a temporary folder, reached by a socket in it, gone at the end."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

_ACCOUNT: Final = "postgres"
_START_S: Final = 60.0
# Nothing here has to survive the machine; what transactions see of one another stays as it is in earnest.
_SPEED: Final = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "60"}


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres (Debian keeps it off the PATH), or None."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda folder: int(folder.parent.name))


def require_programs() -> Path:
    """The same, or the test is skipped with a reason; CI has PostgreSQL, so there it fails."""
    programs = postgres_programs()
    if programs is None:
        reason = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return programs


class Cluster:
    """A server that runs; see `running_cluster`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._numbers = itertools.count(1)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def data_folder(self) -> Path:
        """Where the server keeps its files."""
        return self._folder / "data"

    def url(self, database: str) -> str:
        """The URL of a database, as an operator would write it."""
        return f"postgresql://{_ACCOUNT}@/{database}?host={self._folder}"

    def create(self, template: str = "template1") -> str:
        """Make a database, a copy of `template`, to which nobody may be connected; returns its name."""
        name = f"test_{next(self._numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, database: str) -> None:
        """Remove a database and throw out whoever is connected."""
        self.run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the server's owner and return its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def init(self) -> None:
        """Write the files of a fresh server."""
        arguments = ["-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [self._programs / "initdb", "-D", self.data_folder, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            **_as_owner(),
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {**_SPEED, "listen_addresses": "", "unix_socket_directories": str(self._folder)}
        arguments = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data_folder, *arguments], stdout=log, stderr=log, **_as_owner()
            )
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.run("SELECT 1")
                return
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    said = (self._folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL does not start: {said}") from None
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT throws everybody out, SIGQUIT is as good as a crash."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(_START_S)
            self._server = None


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a fresh server and stop it."""
    programs = require_programs()
    # Not pytest's folder: a socket's path is short, and the server runs under an account that may not look in there.
    folder = Path(tempfile.mkdtemp(prefix="uso-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _ACCOUNT)
    cluster = Cluster(programs, folder)
    try:
        cluster.init()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; Debian's package brings an account for it."""
    return {"user": _ACCOUNT, "group": _ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
