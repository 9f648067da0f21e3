"""Keeping the folders tidy."""

from __future__ import annotations

from pathlib import Path

import click

from bot.admin.session import Tools, run
from bot.services.retention import Retention


@click.command()
@click.pass_obj
def collect(config_path: Path) -> None:
    """Remove the pictures that [retention] lets go, and files that nothing names."""

    async def work(tools: Tools) -> None:
        retention = Retention(
            settings=tools.config.retention.as_settings(),
            images=tools.images,
            open_unit=tools.database.unit_of_work,
            keeper=tools.keeper,
            clock=tools.clock,
        )
        done = await retention.collect(tools.clock.now())
        click.echo(
            f"{done.results} results and {done.references} references let go, {done.files} files removed; "
            f"{done.stored_bytes / 1e6:.1f} MB are stored."
        )

    run(config_path, work)
