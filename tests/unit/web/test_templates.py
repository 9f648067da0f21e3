"""What all pages have in common."""

from __future__ import annotations

import re

import pytest

from adapters.web.templates import Templates, page_routes
from adapters.web.visitors import Visitor
from bot.domain.actors import Actor, Platform
from bot.messages.catalogs import load_catalogs

CATALOGS = load_catalogs()


@pytest.mark.parametrize("locale", CATALOGS.locales)
def test_an_error_has_its_sentence_and_the_way_back_and_no_navigation(locale: str) -> None:
    catalog = CATALOGS.for_locale(locale)
    html = Templates().error(catalog, "That <b>did not</b> work.")
    assert f'<html lang="{locale}">' in html
    assert "That &lt;b&gt;did not&lt;/b&gt; work." in html
    assert catalog.text("web-back") in html
    assert "<nav" not in html


@pytest.mark.parametrize("locale", CATALOGS.locales)
def test_every_page_is_in_the_navigation_once_and_only_the_current_one_is_marked(locale: str) -> None:
    visitor = Visitor(Actor(Platform.WEB, "local", locale=locale), CATALOGS.for_locale(locale))
    for page in page_routes:
        html = Templates().render("error.html", visitor, current=page.name, sentence="")
        entries = re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+)</a>', html.partition("</nav>")[0])
        assert [path for path, _, _ in entries] == [other.path for other in page_routes]
        assert [words for _, _, words in entries] == [visitor.catalog.text(other.label) for other in page_routes]
        assert [path for path, mark, _ in entries if mark] == [page.path]
