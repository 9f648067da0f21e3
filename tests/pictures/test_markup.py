"""Discord's markup as HTML."""

from __future__ import annotations

from tests.pictures.markup import as_html


def test_what_our_messages_use() -> None:
    assert as_html("### Done\n-# seed **7** `x`") == "<h3>Done</h3>\n<p class=small>seed <b>7</b> <code>x</code></p>"
    assert as_html("> a fox") == "<blockquote>a fox</blockquote>"
    assert as_html("hello @Ada") == "<p>hello <span class=mention>@Ada</span></p>"


def test_what_is_escaped_stays_words() -> None:
    assert as_html("\\#1 a\\*b <script>") == "<p>#1 a*b &lt;script&gt;</p>"
