"""What the place of an interaction lets the bot do and show."""

from __future__ import annotations

from typing import Any, Final

from discord import DMChannel, GroupChannel, Interaction, Permissions, Thread

_NEEDED: Final = ("view_channel", "read_message_history", "attach_files")
"""What the bot needs to change its card, or to post it anew, once the interaction's token has ended."""


class PermissionsMissing(Exception):  # noqa: N818 -- a refusal, not a fault
    """The bot lacks permissions in the channel it was asked in; `names` are Discord's, such as `attach_files`."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def require_permissions(interaction: Interaction[Any]) -> None:
    """Raise `PermissionsMissing` where the result could not be delivered later.

    Only asked of servers that installed the bot: where a person brought the app along, it works by token and then
    by direct message.
    """
    if not interaction.is_guild_integration():
        return
    speaking = "send_messages_in_threads" if isinstance(interaction.channel, Thread) else "send_messages"
    missing = _missing(interaction.app_permissions, (*_NEEDED, speaking))
    if missing:
        raise PermissionsMissing(missing)


def is_age_restricted_place(interaction: Interaction[Any]) -> bool:
    """Whether the channel, or for a thread the one it belongs to, is age-restricted."""
    channel = interaction.channel
    if channel is None or isinstance(channel, DMChannel | GroupChannel):
        return False
    return channel.is_nsfw()


def is_seen_by_one(interaction: Interaction[Any]) -> bool:
    """Whether only the sender reads along: the direct messages with the bot itself."""
    return interaction.context.dm_channel is True


def _missing(permissions: Permissions, names: tuple[str, ...]) -> tuple[str, ...]:
    if permissions.administrator:
        return ()
    return tuple(name for name in names if not getattr(permissions, name))
