"""Where a card lives on Discord, as data that is stored with its job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.actors import Platform, ReplyAddress
from bot.domain.jobs import Job

DEFAULT_FILE_LIMIT_BYTES: Final = 10 * 1024 * 1024
_LAST_MOMENT: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class CardAddress:
    """One message: by its interaction's token while that lives (15 minutes), then by its channel.

    `file_limit_bytes` is what one file sent with the token may have; elsewhere other limits hold. What
    `is_age_restricted` came from an age-restricted channel and is not shown to everybody outside of such.
    """

    application_id: int
    token: str = field(repr=False)
    expires_at: datetime
    message_id: int
    channel_id: int | None
    guild_id: int | None
    user_id: int
    file_limit_bytes: int
    is_ephemeral: bool
    is_age_restricted: bool = False

    def token_lives(self, now: datetime) -> bool:
        """Whether an edit begun `now` will still find the token valid."""
        return now + _LAST_MOMENT < self.expires_at

    def as_reply(self) -> ReplyAddress:
        """The address as stored: snowflakes as text, since not every JSON reader keeps 64 bits."""
        return ReplyAddress(
            Platform.DISCORD,
            {
                "application_id": str(self.application_id),
                "token": self.token,
                "expires_at": self.expires_at.isoformat(),
                "message_id": str(self.message_id),
                "channel_id": _text(self.channel_id),
                "guild_id": _text(self.guild_id),
                "user_id": str(self.user_id),
                "file_limit_bytes": self.file_limit_bytes,
                "is_ephemeral": int(self.is_ephemeral),
                "is_age_restricted": int(self.is_age_restricted),
            },
        )


def read_address(reply: ReplyAddress) -> CardAddress:
    """Read what `CardAddress.as_reply` wrote; raises ValueError when it is something else."""
    data = reply.data
    try:
        return CardAddress(
            application_id=_number(data, "application_id"),
            token=str(data["token"]),
            expires_at=datetime.fromisoformat(str(data["expires_at"])).astimezone(UTC),
            message_id=_number(data, "message_id"),
            channel_id=_number_or_none(data, "channel_id"),
            guild_id=_number_or_none(data, "guild_id"),
            user_id=_number(data, "user_id"),
            file_limit_bytes=_number(data, "file_limit_bytes"),
            is_ephemeral=bool(_number(data, "is_ephemeral")),
            is_age_restricted=bool(data.get("is_age_restricted")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a Discord address: {error}") from error


def address_of(job: Job) -> CardAddress | None:
    """Where the job's card lives; None if that is not on Discord, or was scrubbed with its owner's data."""
    reply = job.reply_to
    if reply is None or reply.platform is not Platform.DISCORD:
        return None
    try:
        return read_address(reply)
    except ValueError:
        return None


def _text(snowflake: int | None) -> str | None:
    return None if snowflake is None else str(snowflake)


def _number(data: Mapping[str, str | int | None], name: str) -> int:
    value = data[name]
    if value is None:
        raise KeyError(name)
    return int(value)


def _number_or_none(data: Mapping[str, str | int | None], name: str) -> int | None:
    return None if data[name] is None else _number(data, name)
