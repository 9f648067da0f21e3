"""Every route that names a job, asked for another person's private one."""

from __future__ import annotations

import re

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.e2e.web.conftest import PageKit

_PARAMETER = re.compile(r"\{(\w+)(?::[^}]*)?\}")
_OF_A_JOB = frozenset({"job_id", "job"})
_BODIES = {
    "vary": {"strength": "subtle"},
    "remix": {"prompt": "a fox"},
    "favourite": {"picture": 0, "is_on": True},
}
"""Sound bodies where an empty one would be refused for itself."""


def routes_about_jobs(page: PageKit) -> list[tuple[str, str]]:
    """Method and path of every route with a job in it, but for signed links, which name their own."""
    routes = [(route.method, route.resource) for route in page.server.app.router.routes() if route.resource is not None]
    return [
        (method, resource.canonical)
        for method, resource in routes
        if method != "HEAD"
        and set(_PARAMETER.findall(resource.canonical)) & _OF_A_JOB
        and resource.canonical[:3] != "/o/"
    ]


async def ask(page: PageKit, method: str, path: str, job_id: str) -> tuple[int, str]:
    """Fill the job in, ask, and tell status and text."""
    filled = _PARAMETER.sub(lambda found: job_id if found[1] in _OF_A_JOB else "0", path)
    body = _BODIES.get(path.rpartition("/")[2]) if method != "GET" else None
    async with page.session.request(method, page.url + filled, json=body) as answer:
        return answer.status, await answer.text()


async def test_every_route_refuses_and_tells_nothing(page: PageKit, engine: FakeEngine) -> None:
    application = page.spine.application
    ada = Origin(Actor(Platform.DISCORD, "42"), "discord:1")
    submitted = await application.submit(ada, Draft(prompt="a secret thing", private=True, steps=1))
    await page.spine.until(submitted.job.id, Phase.DONE)
    before = await page.spine.job(submitted.job.id)
    routes = routes_about_jobs(page)
    assert len(routes) >= 8
    for method, path in routes:
        status, text = await ask(page, method, path, submitted.job.id)
        unknown, _ = await ask(page, method, path, "0" * 12)
        assert status in {403, 404}, (method, path, text)
        assert unknown == 404, (method, path)
        assert "secret" not in text, (method, path)
    assert await page.spine.job(submitted.job.id) == before
    async with page.spine.open_unit() as unit:
        assert not await unit.jobs.unfinished()
