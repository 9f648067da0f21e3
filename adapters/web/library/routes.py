"""The routes of gallery and styles."""

from __future__ import annotations

from aiohttp import web

from adapters.web.library.actions import ActionHandlers
from adapters.web.library.files import FileHandlers
from adapters.web.library.gallery import GalleryHandlers
from adapters.web.library.style_actions import StyleHandlers
from adapters.web.library.styles import StylePages
from adapters.web.templates import Templates
from bot.application import Application


def add_library(router: web.UrlDispatcher, application: Application, templates: Templates) -> None:
    """Register all of them."""
    ActionHandlers(application).add_to(router)
    FileHandlers(application).add_to(router)
    GalleryHandlers(application, templates).add_to(router)
    StyleHandlers(application).add_to(router)
    StylePages(application, templates).add_to(router)
