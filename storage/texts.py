"""Texts as every database can keep them."""

from __future__ import annotations

import re
from typing import Final

# PostgreSQL's text holds no NUL; UTF-8 has no form for half a surrogate pair, which JSON may still bring.
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with U+FFFD in place of what some database would refuse."""
    return _UNSTORABLE.sub("\ufffd", text)
