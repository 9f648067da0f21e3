"""Making and changing messages: files, components, mentions, as Discord does it."""

from __future__ import annotations

import copy
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord import errors
from tests.servers.discord.channels import Channel
from tests.servers.discord.messages import Message, StoredFile
from tests.servers.discord.rules import COMPONENTS_V2, EPHEMERAL, LOADING, faults_in_message, walk
from tests.servers.discord.world import World

EVERYBODY = 0
"""Among whom a message called: all of the channel."""

_MENTION = re.compile(r"<@!?(\d+)>")
_EVERYBODY = re.compile(r"@(?:everyone|here)\b")


@dataclass
class Body:
    """A request's JSON (or its `payload_json`) and the files uploaded with it, by their number."""

    data: dict[str, Any] = field(default_factory=dict)
    uploads: dict[int, tuple[str, bytes, str]] = field(default_factory=dict)


class Posting:
    """Writes messages into the world; raises `ApiError` for what Discord would refuse."""

    def __init__(self, world: World) -> None:
        self._world = world

    def new_message(self, channel: Channel, *, flags: int = 0, only_for: int | None = None) -> Message:
        """An empty message of the bot's."""
        world = self._world
        message = Message(world.snowflake(), channel, world.bot, world.clock.now(), flags=flags, only_for=only_for)
        world.messages[message.id] = message
        return message

    def write(self, message: Message, body: Body, *, limit_bytes: int, by: str, is_new: bool) -> None:
        """Give a message a new face; what the body does not name stays."""
        data = body.data
        if faults := faults_in_message(data, was_v2=message.is_v2):
            raise errors.invalid_form("; ".join(faults))
        if any(len(content) > limit_bytes for _, content, _ in body.uploads.values()):
            raise errors.too_large()
        files = self._files(message, body)
        components = message.components
        if "components" in data:
            components = self._resolved(data["components"] or [], files)
        content = data["content"] or "" if "content" in data else message.content
        if not (content or components or files):
            raise errors.ApiError(400, 50006, "Cannot send an empty message", is_fault=True)
        message.content, message.components, message.files = content, components, files
        message.flags = (message.flags & ~LOADING) | (data.get("flags", 0) & COMPONENTS_V2)
        if not is_new:
            message.edited_at = self._world.clock.now()
        message.pinged += self._pinged(message, data, is_new=is_new)
        message.faces.append((by, message.texts))
        message.changed_at.append(self._world.clock.now())

    def _files(self, message: Message, body: Body) -> list[StoredFile]:
        """Uploads and what is kept: everything, unless `attachments` says what."""
        listed = body.data.get("attachments")
        if listed is None:
            kept, numbers = list(message.files), list(body.uploads)
        else:
            asked = {int(one["id"]) for one in listed}
            kept = [file for file in message.files if file.id in asked]
            numbers = [number for number in body.uploads if number in asked]
            if unknown := asked - {file.id for file in kept} - set(numbers):
                raise errors.invalid_form(f"attachments {unknown} are neither kept nor uploaded")
        added = [
            self._world.add_file(message.channel.id, name, data, kind)
            for name, data, kind in (body.uploads[number] for number in numbers)
        ]
        if len(kept) + len(added) > 10:
            raise errors.invalid_form("more than 10 attachments")
        return kept + added

    def _resolved(self, components: list[dict[str, Any]], files: list[StoredFile]) -> list[dict[str, Any]]:
        """Components as Discord gives them back: numbered, with addresses for `attachment://` names."""
        resolved = copy.deepcopy(components)
        by_name = {file.filename: file for file in files}
        shown: set[str] = set()
        taken = {one["id"] for one in walk(resolved) if one.get("id")}
        numbers = (number for number in itertools.count(1) if number not in taken)
        for one in walk(resolved):
            one["id"] = one.get("id") or next(numbers)
            if one["type"] == 17:
                one.setdefault("accent_color", None)
                one.setdefault("spoiler", False)
            for item in one.get("items", []) if one["type"] == 12 else []:
                name = item["media"]["url"].removeprefix("attachment://")
                if name not in by_name:
                    raise errors.invalid_form(f"the media {item['media']['url']!r} is not attached")
                shown.add(name)
                file = by_name[name]
                item["media"] = {
                    "id": str(file.id),
                    "url": file.url,
                    "proxy_url": file.url,
                    "attachment_id": str(file.id),
                }
                item.setdefault("description", None)
                item.setdefault("spoiler", False)
        if unseen := by_name.keys() - shown:
            raise errors.invalid_form(f"attached and shown nowhere: {sorted(unseen)}")
        return resolved

    def _pinged(self, message: Message, data: dict[str, Any], *, is_new: bool) -> list[int]:
        """Whom a new message calls; edits call nobody."""
        if not is_new or message.flags & EPHEMERAL:
            return []
        mentioned = {int(one) for one in _MENTION.findall(message.text)}
        everybody = {EVERYBODY} if _EVERYBODY.search(message.text) else set()
        allowed = data.get("allowed_mentions")
        parsed = {"users", "everyone"} if allowed is None else set(allowed.get("parse", []))
        named = set() if allowed is None else {int(one) for one in allowed.get("users", [])}
        called = mentioned if "users" in parsed else mentioned & named
        return sorted(called | (everybody if "everyone" in parsed else set()))
