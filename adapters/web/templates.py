"""The pages' templates, and the navigation between the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from adapters.web.visitors import Visitor
from bot.messages.catalogs import Catalog


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One entry of the navigation; `label` is the key of its words, `name` what a page says to be the current one."""

    name: str
    path: str
    label: str


page_routes: Final = (
    PageRoute("create", "/", "web-nav-create"),
    PageRoute("gallery", "/gallery", "gallery-title"),
    PageRoute("styles", "/styles", "styles-title"),
    PageRoute("operate", "/operate", "web-nav-operate"),
    PageRoute("settings", "/settings", "web-settings-title"),
)
"""The navigation, in its order. A page stands here once its route is there."""


class Templates:
    """The templates of `adapters/web/templates`; what they show is escaped unless it is marked as safe."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("adapters.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, visitor: Visitor, *, current: str | None, **context: object) -> str:
        """Fill in the template `name` in the words of `visitor`.

        `current` is the `PageRoute.name` of the page, or any other word for a page that is not in the navigation;
        None leaves the navigation out. Templates have `text`, `locale`, `visitor` and `context`.
        """
        return self._fill(name, visitor.catalog, current, visitor=visitor, **context)

    def error(self, catalog: Catalog, sentence: str) -> str:
        """A page with one sentence and the way back."""
        return self._fill("error.html", catalog, None, sentence=sentence)

    def _fill(self, name: str, catalog: Catalog, current: str | None, **context: object) -> str:
        return self._environment.get_template(name).render(
            text=catalog.text, locale=catalog.locale, page_routes=page_routes, current=current, **context
        )
