"""Alembic without its ini file: the folder is found beside this module, the connection is handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, select

from storage.errors import SchemaUnknown

_UPGRADE_LOCK: Final = 0x75736F_626F74  # any number, as long as nobody else takes it: "uso bot" in ASCII


def configure(connection: Connection) -> Config:
    """Alembic's configuration for our folder, working on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def run_upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the steps that the database lacks up to `revision`, in the transaction of `connection`; others wait."""
    if connection.dialect.name == "postgresql":  # a transaction on SQLite has the database to itself
        connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
    config = configure(connection)
    scripts = ScriptDirectory.from_config(config)
    for found in MigrationContext.configure(connection).get_current_heads():
        try:
            scripts.get_revision(found)
        except CommandError as error:
            raise SchemaUnknown(found) from error
    command.upgrade(config, revision)


def run_downgrade(connection: Connection, revision: str) -> None:
    """Undo the steps after `revision` (`base`: all), in the transaction of `connection`."""
    command.downgrade(configure(connection), revision)


def read_revisions(connection: Connection) -> tuple[str | None, str, bool]:
    """The database's revision (None without tables), the newest one, and whether the former is known here."""
    scripts = ScriptDirectory.from_config(configure(connection))
    newest = scripts.get_current_head()
    assert newest is not None, "there are migrations"
    current = MigrationContext.configure(connection).get_current_revision()
    return current, newest, current is None or current in read_known_revisions()


def read_known_revisions() -> frozenset[str]:
    """Every revision of our folder."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    return frozenset(script.revision for script in scripts.walk_revisions())
