"""What is written and attached."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from PIL import Image

from tests.servers.discord.channels import Channel
from tests.servers.discord.people import Person
from tests.servers.discord.rules import COMPONENTS_V2, EPHEMERAL, LOADING, walk

_BUTTON, _TEXT_DISPLAY, _GALLERY = 2, 10, 12
_SELECTS = {3, 5, 6, 7, 8}
_FORWARD = 1


@dataclass(frozen=True)
class StoredFile:
    """A file on the CDN."""

    id: int
    channel_id: int
    filename: str
    data: bytes = field(repr=False)
    content_type: str
    base_url: str

    @property
    def url(self) -> str:
        """Signed, as Discord's are."""
        return f"{self.base_url}/attachments/{self.channel_id}/{self.id}/{self.filename}?ex=1&is=1&hm=1"

    @cached_property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height, if it is a picture."""
        try:
            with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(self.data)) as picture:
                return picture.size
        except Exception:
            return None

    def payload(self) -> dict[str, Any]:
        """As Discord tells of it."""
        told = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        return told if self.size_px is None else {**told, "width": self.size_px[0], "height": self.size_px[1]}


@dataclass
class Message:
    """One message as it stands, and every face it had (`faces`: texts and who changed it how; `changed_at`: when).

    `owners` are the `authorizing_integration_owners` of the interaction that it answers; `snapshots` is what was
    forwarded in it.
    """

    id: int
    channel: Channel
    author: Person
    created_at: datetime
    content: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    snapshots: list[Message] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    only_for: int | None = None
    pinged: list[int] = field(default_factory=list)
    is_deleted: bool = False
    edited_at: datetime | None = None
    faces: list[tuple[str, list[str]]] = field(default_factory=list)
    changed_at: list[datetime] = field(default_factory=list)
    owners: dict[str, str] | None = None

    @property
    def is_loading(self) -> bool:
        """Whether it still says “thinking…”."""
        return bool(self.flags & LOADING)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def is_v2(self) -> bool:
        """Whether it is made of components of version 2."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def texts(self) -> list[str]:
        """Everything written on it."""
        return [self.content] * bool(self.content) + [
            one["content"] for one in walk(self.components) if one["type"] == _TEXT_DISPLAY
        ]

    @property
    def text(self) -> str:
        """All of it in one."""
        return "\n".join(self.texts)

    @property
    def buttons(self) -> dict[str, str]:
        """Custom ids by label, or by emoji where there is no label."""
        return {face_of(one): one["custom_id"] for one in self._all_buttons() if one.get("custom_id")}

    @property
    def links(self) -> dict[str, str]:
        """Addresses of link buttons by label."""
        return {face_of(one): one["url"] for one in self._all_buttons() if one.get("url")}

    @property
    def selects(self) -> dict[str, list[str]]:
        """What can be chosen, by the select's custom id; nothing for selects of people, roles and channels."""
        return {
            one["custom_id"]: [option["value"] for option in one.get("options", [])]
            for one in walk(self.components)
            if one["type"] in _SELECTS
        }

    @property
    def gallery(self) -> list[tuple[StoredFile, bool]]:
        """The pictures shown, and whether each is a spoiler."""
        items = [item for one in walk(self.components) if one["type"] == _GALLERY for item in one["items"]]
        by_id = {file.id: file for file in self.files}
        return [(by_id[int(item["media"]["attachment_id"])], bool(item.get("spoiler"))) for item in items]

    def payload(self) -> dict[str, Any]:
        """As Discord tells of it."""
        told = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            **self._snapshot(),
        }
        if self.snapshots:
            forwarded = self.snapshots[0]
            told["message_snapshots"] = [{"message": one._snapshot()} for one in self.snapshots]
            told["message_reference"] = {
                "type": _FORWARD,
                "channel_id": str(forwarded.channel.id),
                "message_id": str(forwarded.id),
            }
        return told

    def _snapshot(self) -> dict[str, Any]:
        """What of it goes with a forward."""
        return {
            "type": 0,
            "content": self.content,
            "components": self.components,
            "attachments": [file.payload() for file in self.files],
            "embeds": self.embeds,
            "mentions": [],
            "mention_roles": [],
            "flags": self.flags,
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
        }

    def _all_buttons(self) -> list[dict[str, Any]]:
        return [one for one in walk(self.components) if one["type"] == _BUTTON]


def face_of(button: dict[str, Any]) -> str:
    """What one sees on a button."""
    return str(button.get("label") or (button.get("emoji") or {}).get("name", ""))
