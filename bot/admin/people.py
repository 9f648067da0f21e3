"""People: what they have, what they may, and their data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.admin.arguments import Amount, BadInput, Person
from bot.admin.session import Tools, run
from bot.domain.actors import Actor
from bot.domain.audit import COMMAND_LINE
from bot.domain.credits import CREDIT, Booking, Credits
from bot.messages.cards import credits_number
from bot.services.accounts import AccountView
from bot.services.export import Export
from bot.services.privacy import Erasure


@click.command()
@click.argument("person", type=Person())
@click.pass_obj
def show(config_path: Path, person: Actor) -> None:
    """Tell what a person has, and how it came about."""

    async def work(tools: Tools) -> None:
        click.echo(_described(await tools.application.accounts.view(person)))

    run(config_path, work)


@click.command(context_settings={"ignore_unknown_options": True})  # so that -3 is a number
@click.argument("person", type=Person())
@click.argument("amount", type=Amount(), metavar="CREDITS")
@click.pass_obj
def grant(config_path: Path, person: Actor, amount: Credits) -> None:
    """Give bonus credits; a negative number takes some away."""

    async def work(tools: Tools) -> None:
        await tools.application.accounts.grant(person, amount, by=COMMAND_LINE)
        balance = await tools.application.accounts.balance(person)
        click.echo(f"{person.key} has {credits_number(balance.account.bonus)} bonus credits now.")

    run(config_path, work)


@click.command()
@click.argument("person", type=Person())
@click.argument("name")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="In UTC; for good without it.")
@click.pass_obj
def tier(config_path: Path, person: Actor, name: str, until: datetime | None) -> None:
    """Put a person into the tier NAME, or back with “default”."""
    ends = until.replace(tzinfo=UTC) if until is not None else None

    async def work(tools: Tools) -> None:
        await tools.application.accounts.set_tier(
            person, None if name == "default" else name, until=ends, by=COMMAND_LINE
        )
        balance = await tools.application.accounts.balance(person)
        click.echo(f"{person.key} is in the tier {balance.tier.name} now.")

    run(config_path, work)


@click.command()
@click.argument("person", type=Person())
@click.option("--reason", default="", help="For you; it is shown to nobody else.")
@click.pass_obj
def block(config_path: Path, person: Actor, reason: str) -> None:
    """Shut a person out of this bot."""

    async def work(tools: Tools) -> None:
        await tools.application.accounts.block(person, reason=reason, by=COMMAND_LINE)
        click.echo(f"{person.key} is blocked.")

    run(config_path, work)


@click.command()
@click.argument("person", type=Person())
@click.pass_obj
def unblock(config_path: Path, person: Actor) -> None:
    """Let a person in again."""

    async def work(tools: Tools) -> None:
        await tools.application.accounts.unblock(person, by=COMMAND_LINE)
        click.echo(f"{person.key} is not blocked any more.")

    run(config_path, work)


@click.command()
@click.argument("person", type=Person())
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export(config_path: Path, person: Actor, file: Path) -> None:
    """Write all data of a person into FILE, a zip."""

    async def work(tools: Tools) -> None:
        exporter = Export(open_unit=tools.database.unit_of_work, images=tools.images, clock=tools.clock)
        await exporter(person, opened, by=COMMAND_LINE)

    try:
        with file.open("xb") as opened:
            run(config_path, work)
    except FileExistsError as error:
        raise BadInput(f"{file} is there already; choose another name.") from error
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror or error}.") from error
    except BaseException:
        file.unlink()
        raise
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB.")


@click.command()
@click.argument("person", type=Person())
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(config_path: Path, person: Actor, *, yes: bool) -> None:
    """Delete everything of a person for good: requests, pictures, style cards, credits."""
    if not yes:
        click.confirm(f"Delete everything of {person.key} for good?", abort=True)

    async def work(tools: Tools) -> None:
        erasure = Erasure(
            open_unit=tools.database.unit_of_work,
            keeper=tools.keeper,
            scrubber=tools.database,
            clock=tools.clock,
            is_scrub_due=True,
        )
        erased = await erasure.remove_rows(person, by=COMMAND_LINE)
        await erasure.remove_traces(erased)
        if erased is None:
            click.echo(f"Nothing is stored of {person.key}.")
        else:
            click.echo(f"Everything of {person.key} is deleted.")

    run(config_path, work)


def _described(view: AccountView) -> str:
    balance, user = view.balance, view.user
    left = "without limit" if balance.tier.daily is None else f"{credits_number(balance.account.left)} left"
    until = f", until {user.tier_until:%Y-%m-%d %H:%M} UTC" if user.tier is not None and user.tier_until else ""
    lines = [
        f"{'known as':<12}"
        + ", ".join(f"{one.platform.value}:{one.external_id} {one.name}".rstrip() for one in view.identities),
        f"{'since':<12}{user.created_at:%Y-%m-%d}",
        f"{'tier':<12}{balance.tier.name}{until}",
        f"{'credits':<12}{left}, {credits_number(balance.account.bonus)} of them bonus; "
        f"filled up {balance.resets_at:%Y-%m-%d %H:%M} UTC",
    ]
    if user.blocked_at is not None:
        lines.append(f"{'blocked':<12}{user.blocked_at:%Y-%m-%d %H:%M} UTC {user.block_reason}".rstrip())
    lines += [_line(booking) for booking in view.bookings]
    return "\n".join(lines)


def _line(booking: Booking) -> str:
    what = " ".join(part for part in (booking.kind.value, booking.job_id or "", booking.by) if part)
    return f"{'':<12}{booking.at:%Y-%m-%d %H:%M} {booking.total / CREDIT:>+10.2f}  {what}"
