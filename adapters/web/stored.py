"""Serving stored pictures, whole and small."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import PictureHash
from bot.ports.images import PictureMissing

_KEPT_BY_BROWSER: Final = "private, max-age=86400, immutable"
"""For addresses that name the version of what they lead to."""


async def whole(request: web.Request, application: Application, picture: PictureHash) -> web.Response:
    """The picture as PNG, or 304 where the browser has it. Raises `Rejected` if its file was let go."""
    if (known := _known(request, picture)) is not None:
        return known
    try:
        png = await application.images.get(picture)
    except PictureMissing as error:
        raise Rejected(Rejection.PICTURE_GONE) from error
    return web.Response(body=png, content_type="image/png", headers=_headers(request, picture))


async def thumbnail(request: web.Request, application: Application, picture: PictureHash) -> web.Response:
    """The picture as a small WebP, or 304 where the browser has it. Raises `Rejected` if its file was let go."""
    if (known := _known(request, picture)) is not None:
        return known
    webp = await application.thumbnails(picture)
    return web.Response(body=webp, content_type="image/webp", headers=_headers(request, picture))


def _known(request: web.Request, picture: PictureHash) -> web.Response | None:
    if not any(tag.value in {picture, "*"} for tag in request.if_none_match or ()):
        return None
    return web.Response(status=304, headers=_headers(request, picture))


def _headers(request: web.Request, picture: PictureHash) -> dict[str, str]:
    headers = {"ETag": f'"{picture}"'}
    if "v" in request.query:
        headers["Cache-Control"] = _KEPT_BY_BROWSER
    return headers
