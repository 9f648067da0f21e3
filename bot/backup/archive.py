"""What a backup is: a plain tar archive of the database, the pictures and the keys, with a list of them at its end."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

import msgspec

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
MOST_MANIFEST_BYTES: Final = 1024 * 1024 * 1024
CHUNK_BYTES: Final = 1024 * 1024
_PICTURE: Final = re.compile(r"pictures/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_KEY: Final = re.compile(r"keys/([a-z0-9-]{1,40}\.key)")


class BackupDamaged(Exception):  # noqa: N818 -- what happened
    """The file is no backup, not whole, or not what it says; `args[0]` is one sentence."""


class Content(Enum):
    """What a member of the archive holds."""

    DATABASE = "database"
    PICTURE = "picture"
    KEY = "key"
    MANIFEST = "manifest"


class Member(msgspec.Struct, frozen=True):
    """One member as the list at the end tells it."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """The list at the end. `database` is `sqlite` or `postgresql`, `revision` that of its tables, `made_at` in UTC."""

    format: int
    version: str
    made_at: str
    database: str
    revision: str
    with_pictures: bool
    members: dict[str, Member]

    @property
    def pictures(self) -> int:
        """How many pictures there are."""
        return sum(content_of(name) is Content.PICTURE for name in self.members)

    @property
    def size_bytes(self) -> int:
        """What all members take together."""
        return sum(member.size for member in self.members.values())


def content_of(name: str) -> Content | None:
    """What a member of that name holds; None for any name that no backup has, such as one that leads elsewhere."""
    if name == MANIFEST:
        return Content.MANIFEST
    if name == DATABASE:
        return Content.DATABASE
    if _PICTURE.fullmatch(name):
        return Content.PICTURE
    return Content.KEY if _KEY.fullmatch(name) else None


def read_manifest(data: bytes) -> Manifest:
    """Read the list. Raises `BackupDamaged`."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupDamaged("Its list of contents can not be read.") from error
    if manifest.format != FORMAT:
        raise BackupDamaged(f"It has format {manifest.format}; this version reads {FORMAT}. Update the bot.")
    return manifest
