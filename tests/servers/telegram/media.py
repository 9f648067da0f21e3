"""Files in messages: uploaded, or known by their id."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image

from tests.servers.telegram.chats import ApiError, Json, Memory, bad_request

PHOTO_BYTES = 10 * 2**20
UPLOAD_BYTES = 50 * 2**20
_PHOTO_SIDES_PX = 10_000
_PHOTO_RATIO = 20
_SMALL_PX = 90

Kind = Literal["photo", "document", "sticker", "animation"]


@dataclass(frozen=True)
class Upload:
    """A part of a form that is a file."""

    data: bytes
    name: str


@dataclass
class Media:
    """Turns files into what messages carry, and files known by id into the same again."""

    memory: Memory
    _known: dict[str, tuple[Kind, Any]] = field(default_factory=dict)

    def photo(self, data: bytes) -> list[Json]:
        """A photo in two sizes, if Telegram would take it as one."""
        if len(data) > PHOTO_BYTES:
            raise bad_request("file of size too big for a photo; the maximum size is 10 MB")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
                small = picture.convert("RGB")
        except OSError as error:
            raise bad_request("IMAGE_PROCESS_FAILED") from error
        if width + height > _PHOTO_SIDES_PX or max(width, height) > _PHOTO_RATIO * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        small.thumbnail((_SMALL_PX, _SMALL_PX))
        thumbnail = io.BytesIO()
        small.save(thumbnail, "JPEG")
        sizes = [
            {**self.memory.store(thumbnail.getvalue()), "width": small.width, "height": small.height},
            {**self.memory.store(data), "width": width, "height": height},
        ]
        for size in sizes:
            self._known[size["file_id"]] = ("photo", sizes)
        return sizes

    def document(self, data: bytes, name: str, mime_type: str | None = None) -> Json:
        """A file as it is."""
        if len(data) > UPLOAD_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._remember("document", {**self.memory.store(data), "file_name": name, "mime_type": guessed})

    def animation(self, data: bytes) -> Json:
        """A short film without sound, as people send GIFs."""
        facts = {"width": 320, "height": 240, "duration": 2, "file_name": "fox.mp4", "mime_type": "video/mp4"}
        return self._remember("animation", {**self.memory.store(data), **facts})

    def sticker(self, data: bytes, *, is_animated: bool = False, is_video: bool = False) -> Json:
        """A sticker of one of the three kinds."""
        facts = {"type": "regular", "width": 512, "height": 512, "is_animated": is_animated, "is_video": is_video}
        return self._remember("sticker", {**self.memory.store(data), **facts, "emoji": "🦊"})

    def of_call(self, kind: Kind, reference: str, uploads: Mapping[str, Upload]) -> Any:
        """What a message carries for a file that a call named: `attach://NAME`, or the id of a file of that kind."""
        name = reference.removeprefix("attach://")
        if name != reference:
            upload = uploads.get(name)
            if upload is None:
                raise bad_request(f"can't find the file attach://{name} in the request")
            if not upload.data:
                raise bad_request("file must be non-empty")
            return self.photo(upload.data) if kind == "photo" else self.document(upload.data, upload.name)
        if reference.startswith(("http://", "https://")):
            raise bad_request("test server: fetches nothing from elsewhere")
        return self.by_id(kind, reference)

    def by_id(self, kind: Kind, file_id: str) -> Any:
        """The same file again, if it is known and of that kind."""
        known = self._known.get(file_id)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if known[0] != kind:
            raise bad_request(f"can't use file of type {known[0].title()} as {kind.title()}")
        return known[1]

    def _remember(self, kind: Kind, facts: Json) -> Json:
        self._known[facts["file_id"]] = (kind, facts)
        return facts
