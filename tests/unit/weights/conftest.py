"""A hub on the loopback interface: the endpoints the hub client uses, and a log of what it was asked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE_BYTES = 1024


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; `host` is "hub" or "storage"."""

    host: str
    method: str
    path: str
    range: str | None
    authorization: str | None


@dataclass
class LoopbackHub:
    """Serves `files` ("owner/name/path" to bytes); large ones by redirect to a storage host, as the real one does.

    `cuts` holds, per file, after how many bytes of a response the connection is dropped, one entry a response;
    a file in `held` stops after half its bytes, sets `half_sent` and goes on when `release` is set.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    tokens: dict[str, bool] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    corrupt: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    half_sent: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)
    endpoint: str = ""
    storage: str = ""

    def gets(self, name: str) -> list[Asked]:
        """The downloads of a file that reached its bytes."""
        host = "storage" if len(self.files[name]) > LARGE_BYTES else "hub"
        return [one for one in self.asked if one.method == "GET" and one.host == host and one.path.endswith(name)]

    def bytes_sent_for(self, name: str) -> int:
        return sum(len(self.files[name]) - start_of(one.range) for one in self.gets(name))


def start_of(range_header: str | None) -> int:
    return int(range_header.removeprefix("bytes=").split("-")[0]) if range_header else 0


def etag_of(data: bytes) -> str:
    if len(data) > LARGE_BYTES:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: LoopbackHub
    host_name: str

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *args: object) -> None:
        """Keep test output quiet."""

    def _answer(self, *, with_body: bool) -> None:
        name = self._name()
        self.hub.asked.append(
            Asked(
                self.host_name,
                self.command,
                self.path.replace(f"/resolve/{COMMIT}", "").replace("/resolve/main", ""),
                self.headers.get("Range"),
                self.headers.get("Authorization"),
            )
        )
        repo = "/".join(name.split("/")[:2])
        if self.host_name == "hub" and (refusal := self._refusal(repo)) is not None:
            self._finish(*refusal)
        elif not any(file.startswith(f"{repo}/") for file in self.hub.files):
            self._finish(404, {"X-Error-Code": "RepoNotFound"})
        elif name not in self.hub.files:
            self._finish(404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
        else:
            self._send(name, self.hub.files[name], with_body=with_body)

    def _name(self) -> str:
        path = self.path.lstrip("/")
        for revision in ("/resolve/main/", f"/resolve/{COMMIT}/"):
            path = path.replace(revision, "/")
        return path

    def _refusal(self, repo: str) -> tuple[int, dict[str, str]] | None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token and token not in self.hub.tokens:
            return 401, {"X-Error-Message": "Invalid credentials in Authorization header"}
        if repo not in self.hub.gated or self.hub.tokens.get(token):
            return None
        return (403 if token else 401), {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted."}

    def _send(self, name: str, data: bytes, *, with_body: bool) -> None:
        large = len(data) > LARGE_BYTES
        headers = {"ETag": f'"{etag_of(data)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if large and self.host_name == "hub":
            headers |= {
                "Location": f"{self.hub.storage}/{name}",
                "X-Linked-Etag": f'"{etag_of(data)}"',
                "X-Linked-Size": str(len(data)),
            }
            self._finish(302, headers)
            return
        start = start_of(self.headers.get("Range"))
        body = data[start:]
        if name in self.hub.corrupt:
            body = bytes(byte ^ 0xFF for byte in body)
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.send_response(206 if start else 200)
        for key, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(key, value)
        self.end_headers()
        if with_body:
            self._send_body(name, body)

    def _send_body(self, name: str, body: bytes) -> None:
        cuts = self.hub.cuts.get(name)
        if cuts:
            self.wfile.write(body[: cuts.pop(0)])
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(2)
            return
        if name in self.hub.held and not self.hub.release.is_set():
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.hub.half_sent.set()
            self.hub.release.wait(60)
            self.close_connection = True
            return
        self.wfile.write(body)

    def _finish(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in (headers | {"Content-Length": "0"}).items():
            self.send_header(key, value)
        self.end_headers()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """An empty hub on two free ports; both are closed at the end."""
    from huggingface_hub import close_session

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    close_session()
    hub = LoopbackHub()
    servers: list[ThreadingHTTPServer] = []
    for host_name in ("hub", "storage"):
        handler = type("Handler", (_Handler,), {"hub": hub, "host_name": host_name})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
    hub.endpoint, hub.storage = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    yield hub
    hub.release.set()
    close_session()
    for server in servers:
        server.shutdown()
        server.server_close()
