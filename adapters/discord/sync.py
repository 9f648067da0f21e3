"""Tells Discord of the commands, but only when they changed."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from discord import Client, app_commands
from discord.http import Route

log = logging.getLogger(__name__)


class CommandSync:
    """Keeps the hash of the last commands sent, one small file an application."""

    def __init__(self, tree: app_commands.CommandTree[Client], folder: Path | None) -> None:
        self._tree = tree
        self._folder = folder

    async def __call__(self) -> bool:
        """Send the commands if they differ from the last ones sent; returns whether they were.

        Raises discord.py's errors; the hash is written only after Discord took the commands.
        """
        digest = await self._digest()
        mark = self._mark()
        if mark is not None and mark.is_file() and mark.read_text(encoding="ascii") == digest:
            return False
        commands = await self._tree.sync()
        log.info("told Discord of %d commands", len(commands))
        if mark is not None:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.write_text(digest, encoding="ascii")
        return True

    def _mark(self) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"discord-commands-{self._tree.client.application_id}.sha256"

    async def _digest(self) -> str:
        """Of the payload that `CommandTree.sync` would send, and of where it would go."""
        translator = self._tree.translator
        assert translator is not None, "the client sets one before it syncs"
        payload = [
            await command.get_translated_payload(self._tree, translator) for command in self._tree.get_commands()
        ]
        return hashlib.sha256(json.dumps([Route.BASE, payload], sort_keys=True).encode()).hexdigest()
