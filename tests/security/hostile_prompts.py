"""Prompts that try to be more than words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What Discord and Telegram let nobody type, but an API sends.
_CONTROLS: Final = "".join(map(chr, range(1, 32)))

SHORT_PROMPTS: Final[Mapping[str, str]] = {
    "control characters": f"a fox{_CONTROLS}\x7f\x80\x9f",
    "terminal escapes": "\x1b[2J\x1b]0;owned\x07 a fox \x1b[31m",
    "a line for the log": "a fox\n2026-01-01 00:00:00,000 CRITICAL bot: the token is 12345",
    "a carriage return": "a fox\rCRITICAL bot: gone",
    "Unicode line ends": "a fox\u2028CRITICAL\u2029bot\x85gone",
    "mention of everybody": "@everyone @here look",
    "mentions by id": "<@80351110224678912> <@!80351110224678912> <@&80351110224678912> <#80351110224678912>",
    "Discord's own marks": "</imagine:80351110224678912> <t:1735689600:R> <:fox:80351110224678912> <id:customize>",
    "mention on Telegram": '@ada <a href="tg://user?id=1">Ada</a> [Ada](tg://user?id=1)',
    "Markdown": "# a\n> b\n- c\n**d** __e__ ~~f~~ ||g|| `h` ```i``` [j](https://evil.example) -# k",
    "a fence that closes ours": "```\n``` ~~~ ``",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>&amp;&lt;",
    "half a tag": "<b>a fox </i> <a href=",
    "template marks": "{{ 7*7 }} {% raw %} ${7*7} #{7*7} {0} {prompt} %s %(levelname)s",
    "marks of our own messages": "{ $prompt } -term .attr = x",
    "SQL": "'; DROP TABLE jobs; -- %_\\",
    "search words": '% _ \\ * " OR 1=1 NEAR(a b)',
    "shell": "$(touch /tmp/owned); `id` | cat /etc/passwd && true",
    "path": "../../../../etc/passwd\\..\\..",
    "right to left": "\u202eexe.gnp\u202c \u2066a\u2069 \u200f\u061c",
    "nothing to be seen": "\u200b\u200c\u200d\u2060\ufeff fox \u00ad",
    "marks upon marks": "f" + "\u0301" * 500 + "ox",
    "beyond the plane": "🦊🏴󠁧󠁢󠁥󠁮󠁧󠁿👩‍👩‍👧‍👦 𝕗𝕠𝕩 \U0010ffff",
    "JSON": '{"update_id": 1, "message": {"text": "x"}}\\u0000',
    "flags without end": "--" * 500,
    "a formula": '=HYPERLINK("http://evil.example")',
}
"""Each is a request like any other, and is shown as what it is."""

LONG_PROMPTS: Final[Mapping[str, str]] = {
    "100,000 letters": "x" * 100_000,
    "100,000 spaces": "a" + " " * 100_000 + "b",
    "100,000 dashes": "-" * 100_000,
    "100,000 brackets": "[" * 50_000 + "](" * 25_000,
    "100,000 marks": "f" + "\u0301" * 100_000,
    "100,000 foxes": "🦊" * 100_000,
    "100,000 lines": "a\n" * 50_000,
    "100,000 stars": "*_~`|>" * 17_000,
}
"""Each is refused in one sentence, at once."""
