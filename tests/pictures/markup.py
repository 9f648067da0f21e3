"""Discord's markup as HTML, as far as our messages use it."""

from __future__ import annotations

import html
import re

_ESCAPED = re.compile(r"\\([^\w\s])")
_LINES = (
    (re.compile(r"^### (.*)$"), "<h3>{}</h3>"),
    (re.compile(r"^-# (.*)$"), "<p class=small>{}</p>"),
    (re.compile(r"^&gt; (.*)$"), "<blockquote>{}</blockquote>"),
)
_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<!\w)@(\w+)"), r"<span class=mention>@\1</span>"),
)


def as_html(text: str) -> str:
    """One paragraph a line; what is escaped stays as it is."""
    return "\n".join(_line(html.escape(line, quote=False)) for line in text.split("\n") if line)


def _line(line: str) -> str:
    for pattern, form in _LINES:
        if found := pattern.match(line):
            return form.format(_inline(found[1]))
    return f"<p>{_inline(line)}</p>"


def _inline(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return _ESCAPED.sub(r"\1", text)
