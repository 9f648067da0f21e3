"""The Bot API over HTTP: every call checked against the specification, long polls held, flood limits kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.servers.telegram.chats import ApiError, Json, Memory
from tests.servers.telegram.floods import FloodGate
from tests.servers.telegram.media import Media, Upload
from tests.servers.telegram.methods import WRITING, Methods
from tests.servers.telegram.spec import load_spec
from tests.servers.telegram.updates import Updates, reaches_bot
from tests.servers.telegram.webhooks import Webhook

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT: Json = {
    "id": 110201543,
    "is_bot": True,
    "first_name": "USO Bot",
    "username": "uso_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
}


@dataclass(frozen=True)
class Call:
    """One call that came in, and whether it was carried out."""

    method: str
    values: Json
    at: float
    uploads: dict[str, bytes]
    error: str | None


@dataclass
class Fault:
    """What the next `times` calls of a method get instead of an answer; `after` carries the call out first."""

    method: str
    status: int
    description: str
    parameters: Json = field(default_factory=dict)
    times: int = 1
    after: bool = False


class BotApiServer:
    """A Bot API server for one bot; `calls`, `wrong` and `floods.violations` tell what the bot did.

    A call of a method with a gate waits until it is opened; `held` names those that came to one.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.memory = Memory(dict(BOT), now)
        self.media = Media(self.memory)
        self.changed = asyncio.Event()
        self.updates = Updates(self.changed)
        self.webhook = Webhook(self.memory, self.updates)
        self.methods = Methods(
            self.memory,
            self.media,
            {
                "setWebhook": self.webhook.set_webhook,
                "deleteWebhook": self.webhook.delete_webhook,
                "getWebhookInfo": self.webhook.get_webhook_info,
            },
        )
        self.floods = FloodGate(now)
        self.calls: list[Call] = []
        self.wrong: list[str] = []
        self.faults: list[Fault] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.held: list[str] = []
        self.outages = 0
        self.is_token_revoked = False
        self._now = now
        self._spec = load_spec()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._receive)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self.webhook.close()
        await self._runner.cleanup()

    @property
    def polls(self) -> int:
        """How often the bot asked for updates."""
        return self.updates.polls

    @property
    def unconfirmed(self) -> int:
        """How many updates the bot has not confirmed yet."""
        return len(self.updates.waiting)

    @property
    def has_given_all(self) -> bool:
        """Whether the bot has received every update once."""
        return self.updates.has_given_all

    @property
    def has_privacy(self) -> bool:
        """Whether the bot hears only what is meant for it in groups; BotFather's /setprivacy."""
        return not self.memory.bot["can_read_all_group_messages"]

    @has_privacy.setter
    def has_privacy(self, is_on: bool) -> None:
        self.memory.bot["can_read_all_group_messages"] = not is_on

    def push(self, **content: Any) -> Json:
        """Add an update for the bot; what privacy mode hides from it gets no number."""
        message = content.get("message") or content.get("edited_message")
        if message is not None:
            is_admin = self.memory.chats[message["chat"]["id"]].is_bot_admin
            if not reaches_bot(message, self.memory.bot, is_admin=is_admin):
                return {}
        update = self.updates.number(content)
        self.wrong += self._spec.check_object("Update", update)
        return self.push_again(update)

    def push_again(self, update: Json) -> Json:
        """Give the bot an update that it may have had before."""
        self.updates.add(update)
        return update

    def fail(self, method: str, status: int, description: str, parameters: Json | None = None, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self.faults.append(Fault(method, status, description, parameters or {}, times))

    def calls_of(self, *methods: str) -> list[Call]:
        """The calls of these methods that were carried out, in order."""
        return [call for call in self.calls if call.method in methods and call.error is None]

    async def _receive(self, request: web.Request) -> web.Response:
        method = self._spec.method_named(request.match_info["method"])
        if request.match_info["token"] != TOKEN or self.is_token_revoked:
            self.changed.set()
            return _refusal(ApiError(401, "Unauthorized"))
        if method is None:
            return _refusal(ApiError(404, "Not Found"))
        raw, uploads = await _read(request)
        values, wrong = self._spec.read_parameters(method, raw)
        self.wrong += wrong
        if method == "getUpdates":
            if self.outages:
                self.outages -= 1
                return _refusal(ApiError(502, "Bad Gateway"))
            return await self._get_updates(values)
        if (gate := self.gates.get(method)) is not None:
            self.held.append(method)
            self.changed.set()
            await gate.wait()
        error: ApiError | None = None
        result: Any = None
        try:
            result = self._carry_out(method, values, uploads, wrong)
            self.wrong += self._spec.check_answer(method, result)
        except ApiError as refused:
            error = refused
        files = {name: upload.data for name, upload in uploads.items()}
        self.calls.append(Call(method, values, self._now(), files, error.description if error else None))
        self.changed.set()
        return _answer(result) if error is None else _refusal(error)

    def _carry_out(self, method: str, values: Json, uploads: dict[str, Upload], wrong: list[str]) -> Any:
        if wrong or not self.methods.offers(method):
            raise ApiError(400, f"Bad Request: {'; '.join(wrong) or 'not offered by the test server: ' + method}")
        fault = next((one for one in self.faults if one.method == method and one.times > 0), None)
        if fault is not None:
            fault.times -= 1
            if fault.after:
                self.methods.call(method, values, uploads)
            raise ApiError(fault.status, fault.description, fault.parameters)
        if method in WRITING:
            weight = len(values["media"]) if method == "sendMediaGroup" else 1
            chat_id = values.get("chat_id")
            wait_s = self.floods.admit(chat_id if isinstance(chat_id, int) else None, method, weight)
            if wait_s:
                raise ApiError(429, f"Too Many Requests: retry after {wait_s}", {"retry_after": wait_s})
        return self.methods.call(method, values, uploads)

    async def _get_updates(self, values: Json) -> web.Response:
        if self.webhook.is_set:
            way_out = "use deleteWebhook to delete the webhook first"
            return _refusal(ApiError(409, f"Conflict: can't use getUpdates method while webhook is active; {way_out}"))
        try:
            return _answer(await self.updates.poll(values))
        except ApiError as refused:
            return _refusal(refused)

    async def _download(self, request: web.Request) -> web.Response:
        file_id = request.match_info["path"].removeprefix("photos/")
        data = self.memory.files.get(file_id)
        if request.match_info["token"] != TOKEN or data is None:
            return _refusal(ApiError(404, "Not Found"))
        return web.Response(body=data)


async def _read(request: web.Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """The parameters as strings and the uploaded files by the name of their part."""
    raw: dict[str, str] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json()
        raw |= {name: one if isinstance(one, str) else json.dumps(one) for name, one in body.items()}
        return raw, uploads
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            uploads[name] = Upload(part.file.read(), part.filename or "file")
        else:
            raw[name] = str(part)
    for name in uploads:
        if not any(f"attach://{name}" in text for text in raw.values()):
            raw[name] = f"attach://{name}"
    return raw, uploads


def _answer(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.status)
