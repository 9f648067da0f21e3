"""The bot at work: its queue, its mode, its engine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from adapters.control.wire import (
    AskErrors,
    AskOutbox,
    AskQueue,
    AskStats,
    CancelJob,
    Drain,
    Entry,
    Errors,
    Outbox,
    Pause,
    Queue,
    RestartEngine,
    Resume,
    Stats,
)
from bot.admin.session import control

_MINUTE_S: Final = 60.0


@click.command()
@click.pass_obj
def pause(config_path: Path) -> None:
    """Let the picture in work be finished and begin no other; new requests wait."""
    control(config_path, Pause(), only_running=True)
    click.echo("Paused. What waits stays waiting; `uso-bot admin resume` goes on.")


@click.command()
@click.pass_obj
def drain(config_path: Path) -> None:
    """Work off what waits and take nothing new, before an update."""
    control(config_path, Drain(), only_running=True)
    click.echo("Draining. `uso-bot admin queue` tells when nothing is left; `uso-bot admin resume` goes back.")


@click.command()
@click.pass_obj
def resume(config_path: Path) -> None:
    """Go back to normal after a pause or a drain."""
    control(config_path, Resume(), only_running=True)
    click.echo("Running.")


@click.command("restart-engine")
@click.pass_obj
def restart_engine(config_path: Path) -> None:
    """Start the engine's process afresh; the picture in work goes back to the queue and is next."""
    control(config_path, RestartEngine(), only_running=True)
    click.echo("The engine starts afresh.")


@click.command()
@click.pass_obj
def stats(config_path: Path) -> None:
    """Tell what the bot does at this moment, and what it did in the last 24 hours."""
    answer = control(config_path, AskStats())
    assert isinstance(answer, Stats), "what was asked for"
    one = f"{answer.median_s:.0f} s for one (median)" if answer.median_s is not None else "none timed"
    click.echo(
        f"{'mode':<10}{answer.mode}\n"
        f"{'engine':<10}{' '.join((answer.engine, answer.engine_label)).rstrip()}\n"
        f"{'queue':<10}{answer.waiting} waiting of {answer.people} people, {answer.running} in work\n"
        f"{'24 hours':<10}{answer.pictures} pictures, {one}; {answer.failures} requests failed"
    )


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Requests shown at most.")
@click.pass_obj
def queue(config_path: Path, limit: int) -> None:
    """List what is in work and what waits, in the order of work."""
    answer = control(config_path, AskQueue(limit))
    assert isinstance(answer, Queue), "what was asked for"
    if not answer.total:
        click.echo("Nothing waits.")
        return
    for entry in answer.entries:
        click.echo(_line(entry))
    if answer.total > len(answer.entries):
        click.echo(f"... and {answer.total - len(answer.entries)} more")


@click.command()
@click.pass_obj
def outbox(config_path: Path) -> None:
    """List what a chat still has to be told, and why it was not yet."""
    answer = control(config_path, AskOutbox())
    assert isinstance(answer, Outbox), "what was asked for"
    for one in answer.deliveries:
        why = f": {one.last_error}" if one.last_error else ""
        click.echo(f"{one.job_id:<14}{one.platform:<10}{one.attempts} tries, next {one.due_at:%Y-%m-%d %H:%M}{why}")
    if answer.total > len(answer.deliveries):
        click.echo(f"... and {answer.total - len(answer.deliveries)} more")
    if not answer.total:
        click.echo("Everything is delivered.")


@click.command()
@click.pass_obj
def errors(config_path: Path) -> None:
    """List the latest errors of the bot that runs, newest first; older ones are in its log."""
    answer = control(config_path, AskErrors(), only_running=True)
    assert isinstance(answer, Errors), "what was asked for"
    for note in answer.notes:
        job = f" job {note.job}" if note.job else ""
        click.echo(f"{note.at:%Y-%m-%d %H:%M}  {note.where}{job}: {note.words}")
    if not answer.notes:
        click.echo("No error since the start.")


@click.command()
@click.argument("job_id", metavar="JOB")
@click.pass_obj
def cancel(config_path: Path, job_id: str) -> None:
    """End a request, whosever it is; what was not drawn is given back."""
    control(config_path, CancelJob(job_id))
    click.echo(f"{job_id} is cancelled.")


def _line(entry: Entry) -> str:
    waited = f"{entry.waited_s / _MINUTE_S:.0f} min" if entry.waited_s >= _MINUTE_S else f"{entry.waited_s:.0f} s"
    who = f"{entry.owner} {entry.name}".rstrip() or "somebody who left"
    return f"{entry.job_id:<14}{entry.title:<24}{waited:>8}  {who}: {entry.prompt or '(no words)'}"
