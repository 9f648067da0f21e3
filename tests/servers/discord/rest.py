"""The REST side: every request checked against Discord's description, then answered from the world."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.servers.discord import errors
from tests.servers.discord.errors import ApiError
from tests.servers.discord.limits import RateLimits
from tests.servers.discord.openapi import ApiDescription, Operation
from tests.servers.discord.posting import Body
from tests.servers.discord.world import World

API = "/api/v10"
_WITHOUT_BOT_TOKEN = re.compile(r"/(interactions/\d+/[^/]+/callback|webhooks/\d+/[^/]+(/.*)?)")

Answer = tuple[int, Any]
Handler = Callable[["Call"], Awaitable[Answer]]


@dataclass
class Call:
    """One request, parsed; `ids` are the parts of the path that vary."""

    operation: str
    method: str
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    body: Body


@dataclass
class Trouble:
    """An answer that the test wants for the next requests that match; `text` is looked for in their bodies."""

    method: str
    path: re.Pattern[str]
    status: int
    payload: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    times: int = 1


class RestApi:
    """Takes every request below `/api/v10`."""

    def __init__(self, world: World, description: ApiDescription, token: str, handlers: dict[str, Handler]) -> None:
        self._world = world
        self.limits = RateLimits(world.clock)
        self._description = description
        self._token = token
        self._handlers = handlers
        self.troubles: list[Trouble] = []
        self.calls: list[Call] = []
        self.on_call: Callable[[Call], object] = lambda _call: None

    def count(self, operation: str) -> int:
        """How often an operation was called."""
        return sum(call.operation == operation for call in self.calls)

    async def answer(self, request: web.Request) -> web.Response:
        """Check, count, act, check the answer."""
        headers: dict[str, str] = {}
        path = request.path.removeprefix(API)
        try:
            operation = self._description.find(request.method, path)
            if operation is None:
                raise ApiError(404, 0, f"no such operation: {request.method} {path}", is_fault=True)
            self._authorize(request, path)
            headers, refusal = self.limits.take(operation.name, _ids(operation, path))
            if refusal is not None:
                await request.read()  # a client that is still sending its files would find the connection broken
                return json_answer(429, refusal.payload, headers)
            call = await self._read(request, operation, path)
            self.calls.append(call)
            self.on_call(call)
            if (trouble := self._trouble(call)) is not None:
                return json_answer(trouble.status, trouble.payload, trouble.headers)
            status, payload = await self._handlers[operation.name](call)
        except ApiError as error:
            if error.is_fault:
                self._world.violations.append(f"{request.method} {path}: {error.message}")
            return json_answer(error.status, {"message": error.message, "code": error.code}, headers)
        except Exception as error:
            # A fault of this server: told at once, where a 500 would make the client try again for half a minute.
            self._world.violations.append(f"{request.method} {path}: {type(error).__name__}: {error}")
            return json_answer(400, {"message": "the test server broke", "code": 0})
        finally:
            self._world.touch()
        for fault in self._description.faults_in_answer(operation, status, payload):
            self._world.violations.append(f"the server's own answer to {operation.name}: {fault}")
        return web.Response(status=204, headers=headers) if payload is None else json_answer(status, payload, headers)

    def _authorize(self, request: web.Request, path: str) -> None:
        if not _WITHOUT_BOT_TOKEN.fullmatch(path) and request.headers.get("Authorization") != f"Bot {self._token}":
            raise errors.unauthorized()

    async def _read(self, request: web.Request, operation: Operation, path: str) -> Call:
        body = await read_body(request)
        data = body.data if request.can_read_body or body.uploads or body.data else None
        query = dict(request.query)
        if faults := self._description.faults_in_request(operation, query, data):
            raise errors.invalid_form("; ".join(faults))
        return Call(operation.name, request.method, path, _ids(operation, path), query, body)

    def _trouble(self, call: Call) -> Trouble | None:
        for trouble in self.troubles:
            is_meant = trouble.method == call.method and trouble.path.search(call.path)
            if trouble.times > 0 and is_meant and trouble.text in json.dumps(call.body.data):
                trouble.times -= 1
                return trouble
        return None


def _ids(operation: Operation, path: str) -> dict[str, str]:
    """The parts of the path that vary, by their names."""
    template = operation.pointer[1]
    pattern = re.sub(r"\\\{([^}]+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    assert found is not None
    return found.groupdict()


def json_answer(status: int, payload: Any, headers: dict[str, str] | None = None) -> web.Response:
    """JSON under the plain content type: discord.py takes anything else for text."""
    kind = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(payload).encode(), status=status, headers={**kind, **(headers or {})})


async def read_body(request: web.Request) -> Body:
    """Parse a JSON body, or a multipart one with `payload_json` and `files[n]`."""
    if not request.can_read_body:
        return Body()
    content_type = request.headers.get("Content-Type", "")
    if content_type == "application/json":
        return Body(json.loads(await request.read()))
    if not content_type.startswith("multipart/form-data"):
        raise errors.invalid_form(f"content type {content_type!r}")
    body = Body()
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise errors.invalid_form("multipart inside multipart")
        name, data = part.name or "", bytes(await part.read())
        if name == "payload_json":
            body.data = json.loads(data)
        elif number := re.fullmatch(r"files\[(\d+)\]", name):
            body.uploads[int(number[1])] = (part.filename or "", data, kind_of(data))
        else:
            raise errors.invalid_form(f"a part named {name!r}")
    return body


def kind_of(data: bytes) -> str:
    """The type of a picture file, by its first bytes, as Discord tells it."""
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data[8:12] == b"WEBP":
        return "image/webp"
    return "image/jpeg" if data.startswith(b"\xff\xd8") else "application/octet-stream"
