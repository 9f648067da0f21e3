"""`uso-bot web`: the password of the page, and tokens for programs; also while the bot runs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from bot.admin.arguments import BadInput, Person
from bot.bootstrap import StartError, SystemClock, open_database
from bot.config import ConfigError, load_all
from bot.domain.access import ApiToken, Scope
from bot.domain.actors import Actor
from bot.domain.audit import COMMAND_LINE
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text
from bot.messages.catalogs import load_catalogs
from bot.options import config_option
from bot.places import places
from bot.services.api_tokens import ApiTokens
from bot.services.passwords import Passwords
from bot.services.sign_in import SignIn

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Doors:
    """What the commands work with."""

    sign_in: SignIn
    tokens: ApiTokens


@click.group()
@config_option("The configuration of the bot.")
@click.pass_context
def web(context: click.Context, config_path: Path) -> None:
    """Decide who may use the page: its password, and tokens for programs. The bot may be running."""
    context.obj = config_path


@web.command()
@click.pass_obj
def password(config_path: Path) -> None:
    """Set the password of the page, typed twice or piped in; whoever is signed in has to sign in again."""
    typed = _read_password()
    _run(config_path, lambda doors: doors.sign_in.set_password(typed))
    click.echo("The password is set. Everybody signs in anew.")


@web.group()
def token() -> None:
    """Tokens with which programs use the page's interface."""


@token.command()
@click.argument("name")
@click.option(
    "--scope", type=click.Choice([scope.value for scope in Scope]), default="draw", show_default=True, help="What for."
)
@click.option("--for", "holder", type=Person(), default="web:local", show_default=True, help="Whose account it uses.")
@click.option("--days", type=int, help="For how long; until it is revoked without this.")
@click.pass_obj
def create(config_path: Path, name: str, scope: str, holder: Actor, days: int | None) -> None:
    """Make the token NAME and print it, this once."""
    issued = _run(
        config_path, lambda doors: doors.tokens.create(holder, name, Scope(scope), by=COMMAND_LINE, days=days)
    )
    click.echo(
        f"Keep it well, it is shown this once. Send it as “Authorization: Bearer {issued.secret[:8]}…”.", err=True
    )
    click.echo(issued.secret)


@token.command(name="list")
@click.pass_obj
def list_tokens(config_path: Path) -> None:
    """List the tokens, by name."""
    found = _run(config_path, lambda doors: doors.tokens.all())
    click.echo("\n".join(_described(one) for one in found) or "There are no tokens.")


@token.command()
@click.argument("name")
@click.pass_obj
def revoke(config_path: Path, name: str) -> None:
    """End the token NAME at once."""
    ended = _run(config_path, lambda doors: doors.tokens.revoke(name, by=COMMAND_LINE))
    click.echo(f"The token “{ended.name}” is revoked.")


def _read_password() -> str:
    """From a person without showing it, or the first line of what is piped in."""
    if sys.stdin.isatty():
        typed: str = click.prompt("New password", hide_input=True, confirmation_prompt="Once more")
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _described(one: ApiToken) -> str:
    until = f"until {one.expires_at:%Y-%m-%d}" if one.expires_at is not None else "until revoked"
    used = f"last used {one.used_at:%Y-%m-%d}" if one.used_at is not None else "never used"
    return f"{one.name:<24} {one.scope.value:<8} for {one.holder.key}, {until}, {used}"


def _run(config_path: Path, work: Callable[[Doors], Awaitable[Result]]) -> Result:
    try:
        config, _ = load_all(config_path, os.environ)
    except ConfigError as error:
        raise click.UsageError("\n".join(error.lines)) from error

    at = places(config, config_path.resolve().parent)

    async def run() -> Result:
        database = await open_database(at)
        try:
            open_unit, clock = database.unit_of_work, SystemClock()
            sign_in = SignIn(open_unit=open_unit, passwords=Passwords(), clock=clock)
            return await work(Doors(sign_in, ApiTokens(open_unit=open_unit, clock=clock)))
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except Rejected as rejected:
        raise BadInput(rejection_text(rejected, load_catalogs().for_locale(None))) from rejected
    except StartError as error:
        raise click.ClickException(str(error)) from error
