"""`uso-bot admin`: looking at people and deciding about them, also while the bot runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import click

from adapters.engine.style_tokens import StyleTokenFolder
from bot.bootstrap import (
    Places,
    StartError,
    SystemClock,
    open_database,
    pictures_folder,
    pictures_lock,
    places,
    style_cache_folder,
)
from bot.config import Config, ConfigError, load_all
from bot.domain.actors import Actor, Platform
from bot.domain.audit import COMMAND_LINE
from bot.domain.credits import CREDIT, Booking, Credits
from bot.domain.errors import Rejected
from bot.messages.cards import credits_number, rejection_text
from bot.messages.catalogs import load_catalogs
from bot.options import config_option
from bot.services.accounts import Accounts, AccountView
from bot.services.export import Export
from bot.services.keeping import PictureKeeper
from bot.services.privacy import Erasure
from bot.services.quotas import Quotas
from bot.services.retention import Retention
from storage.database import Database
from storage.image_store import FolderImageStore

_MOST_DIGITS: Final = 12


class BadInput(click.ClickException):
    """Something the operator can mend: one line, exit code 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Tools:
    """What the commands work with."""

    config: Config
    at: Places
    database: Database
    accounts: Accounts
    images: FolderImageStore
    keeper: PictureKeeper
    clock: SystemClock


Work = Callable[[Tools], Awaitable[None]]


class Person(click.ParamType[Actor]):
    """An identity such as `discord:80351110224678912`."""

    name = "person"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Actor:
        """Read it."""
        platform, _, external_id = value.partition(":")
        try:
            return Actor(Platform(platform.lower()), _known_id(external_id))
        except ValueError:
            self.fail(f"{value!r} is no person; write discord:ID, telegram:ID or web:local.", param, ctx)


class Amount(click.ParamType[Credits]):
    """Credits with two decimals at most, as hundredths."""

    name = "credits"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Credits:
        """Read it."""
        try:
            hundredths = Decimal(value) * CREDIT
            if len(value) > _MOST_DIGITS or hundredths != hundredths.to_integral_value():
                raise InvalidOperation
        except InvalidOperation:
            self.fail(f"{value!r} is no number of credits; write one like 10, 2.5 or -3.", param, ctx)
        return int(hundredths)


@click.group()
@config_option("The configuration of the bot.")
@click.pass_context
def admin(context: click.Context, config_path: Path) -> None:
    """Look after people: discord:ID, telegram:ID or web:local. The bot may be running."""
    context.obj = config_path


@admin.command()
@click.argument("person", type=Person())
@click.pass_obj
def show(config_path: Path, person: Actor) -> None:
    """Tell what a person has, and how it came about."""

    async def work(tools: Tools) -> None:
        click.echo(_described(await tools.accounts.view(person)))

    _run(config_path, work)


@admin.command(context_settings={"ignore_unknown_options": True})  # so that -3 is a number
@click.argument("person", type=Person())
@click.argument("amount", type=Amount(), metavar="CREDITS")
@click.pass_obj
def grant(config_path: Path, person: Actor, amount: Credits) -> None:
    """Give bonus credits; a negative number takes some away."""

    async def work(tools: Tools) -> None:
        await tools.accounts.grant(person, amount, by=COMMAND_LINE)
        balance = await tools.accounts.balance(person)
        click.echo(f"{person.key} has {credits_number(balance.account.bonus)} bonus credits now.")

    _run(config_path, work)


@admin.command()
@click.argument("person", type=Person())
@click.argument("name")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="In UTC; for good without it.")
@click.pass_obj
def tier(config_path: Path, person: Actor, name: str, until: datetime | None) -> None:
    """Put a person into the tier NAME, or back with “default”."""
    ends = until.replace(tzinfo=UTC) if until is not None else None

    async def work(tools: Tools) -> None:
        await tools.accounts.set_tier(person, None if name == "default" else name, until=ends, by=COMMAND_LINE)
        balance = await tools.accounts.balance(person)
        click.echo(f"{person.key} is in the tier {balance.tier.name} now.")

    _run(config_path, work)


@admin.command()
@click.argument("person", type=Person())
@click.option("--reason", default="", help="For you; it is shown to nobody else.")
@click.pass_obj
def block(config_path: Path, person: Actor, reason: str) -> None:
    """Shut a person out of this bot."""

    async def work(tools: Tools) -> None:
        await tools.accounts.block(person, reason=reason, by=COMMAND_LINE)
        click.echo(f"{person.key} is blocked.")

    _run(config_path, work)


@admin.command()
@click.argument("person", type=Person())
@click.pass_obj
def unblock(config_path: Path, person: Actor) -> None:
    """Let a person in again."""

    async def work(tools: Tools) -> None:
        await tools.accounts.unblock(person, by=COMMAND_LINE)
        click.echo(f"{person.key} is not blocked any more.")

    _run(config_path, work)


@admin.command()
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
            _run(config_path, work)
    except FileExistsError as error:
        raise BadInput(f"{file} is there already; choose another name.") from error
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror or error}.") from error
    except BaseException:
        file.unlink()
        raise
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB.")


@admin.command()
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

    _run(config_path, work)


@admin.command()
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

    _run(config_path, work)


def _run(config_path: Path, work: Work) -> None:
    try:
        config, _ = load_all(config_path, os.environ)
    except ConfigError as error:
        raise click.UsageError("\n".join(error.lines)) from error
    try:
        asyncio.run(_with_tools(config, config_path.resolve().parent, work))
    except Rejected as rejected:
        raise BadInput(rejection_text(rejected, load_catalogs().for_locale(None))) from rejected
    except StartError as error:
        raise click.ClickException(str(error)) from error


async def _with_tools(config: Config, base: Path, work: Work) -> None:
    async with _opened(config, places(config, base)) as tools:
        await work(tools)


@asynccontextmanager
async def _opened(config: Config, at: Places) -> AsyncIterator[Tools]:
    database = await open_database(at)
    images = FolderImageStore(pictures_folder(at), is_guest=True)
    clock = SystemClock()
    accounts = Accounts(
        open_unit=database.unit_of_work,
        quotas=Quotas(config.quotas.as_tiers()),
        limits=config.limits.as_limits(),
        clock=clock,
    )
    keeper = PictureKeeper(
        images=images,
        open_unit=database.unit_of_work,
        style_tokens=StyleTokenFolder(style_cache_folder(at)),
        storing=pictures_lock(at),
    )
    try:
        yield Tools(config, at, database, accounts, images, keeper, clock)
    finally:
        await database.close()


def _known_id(external_id: str) -> str:
    if not external_id or not external_id.isprintable() or len(external_id) > 64:
        raise ValueError(external_id)
    return external_id


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
