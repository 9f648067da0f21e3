"""Alembic without its ini file: the folder is found beside this module, the connection is handed over."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from storage.errors import SchemaUnknown


def configure(connection: Connection) -> Config:
    """Alembic's configuration for our folder, working on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def run_upgrade(connection: Connection) -> None:
    """Run all steps that the database lacks, in the transaction of `connection`."""
    config = configure(connection)
    scripts = ScriptDirectory.from_config(config)
    for revision in MigrationContext.configure(connection).get_current_heads():
        try:
            scripts.get_revision(revision)
        except CommandError as error:
            raise SchemaUnknown(revision) from error
    command.upgrade(config, "head")


def run_downgrade(connection: Connection, revision: str) -> None:
    """Undo the steps after `revision` (`base`: all), in the transaction of `connection`."""
    command.downgrade(configure(connection), revision)
