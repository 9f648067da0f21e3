"""What names prompts and pictures in the caches: hashes of their content (no torch here).

All that comes of a picture begins with the picture's own hash, so that one who has the picture finds it all.
"""

from __future__ import annotations

import hashlib
from typing import Final

from PIL import Image

from uso.preprocess import flatten

TEXTS: Final = "text"
"""What all names of prompts begin with."""


def picture_hash(picture: Image.Image) -> str:
    """Hash a picture's size and pixels as the model sees them: the file it came in does not matter."""
    rgb = flatten(picture)
    return hashlib.sha256(f"{rgb.width}x{rgb.height}".encode() + rgb.tobytes()).hexdigest()


def content_name(picture: Image.Image, size_px: int) -> str:
    """Name a subject picture's latents at this long side."""
    return f"{picture_hash(picture)}-content-{size_px}"


def text_name(prompt: str) -> str:
    """Name a prompt's embeddings."""
    return f"{TEXTS}-{hashlib.sha256(prompt.encode('utf-8', 'surrogatepass')).hexdigest()}"
