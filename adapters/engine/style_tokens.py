"""What the engine process keeps on disk of pictures and prompts, as the bot sees it: to be forgotten (no torch)."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image

from uso.file_cache import remove_everywhere
from uso.picture_hash import TEXTS, picture_hash


class StyleTokenFolder:
    """Implements `bot.ports.engine.StyleTokens` on the folder of `EngineSettings.style_cache_folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def forget(self, picture: bytes) -> None:
        """Remove what was computed from this picture file (as stored), for every model revision.

        Of a file that cannot be read nothing was computed either. Raises OSError when something cannot be removed.
        """
        await asyncio.to_thread(self._forget, picture)

    async def forget_prompts(self) -> None:
        """Remove what was computed from prompts. Raises OSError when something cannot be removed."""
        await asyncio.to_thread(remove_everywhere, self._folder, TEXTS)

    def _forget(self, picture: bytes) -> None:
        try:
            with Image.open(io.BytesIO(picture)) as opened:
                name = picture_hash(opened)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            return
        remove_everywhere(self._folder, name)
