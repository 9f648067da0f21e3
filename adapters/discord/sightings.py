"""Finding the pictures on a message, whoever wrote it: attached, embedded, in galleries, forwarded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from discord import Attachment, Embed, Message, MessageSnapshot
from discord.components import (
    Container,
    FileComponent,
    MediaGalleryComponent,
    SectionComponent,
    ThumbnailComponent,
    UnfurledMediaItem,
)
from yarl import URL

from adapters.discord.cdn import Cdn, PostedPicture, ResultName

_ENDINGS: Final = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_RESULT_NAME: Final = re.compile(r"uso-([0-9a-z]{12})-([1-9])\.(?:png|webp|jpg)")
_MOST: Final = 25
"""As many as a select can offer."""


def pictures_of(message: Message, cdn: Cdn, *, bot_id: int) -> tuple[PostedPicture, ...]:
    """The pictures that can be fetched, in the order shown, each once; those of our own results know their job."""
    found: dict[str, PostedPicture] = {}
    sights: list[Message | MessageSnapshot] = [message, *message.message_snapshots]
    for sight in sights:
        for picture in _seen_on(sight, cdn):
            # The same file is listed as an attachment and shown in a gallery, sometimes by another host's name.
            found.setdefault(URL(picture.url).path, picture)
    pictures = list(found.values())[:_MOST]
    if message.author.id == bot_id:
        pictures = [replace(one, result=_result_of(one.filename)) for one in pictures]
    return tuple(pictures)


def _seen_on(sight: Message | MessageSnapshot, cdn: Cdn) -> Iterator[PostedPicture]:
    for attachment in sight.attachments:
        if _is_picture(attachment) and cdn.serves(attachment.url):
            yield PostedPicture(
                attachment.url, attachment.filename, attachment.size, is_spoiler=attachment.is_spoiler()
            )
    for media, is_spoiler in _media(sight.components):
        if (media.content_type or "image/").startswith("image/"):
            yield from _first_served(cdn, (media.url, media.proxy_url), is_spoiler=is_spoiler)
    for embed in sight.embeds:
        yield from _embedded(embed, cdn)


def _media(components: Iterable[Any]) -> Iterator[tuple[UnfurledMediaItem, bool]]:
    for component in components:
        match component:
            case MediaGalleryComponent():
                yield from ((item.media, item.spoiler) for item in component.items)
            case ThumbnailComponent():
                yield component.media, component.spoiler
            case FileComponent():
                if _ending(component.media.url) in _ENDINGS:
                    yield component.media, component.spoiler
            case SectionComponent():
                yield from _media([component.accessory])
            case Container():
                yield from ((media, spoiler or component.spoiler) for media, spoiler in _media(component.children))
            case _:
                pass  # rows, texts, and whatever Discord invents next


def _embedded(embed: Embed, cdn: Cdn) -> Iterator[PostedPicture]:
    """An embed's picture by Discord's copy of it: its own address may lead anywhere."""
    for media in (embed.image, embed.thumbnail):
        yield from _first_served(cdn, (media.proxy_url, media.url), is_spoiler=False)


def _first_served(cdn: Cdn, urls: Sequence[str | None], *, is_spoiler: bool) -> Iterator[PostedPicture]:
    for url in urls:
        if url is not None and cdn.serves(url):
            yield PostedPicture(url, PurePosixPath(URL(url).path).name, is_spoiler=is_spoiler)
            return


def _is_picture(attachment: Attachment) -> bool:
    if attachment.content_type is not None:
        return attachment.content_type.startswith("image/")
    return _ending(attachment.filename) in _ENDINGS


def _ending(name: str) -> str:
    return PurePosixPath(URL(name).path).suffix.lower()


def _result_of(filename: str) -> ResultName | None:
    match = _RESULT_NAME.fullmatch(filename)
    return ResultName(match[1], int(match[2]) - 1) if match is not None else None
