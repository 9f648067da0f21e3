"""Deciding about pictures, and what was decided."""

from __future__ import annotations

from pathlib import Path

import click

from adapters.control.wire import CloseReport
from bot.admin.session import Tools, control, run


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Entries shown at most.")
@click.pass_obj
def audit(config_path: Path, limit: int) -> None:
    """Tell who decided what, newest first."""

    async def work(tools: Tools) -> None:
        async with tools.database.unit_of_work() as unit:
            entries = await unit.audit.recent(limit=limit)
        for entry in entries:
            what = " ".join(part for part in (entry.action.value, entry.subject, entry.detail) if part)
            click.echo(f"{entry.at:%Y-%m-%d %H:%M}  {entry.by}: {what}")
        if not entries:
            click.echo("Nothing was decided yet.")

    run(config_path, work)


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Reports shown at most.")
@click.pass_obj
def reports(config_path: Path, limit: int) -> None:
    """List the reports that wait for a decision, oldest first."""

    async def work(tools: Tools) -> None:
        async with tools.database.unit_of_work() as unit:
            found = await unit.reports.open(limit=limit)
        for one in found:
            picture = f"{one.job_id} picture {one.index + 1}"
            click.echo(f"{one.id:<6}{one.at:%Y-%m-%d %H:%M}  {picture}, by {one.by}: {one.reason}")
        if not found:
            click.echo("No report is open.")

    run(config_path, work)


@click.command("close-report")
@click.argument("report_id", type=int, metavar="REPORT")
@click.option("--delete", "delete_picture", is_flag=True, help="Delete the request with its pictures and its message.")
@click.pass_obj
def close_report(config_path: Path, report_id: int, *, delete_picture: bool) -> None:
    """Decide about a report: the picture stays, or goes with --delete."""
    control(config_path, CloseReport(report_id, delete_picture))
    click.echo(f"Report {report_id} is closed; the picture is {'deleted' if delete_picture else 'kept'}.")
