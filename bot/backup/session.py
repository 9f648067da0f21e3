"""What the commands begin with, and how they tell what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.archive import BackupDamaged
from bot.backup.restoring import RestoreRefused
from bot.bootstrap import AlreadyRunning
from bot.config import ConfigError, load_all
from bot.places import Places, places
from bot.ports.storage import StorageUnavailable
from storage.dumps import DumpFailed
from storage.errors import DatabaseUnsupported, SchemaUnknown


def configured_places(config_path: Path) -> Places:
    """Where things are, by the configuration. A mistake in it ends the command."""
    try:
        config, _ = load_all(config_path, os.environ)
    except ConfigError as error:
        raise click.UsageError("\n".join(error.lines)) from error
    return places(config, config_path.resolve().parent)


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Make one sentence of whatever goes wrong."""
    try:
        yield
    except AlreadyRunning as error:
        raise click.ClickException(f"The bot is running; stop it first. ({error})") from error
    except FileExistsError as error:
        raise click.UsageError(f"{file} is there already; choose another name.") from error
    except (BackupDamaged, DumpFailed, RestoreRefused, DatabaseUnsupported) as error:
        raise click.ClickException(f"{file}: {error.args[0]}") from error
    except SchemaUnknown as error:
        raise click.ClickException(f"The database is of a newer bot (revision {error.revision}); update it.") from error
    except StorageUnavailable as error:
        words = f"The database can not be reached: {' '.join(error.reason.split())}."
        raise click.ClickException(words) from error
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database can not be used: {type(error).__name__}.") from error
    except OSError as error:
        raise click.UsageError(f"{error.filename or file}: {error.strerror or error}.") from error
