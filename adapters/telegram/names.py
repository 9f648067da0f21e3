"""Names of saved styles on one line, and the prompt after them."""

from __future__ import annotations

import re
from typing import Final

# The prompt begins after a colon, on a new line, or with the first flag; `16:9` has no space after its colon.
_PROMPT: Final = re.compile(r":(?=\s|$)|\n|(?:^|(?<=\s))(?=(?:--|—|–)[A-Za-z])")
_NAME: Final = re.compile(r"\"([^\"]*)\"|“([^”]*)”|„([^“”]*)[“”]|(\S+)")


def split_names(words: str) -> tuple[list[str], str]:
    """Names and prompt of `ink, old paper: a fox --seed 7`.

    Names stand between commas, or where there is none, between spaces; then quotes hold one together that has spaces.
    """
    found = _PROMPT.search(words)
    listed, prompt = (words, "") if found is None else (words[: found.start()], words[found.end() :])
    if "," in listed:
        names = [name.strip().strip('"“”„') for name in listed.split(",")]
    else:
        names = [next(part for part in match.groups() if part is not None) for match in _NAME.finditer(listed)]
    return [name for name in names if name], prompt.strip()
