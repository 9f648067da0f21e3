"""What names a picture in the caches: a hash of its pixels (no torch here)."""

from __future__ import annotations

import hashlib

from PIL import Image

from uso.preprocess import flatten


def picture_hash(picture: Image.Image) -> str:
    """Hash a picture's size and pixels as the model sees them: the file it came in does not matter."""
    rgb = flatten(picture)
    return hashlib.sha256(f"{rgb.width}x{rgb.height}".encode() + rgb.tobytes()).hexdigest()
