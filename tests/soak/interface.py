"""The page's interface under generated requests: schemathesis against the real server, from its own description.

`python -m tests.soak.interface [EXAMPLES]` runs long; `tests/e2e/web/test_generated_requests.py` is the short form.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.engine.fake import FakeEngine
from adapters.web.server import WebServer, WebSettings
from bot.domain.access import Scope
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.limits import Limits
from bot.domain.requests import Draft
from bot.services.submit import Origin
from storage.image_store import FolderImageStore
from tests.support.spine import SpineKit, SteadyClock, running_spine

PAGE: Final = Actor(Platform.WEB, "local")
_LONG_EXAMPLES: Final = 300
_CASES: Final = re.compile(r"(\d+) generated")
_CONFIG: Final = """
[checks]
# Bytes that are no picture fit the schema of a picture, and are refused all the same.
positive_data_acceptance.enabled = false

[[operations]]
include-method = "POST"
# 200 says that the same Idempotency-Key came before, whatever else has come with it now.
checks.negative_data_rejection.expected-statuses = [200, 400, 401, 403, 404, 405, 406, 409, 415, 422, 428, 429, "5xx"]

[[operations]]
# A draining bot answers every further request with 503, which is told of but counts as a fault here.
include-path = "/api/operate/mode"
enabled = false
"""
_CLOSED: Final = """
# The id is always the same here, and fits, also where a request was to have a wrong one.
[checks]
positive_data_acceptance.enabled = false
negative_data_rejection.enabled = false

[headers]
Authorization = "Bearer {token}"

[parameters]
"path.job_id" = "{job_id}"
"path.index" = 0

[[operations]]
# A draining bot answers every further request with 503, which is told of but counts as a fault here.
include-path = "/api/operate/mode"
enabled = false
"""


@dataclass(frozen=True, slots=True)
class Fuzz:
    """How a run went: what schemathesis said, and how many requests it sent."""

    returncode: int
    output: str

    @property
    def cases(self) -> int:
        """How many requests were made up and sent."""
        found = _CASES.search(self.output)
        return int(found[1]) if found else 0


class _Clock(SteadyClock):
    """The machine's clock: limits that are counted by the minute must pass by."""

    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC)


async def fuzz(folder: Path, *, examples: int, is_closed: bool, seed: int | None = None) -> Fuzz:
    """Send made-up requests to a page on a free port, `examples` to each operation, from good ones to hostile ones.

    The ids of jobs are those of a real one where `is_closed`, and made up otherwise. A closed page is one that demands
    a login: then programs come with a token, and whatever works without one is a fault.
    """
    store = FolderImageStore(folder / "pictures")
    limits = Limits(max_waiting_jobs=100_000)
    async with running_spine(
        FakeEngine(), images=store, clock=_Clock(), limits=limits, token_requests_a_minute=1_000_000
    ) as spine:
        server = WebServer(spine.application, WebSettings(port=0, login=is_closed, heartbeat_s=0.2))
        await server.start()
        try:
            config = await _closed(spine) if is_closed else _CONFIG
            (folder / "schemathesis.toml").write_text(config, encoding="utf-8")
            address = f"http://127.0.0.1:{server.port}/api/openapi.json"
            seeded = [] if seed is None else ["--seed", str(seed)]
            return await _run(folder, [address, "--max-examples", str(examples), *seeded])
        finally:
            await server.close()


async def _closed(spine: SpineKit) -> str:
    """Make a finished job and a token; the configuration that has schemathesis use both."""
    await spine.application.sign_in.set_password("correct horse battery")
    submitted = await spine.application.submit(Origin(PAGE, "web:a-job-to-ask-for"), Draft(prompt="a lamp", steps=1))
    await spine.until(submitted.job.id, Phase.DONE)
    issued = await spine.application.api_tokens.create(PAGE, "generated requests", Scope.OPERATE, by="test")
    return _CLOSED.format(token=issued.secret, job_id=submitted.job.id)


async def _run(folder: Path, arguments: Sequence[str]) -> Fuzz:
    command = Path(sys.executable).parent / "schemathesis"
    process = await asyncio.create_subprocess_exec(
        command,
        "run",
        *arguments,
        "--continue-on-failure",
        "--request-timeout",
        "120",
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Fuzz(process.returncode, output.decode("utf-8", "replace"))


async def _long(examples: int) -> int:
    is_well = True
    for is_closed in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            done = await fuzz(Path(folder), examples=examples, is_closed=is_closed)
        print(done.output)
        print(f"{'closed' if is_closed else 'open'} page: {done.cases} requests, exit code {done.returncode}")
        is_well = is_well and done.returncode == 0
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_long(int(sys.argv[1]) if len(sys.argv) > 1 else _LONG_EXAMPLES)))
