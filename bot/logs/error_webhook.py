"""Posts errors to an address of the operator's choice, such as a webhook of Discord or Slack."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.logs.handlers import one_line
from bot.logs.redaction import Redactor

log = logging.getLogger(__name__)

_MOST_WAITING: Final = 100
_LONGEST_WORDS: Final = 1_500  # Discord takes 2,000 characters
_LAST_POSTS_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class PostingPace:
    """`burst` errors at once, then one every `every_s`; after a post that failed, none for `pause_s`."""

    burst: int = 5
    every_s: float = 60.0
    pause_s: float = 300.0
    timeout_s: float = 10.0


class ErrorWebhook(logging.Handler):
    """Posts errors as JSON from a thread of its own, so that nobody waits and a stuck event loop is told too.

    What is too much is counted and told with the next post. A post that fails is logged as a warning, which is not
    posted: so no failure makes another post. Raises ValueError for an address that is not http or https.
    """

    def __init__(
        self,
        url: str,
        redact: Redactor,
        pace: PostingPace | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(logging.ERROR)
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address that begins with https:// (or http://)")
        self._url = url
        self._redact = redact
        self._pace = pace or PostingPace()
        self._now = now
        self._allowed = float(self._pace.burst)
        self._counted_at = now()
        self._silent_until = now()
        self._left_out = 0
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._opener = urllib.request.build_opener(_StayHere)
        self._thread = threading.Thread(target=self._post_all, name="error webhook", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Have it posted, if that is not too much."""
        if record.name == log.name:
            return
        try:
            if self._waiting.qsize() >= _MOST_WAITING or not self._may_post():
                self._left_out += 1
                return
            left_out, self._left_out = self._left_out, 0
            self._waiting.put(self._body(record, left_out))
        except Exception:  # logging's own way: a fault in here must not reach whoever logs
            self.handleError(record)

    def close(self) -> None:
        """Post what waits, for five seconds at most."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join(_LAST_POSTS_S)
        super().close()

    def _may_post(self) -> bool:
        """Take one from a bucket that fills up slowly."""
        now = self._now()
        if now < self._silent_until:
            return False
        filled = self._allowed + (now - self._counted_at) / self._pace.every_s
        self._allowed, self._counted_at = min(float(self._pace.burst), filled), now
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True

    def _body(self, record: logging.LogRecord, left_out: int) -> bytes:
        job = str(getattr(record, "job", ""))
        words = self._redact(one_line(record))[:_LONGEST_WORDS]
        text = f"USO Bot, {record.levelname}, {record.name}" + (f", job {job}" if job else "") + f": {words}"
        if left_out:
            text += f" (and {left_out} more since the last one)"
        # Discord reads "content" and pings nobody with it, Slack reads "text".
        message = {"content": text, "text": text, "allowed_mentions": {"parse": []}}
        return json.dumps(message).encode()

    def _post_all(self) -> None:
        while (body := self._waiting.get()) is not None:
            try:
                self._post(body)
            except Exception as error:
                self._silent_until = self._now() + self._pace.pause_s
                # Not what the error says: it may repeat the address, which is a secret.
                reason = getattr(error, "code", type(error).__name__)
                log.warning("an error could not be posted (%s); none is for %.0f s", reason, self._pace.pause_s)

    def _post(self, body: bytes) -> None:
        headers = {"Content-Type": "application/json", "User-Agent": "uso-bot"}
        request = urllib.request.Request(self._url, body, headers)  # noqa: S310 -- http and https only, see above
        with self._opener.open(request, timeout=self._pace.timeout_s):
            pass


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirects: what is posted is for the one address that the operator named."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """There is no other place to go; the answer counts as a failure."""
