"""The inbox: updates that a webhook was brought, on the disk from before they are acknowledged until they are handled.

Telegram forgets an update as soon as the webhook answered, and brings the next one of that chat only then: waiting
with the answer until the handler ended would tear albums apart, and answering at once would lose what a crash
interrupts. So the update is written down first.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import ExtBot

from adapters.telegram.errors import report
from adapters.telegram.work import Work

log = logging.getLogger(__name__)


class Inbox:
    """A folder with one file for each update, named by its number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, update_id: int, update: bytes) -> None:
        """Write an update down; it is on the disk when this returns. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(update_id)
        half = file.with_suffix(".half")
        with half.open("wb") as opened:
            opened.write(update)
            opened.flush()
            os.fsync(opened.fileno())
        half.replace(file)
        _sync_folder(self._folder)

    def drop(self, update_id: int) -> None:
        """Forget an update that was handled."""
        self._file(update_id).unlink(missing_ok=True)

    def hand_over(self, raw: dict[str, Any], bot: ExtBot[int], work: Work) -> None:
        """Give an update that was kept into work, and forget it once it was handled."""
        try:
            update = Update.de_json(raw, bot)
        except Exception as error:
            # It stays, as a newer version may be able to read it; refusing it would hold up its whole chat.
            report(error, f"reading update {raw.get('update_id')}")
            return
        work.take(update, self.drop)

    def take_up_left(self, bot: ExtBot[int], work: Work) -> None:
        """Give everything into work that was kept before the last end and that nobody finished."""
        for raw in self._left():
            self.hand_over(raw, bot, work)

    def _left(self) -> Iterator[dict[str, Any]]:
        """What was kept and not handled, oldest first; what can not be read is named and skipped."""
        for file in sorted(self._folder.glob("*.json"), key=lambda one: one.stem.zfill(20)):
            try:
                update = json.loads(file.read_bytes())
            except (OSError, ValueError, RecursionError) as error:
                log.error("telegram: %s can not be read: %s", file, error)
                continue
            if isinstance(update, dict):
                yield update

    def _file(self, update_id: int) -> Path:
        return self._folder / f"{update_id}.json"


def _sync_folder(folder: Path) -> None:
    """Make the new name last too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
