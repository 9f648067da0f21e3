"""The webhook: Telegram brings updates by HTTP; one is acknowledged when it is written down, and handled once."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import BadRequest
from telegram.ext import ExtBot

from adapters.telegram.errors import TelegramWebhookRefused
from adapters.telegram.inbox import Inbox
from adapters.telegram.intake import ALLOWED_UPDATES
from adapters.telegram.settings import WebhookSettings
from adapters.telegram.work import Work

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
MAX_BODY_BYTES: Final = 2**20
_CLOSE_WITHIN_S: Final = 2.0
_SECRET_FILE: Final = "telegram-webhook-secret"  # noqa: S105 -- a file's name


class WebhookIntake:
    """Listens, and hands what Telegram brings to `work`."""

    def __init__(self, bot: ExtBot[int], work: Work, inbox: Inbox, settings: WebhookSettings, secret: str) -> None:
        self._bot = bot
        self._work = work
        self._inbox = inbox
        self._settings = settings
        self._secret = secret
        self._writing = asyncio.Lock()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen, have Telegram bring updates, and take up what was left in the inbox.

        Raises OSError when the address is taken, `TelegramWebhookRefused` when Telegram does not like the URL, and
        `TelegramError`; whatever it raises, nothing is left listening.
        """
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post(urlsplit(self._settings.url).path or "/", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_WITHIN_S)
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self._settings.host, self._settings.port).start()
            await self._announce()
        except BaseException:
            await self.close()
            raise
        # Not before Telegram answered: what cannot be answered yet must stay in the inbox.
        self._inbox.take_up_left(self._bot, self._work)
        log.info("Telegram brings messages to %s", urlsplit(self._settings.url).hostname)

    async def close(self) -> None:
        """Stop listening and let what is in work end; the webhook stays set, so that Telegram keeps what comes."""
        await self._stop_listening()
        await self._work.close()

    async def _announce(self) -> None:
        try:
            await self._bot.set_webhook(
                self._settings.url,
                secret_token=self._secret,
                allowed_updates=ALLOWED_UPDATES,
                drop_pending_updates=False,
            )
        except BadRequest as error:
            raise TelegramWebhookRefused(error.message) from error

    async def _stop_listening(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), self._secret.encode()):
            return web.Response(status=403)
        body = await request.read()
        update_id = update_number(body)
        if update_id is None:
            return web.Response(status=400)
        # One after the other, so that the same update is not written twice at a time.
        async with self._writing:
            if not self._work.knows(update_id):
                await asyncio.to_thread(self._inbox.keep, update_id, body)
                self._inbox.hand_over(json.loads(body), self._bot, self._work)
        return web.Response()


def webhook_secret(given: str | None, state_folder: Path) -> str:
    """The operator's secret, or one of our own that stays the same in the state folder."""
    if given:
        return given
    file = state_folder / _SECRET_FILE
    if not file.exists():
        state_folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def update_number(body: bytes) -> int | None:
    """The update's number, or None for what is no update."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None
