"""The interface describes itself, wholly and truly."""

from __future__ import annotations

import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters.web.interface.declared import operation_of
from adapters.web.interface.document import described_routes
from bot.domain.access import Scope
from tests.e2e.web.conftest import Json, PageKit


@pytest.fixture
async def document(page: PageKit) -> Json:
    status, document = await page.get("/api/openapi.json")
    assert status == 200
    return document


API = "/api/"
PROBLEM = {"$ref": "#/components/schemas/ProblemView"}


def path_of(route: web.AbstractRoute) -> str:
    assert route.resource is not None
    return route.resource.canonical


def routes_of(page: PageKit) -> list[web.AbstractRoute]:
    return [route for route in page.server.app.router.routes() if route.method != "HEAD" and route.resource is not None]


async def test_it_is_valid(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_every_route_of_the_interface_is_there_and_nothing_else(page: PageKit, document: Json) -> None:
    served = {(path_of(route), route.method.lower()) for route in routes_of(page)}
    served = {(path, method) for path, method in served if path.startswith(API)}
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}

    bare = "\n".join(f"{method.upper()} {path}" for path, method in sorted(served - told))
    assert not bare, (
        f"describe these routes with @described(Operation(...)) of adapters.web.interface.declared:\n{bare}"
    )
    assert told == served
    assert ("/api/jobs", "post") in told


async def test_what_is_described_is_served_under_the_prefix_of_the_interface(page: PageKit) -> None:
    described = [path_of(route) for route in routes_of(page) if operation_of(route.handler) is not None]

    assert described
    assert [path for path in described if not path.startswith(API)] == []


async def test_every_parameter_is_explained(document: Json) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for parameter in operation["parameters"]:
                name = parameter["name"]
                is_explained = parameter.get("description") or parameter["in"] == "query"
                assert is_explained, f"{method.upper()} {path}: say in `path_words` what {name!r} is"


async def test_names_of_operations_are_unique(document: Json) -> None:
    names = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]

    assert len(names) == len(set(names))


async def test_refusals_name_their_codes(document: Json) -> None:
    responses = document["paths"]["/api/jobs"]["post"]["responses"]

    assert "`credits-used-up`" in responses["429"]["description"]
    assert "Retry-After" in responses["429"]["headers"]
    assert "`draining`" in responses["503"]["description"]
    for status, response in responses.items():
        if int(status) >= 400:
            assert response["content"]["application/problem+json"]["schema"] == {
                "$ref": "#/components/schemas/ProblemView"
            }


async def test_a_form_has_the_bounds_that_the_operator_set(document: Json) -> None:
    schema = document["paths"]["/api/jobs"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]

    assert (schema["properties"]["steps"]["minimum"], schema["properties"]["steps"]["maximum"]) == (1, 50)
    assert schema["properties"]["style"]["maxItems"] == 2


async def test_events_tell_what_they_carry(document: Json) -> None:
    stream = document["paths"]["/api/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]

    event = stream["schema"]["properties"]
    assert event["event"] == {"const": "card"}
    assert event["data"]["contentSchema"] == {"$ref": "#/components/schemas/CardView"}


async def test_an_address_says_what_can_be_done_with_it(page: PageKit) -> None:
    async with page.session.delete(f"{page.url}/api/jobs") as response:
        assert response.status == 405
        assert set(response.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_people_find_how_to_begin_and_every_route_on_one_page(page: PageKit, document: Json, locale: str) -> None:
    async with page.session.get(f"{page.url}/api", headers={"Accept-Language": locale}) as response:
        assert response.status == 200
        html = await response.text()
    assert f"curl {page.url}/api/jobs" in html
    assert "Authorization: Bearer $USO_TOKEN" in html
    assert {"en": "A picture in four steps", "de": "Ein Bild in vier Schritten"}[locale] in html
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()}</span> {path}</code>" in html
            assert operation["summary"] in html


async def test_what_operates_needs_a_token_that_may_operate(page: PageKit) -> None:
    routes = [route for route in described_routes(page.server.app.router) if route.path.startswith("/api/operate")]

    assert routes
    assert [route.path for route in routes if route.operation.scope is not Scope.OPERATE] == []
