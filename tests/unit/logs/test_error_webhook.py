"""Errors posted to an address of the operator's choice: a server on the loopback interface that listens."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.logs.error_webhook import ErrorWebhook, PostingPace
from bot.logs.lines import add_job
from bot.logs.redaction import HIDDEN, Redactor
from bot.services.job_context import working_on

SECRET = "sesame-open-now"


class Receiver:
    """Takes posts and answers them with `status`."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.status = 204
        self.location = ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.paths.append(self.path)
                receiver.posts.append(json.loads(body))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook/{SECRET}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


class Times:
    """A clock in the test's hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@contextmanager
def posting(url: str, pace: PostingPace | None = None, now: Times | None = None) -> Iterator[logging.Logger]:
    """A logger whose errors are posted; all of them have been when the block is over."""
    logger = logging.Logger("test.webhook")
    webhook = ErrorWebhook(url, Redactor([SECRET]), pace, now or Times())
    webhook.addFilter(add_job)
    logger.addHandler(webhook)
    # As the real log has it: what the webhook itself says goes to the same handlers.
    own = logging.getLogger("bot.logs.error_webhook")
    own.addHandler(webhook)
    try:
        yield logger
    finally:
        webhook.close()
        own.removeHandler(webhook)


def test_errors_are_posted_with_their_job_and_without_secrets(receiver: Receiver) -> None:
    with posting(receiver.url) as log:
        log.warning("only a warning")
        with working_on("7k3m9qx2vt0a"):
            try:
                raise OSError(f"no way to {SECRET}")
            except OSError:
                log.exception("@everyone look")
    (post,) = receiver.posts
    assert post["content"] == post["text"]
    assert post["text"] == (
        f"USO Bot, ERROR, test.webhook, job 7k3m9qx2vt0a: @everyone look: OSError: no way to {HIDDEN}"
    )
    assert post["allowed_mentions"] == {"parse": []}


def test_a_flood_becomes_a_few_posts_and_the_rest_is_counted(receiver: Receiver) -> None:
    times = Times()
    with posting(receiver.url, PostingPace(burst=2, every_s=60.0), times) as log:
        for number in range(50):
            log.error("number %d", number)
        times.now_s += 59.0
        log.error("too early")
        times.now_s += 2.0
        log.error("later")
    texts = [post["text"].partition(": ")[2] for post in receiver.posts]
    assert texts == ["number 0", "number 1", "later (and 49 more since the last one)"]


def test_a_very_long_error_is_cut(receiver: Receiver) -> None:
    with posting(receiver.url) as log:
        log.error("x" * 100_000)
    assert len(receiver.posts[0]["content"]) < 2_000


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_post_that_fails_makes_no_other_and_is_told_once_without_its_address(
    receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = status
    receiver.location = receiver.url.replace("hook", "elsewhere")
    times = Times()
    with posting(receiver.url, PostingPace(burst=5, pause_s=300.0), times) as log:
        log.error("first")
    with posting(receiver.url, PostingPace(burst=5, pause_s=300.0), times):
        pass
    assert receiver.paths == [f"/hook/{SECRET}"]
    (warning,) = [record for record in caplog.records if record.name == "bot.logs.error_webhook"]
    assert warning.levelno == logging.WARNING
    assert str(status) in warning.getMessage()
    assert SECRET not in warning.getMessage()


def test_after_a_failure_there_is_quiet_and_then_the_rest_is_counted(receiver: Receiver) -> None:
    times = Times()
    receiver.status = 500
    logger = logging.Logger("test.webhook")
    webhook = ErrorWebhook(receiver.url, Redactor(), PostingPace(pause_s=300.0), times)
    logger.addHandler(webhook)
    told = threading.Event()

    class Told(logging.Handler):
        def emit(self, _record: logging.LogRecord) -> None:
            told.set()

    own = logging.getLogger("bot.logs.error_webhook")
    own.addHandler(handler := Told())
    try:
        logger.error("first")
        assert told.wait(30)
        receiver.status = 204
        logger.error("second")
        times.now_s += 301
        logger.error("third")
    finally:
        webhook.close()
        own.removeHandler(handler)
    texts = [post["text"].partition(": ")[2] for post in receiver.posts]
    assert texts == ["first", "third (and 1 more since the last one)"]


def test_nobody_listens_and_nobody_waits(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        with posting(f"http://127.0.0.1:{taken.getsockname()[1]}/hook") as log:
            log.error("into the void")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("url", ["ftp://example.org/x", "file:///etc/passwd", "example.org/hook", "https://", ""])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        ErrorWebhook(url, Redactor())
