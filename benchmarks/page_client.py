"""A person's browser, as far as benchmarks need one: it asks for a picture and follows the card."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any


def ask(page: str, fields: dict[str, str], files: dict[str, bytes] | None = None) -> str:
    """Send the form of the page at `page`; returns the job's id."""
    boundary = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="{name}"; filename="{name}.jpg"', data) for name, data in (files or {}).items()]
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    request = urllib.request.Request(
        f"{page}/api/jobs",
        data=body + f"--{boundary}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    with urllib.request.urlopen(request) as answer:
        job_id: str = json.load(answer)["id"]
        return job_id


def follow(page: str, job_id: str) -> dict[str, Any]:
    """Read the card's events to the end; returns the final card, raises RuntimeError if it has no picture."""
    last: dict[str, Any] = {}
    with urllib.request.urlopen(f"{page}/api/jobs/{job_id}/events") as events:
        for line in events:
            if line.startswith(b"data:"):
                last = json.loads(line[5:])
    if last.get("phase") != "done":
        raise RuntimeError(f"the picture did not come: {last}")
    return last
