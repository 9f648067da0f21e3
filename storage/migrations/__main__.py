"""For developers: write the next migration step, see the package's docstring."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import upgrade
from storage.migrations.runner import configure
from storage.sql.connections import open_engine


def _write_step(connection: Connection, message: str) -> None:
    config = configure(connection)
    count = sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions())
    command.revision(config, message=message, autogenerate=True, rev_id=f"{count + 1:04d}")


async def _compare(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'scratch.db'}"
        await upgrade(url)
        engine = open_engine(url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_write_step, message)
        finally:
            await engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m storage.migrations", description=__doc__)
    parser.add_argument("message", help="what changes, as the new module's name")
    asyncio.run(_compare(parser.parse_args().message))
