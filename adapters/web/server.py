"""The listening socket and what hangs on it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from adapters.web.asides import AsideHandlers
from adapters.web.balance import BalanceHandlers
from adapters.web.clients import PROXIES, Proxies, is_loopback
from adapters.web.funnel import Funnel
from adapters.web.gate import Gate
from adapters.web.grids import GridHandlers
from adapters.web.guard import Guard, add_headers
from adapters.web.interface.handlers import InterfaceHandlers
from adapters.web.jobs import JobHandlers
from adapters.web.library.routes import add_library
from adapters.web.links import LinkHandler
from adapters.web.login import LoginHandlers
from adapters.web.metrics.handlers import WatchHandlers
from adapters.web.operate.api import OperateApi
from adapters.web.operate.page import OperatePage
from adapters.web.page import Page
from adapters.web.passes import was_recognised
from adapters.web.preferences import PreferenceHandlers
from adapters.web.recipes import RecipeHandlers
from adapters.web.routes import STATIC_ROUTE
from adapters.web.settings_page import SettingsHandlers
from adapters.web.streams import CardStreams
from adapters.web.templates import Templates
from adapters.web.tray import TrayHandlers
from bot.application import Application

log = logging.getLogger(__name__)

_STATIC_FOLDER: Final = Path(__file__).parent / "static"
_HANDLERS: Final = (
    BalanceHandlers,
    TrayHandlers,
    PreferenceHandlers,
    RecipeHandlers,
    GridHandlers,
    AsideHandlers,
    OperateApi,
)
_MAX_PLAIN_BODY_BYTES: Final = 64 * 1024
_MAX_ADDRESS_BYTES: Final = 32 * 1024  # room for the ids of all the jobs that one stream may follow
_CLOSE_WITHIN_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where to listen; port 0 takes a free one. `allowed_hosts` are further names that lead to this page.

    `public_name` is the host name in signed links; under it only they are served. `trusted_proxies` are addresses or
    networks whose `X-Forwarded-*` is believed. `look_every_s` is how often the page *Operate* looks for changes,
    `recheck_s` how long a stream may outlive the session it was begun with.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    allowed_hosts: tuple[str, ...] = ()
    public_name: str = ""
    heartbeat_s: float = 15.0
    look_every_s: float = 2.0
    login: bool = False
    trusted_proxies: tuple[str, ...] = ()
    recheck_s: float = 30.0

    @property
    def demands_login(self) -> bool:
        """Whether only those come in who know the password: wherever others than this machine may reach the page."""
        is_alone = is_loopback(self.host) and all(map(is_loopback, self.allowed_hosts)) and not self.trusted_proxies
        return self.login or not is_alone

    @property
    def is_readable_on_the_way(self) -> bool:
        """Whether passwords and pictures cross a network without a proxy that could encrypt them."""
        return not is_loopback(self.host) and not self.trusted_proxies


class WebServer:
    """`bot.ports.platforms.Frontend` for the local page; `app` has its routes. It is started once."""

    def __init__(self, application: Application, settings: WebSettings) -> None:
        self._application = application
        self._settings = settings
        self._streams = CardStreams(application.board, settings.heartbeat_s)
        self._templates = Templates()
        self._operate = OperatePage(
            application, self._templates, every_s=settings.look_every_s, heartbeat_s=settings.heartbeat_s
        )
        self.app = self._make_app()
        self._runner: web.AppRunner | None = None
        self._port: int | None = None

    @property
    def port(self) -> int:
        """The port listened on; raises RuntimeError before `start`."""
        if self._port is None:
            raise RuntimeError("the page is not listening yet")
        return self._port

    async def start(self) -> None:
        """Listen; raises OSError when the address is taken."""
        runner = web.AppRunner(
            self.app, access_log=None, shutdown_timeout=_CLOSE_WITHIN_S, max_line_size=_MAX_ADDRESS_BYTES
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.host, self._settings.port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self._port = runner.addresses[0][1]
        log.info("the page listens on %s, port %d", self._settings.host, self._port)

    async def close(self) -> None:
        """Stop listening; open streams end at once, requests in hand get two seconds."""
        runner, self._runner = self._runner, None
        if runner is not None:
            self._streams.close()
            self._operate.close()
            await runner.cleanup()

    def _make_app(self) -> web.Application:
        jobs = JobHandlers(self._application, self._streams)
        templates = self._templates
        page = Page(self._application, templates, jobs)
        funnel = Funnel(self._application.catalogs, templates.error)
        middlewares = (funnel.middleware, self._guard().middleware, self._gate().middleware)
        app = web.Application(middlewares=middlewares, client_max_size=_MAX_PLAIN_BODY_BYTES)
        app[PROXIES] = Proxies(self._settings.trusted_proxies)
        app.on_response_prepare.append(add_headers)
        app.router.add_get("/", page.index)
        app.router.add_static("/static", _STATIC_FOLDER, name=STATIC_ROUTE)
        WatchHandlers(self._application, may_measure=was_recognised).add_to(app.router)
        is_closed = self._settings.demands_login
        LoginHandlers(self._application, templates, demands_login=is_closed).add_to(app.router)
        SettingsHandlers(self._application, templates).add_to(app.router)
        jobs.add_to(app.router)
        for handlers in _HANDLERS:
            handlers(self._application).add_to(app.router)
        add_library(app.router, self._application, templates)
        self._operate.add_to(app.router)
        InterfaceHandlers(self._application, templates, demands_login=is_closed).add_to(app.router)
        if self._application.open_link is not None:
            LinkHandler(self._application.open_link, self._application.catalogs).add_to(app.router)
        return app

    def _guard(self) -> Guard:
        settings = self._settings
        names = (settings.host, *settings.allowed_hosts)
        return Guard(names, settings.public_name, takes_addresses=settings.demands_login)

    def _gate(self) -> Gate:
        application = self._application
        return Gate(
            application.sign_in,
            application.api_tokens,
            demands_login=self._settings.demands_login,
            recheck_s=self._settings.recheck_s,
        )
