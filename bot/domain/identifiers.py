"""Random ids that people can read aloud."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that is misread aloud


def new_identifier(length: int) -> str:
    """Draw an id of `length` characters, 5 random bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
