"""What people write behind a command."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

import click

from bot.domain.actors import Actor, Platform
from bot.domain.credits import CREDIT, Credits

_MOST_DIGITS: Final = 12


class BadInput(click.ClickException):
    """Something the operator can mend: one line, exit code 2."""

    exit_code = 2


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


def _known_id(external_id: str) -> str:
    if not external_id or not external_id.isprintable() or len(external_id) > 64:
        raise ValueError(external_id)
    return external_id
