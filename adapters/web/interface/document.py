"""The OpenAPI 3.1 document, made from the routes and the types of what they take and give."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

import msgspec
from aiohttp import web

from adapters.web.interface.declared import Answer, FormBody, JsonBody, Operation, Parameter, Schema, operation_of
from adapters.web.refusals import WebRefusal, status_of
from adapters.web.routes import API_PREFIX
from adapters.web.views import PROBLEM_TYPE, ProblemView
from bot.domain.errors import Rejection
from bot.domain.limits import Limits

_REF: Final = "#/components/schemas/{name}"
_JSON: Final = "application/json"
_EVERYWHERE: Final = (
    WebRefusal.BAD_REQUEST,
    WebRefusal.SIGN_IN_NEEDED,
    WebRefusal.TOKEN_WRONG,
    WebRefusal.SCOPE_TOO_SMALL,
    WebRefusal.FOREIGN_HOST,
    Rejection.TOKEN_USED_TOO_OFTEN,
    Rejection.STORAGE_BUSY,
)
_ON_CHANGES: Final = (WebRefusal.CROSS_SITE, WebRefusal.PAGE_STALE, WebRefusal.TOO_LARGE, Rejection.STORAGE_FULL)
_RETRY_STATUSES: Final = frozenset({429, 503})
_DIGITS: Final = re.compile(r"\(\?P<(\w+)>\\d\{1,(\d)\}\)")
_CHOICES: Final = re.compile(r"\(\?P<(\w+)>([\w\\-]+(?:\|[\w\\-]+)+)\)")
_PATH_WORDS: Final = {"job_id": "The id of a job, as its card tells it."}
_INTRODUCTION: Final = (
    "What the page itself uses, for your own programs. From the machine of the bot no login is needed; from elsewhere "
    "send `Authorization: Bearer uso_...` with a token that `uso-bot web token create NAME` made. Every refusal is one "
    "sentence with a code, in the language that `Accept-Language` asks for."
)


@dataclass(frozen=True, slots=True)
class DescribedRoute:
    """A route with its description; `path` has its parameters in braces, `parameters` what each of them may be."""

    method: str
    path: str
    parameters: Mapping[str, Schema]
    operation: Operation


def described_routes(router: web.UrlDispatcher) -> Iterator[DescribedRoute]:
    """All routes of the interface that describe themselves, in the order of their registration."""
    for route in router.routes():
        operation = operation_of(route.handler)
        if operation is None or route.resource is None or route.method == "HEAD":
            continue
        yield DescribedRoute(route.method, route.resource.canonical, _path_schemas(route.resource), operation)


def _path_schemas(resource: web.AbstractResource) -> dict[str, Schema]:
    """What may stand in each place of a path, as the route takes it: words, a number of some digits, or any text."""
    pattern = resource.get_info().get("pattern")
    if pattern is None:
        return {}
    words = {name: choices.replace("\\", "").split("|") for name, choices in _CHOICES.findall(pattern.pattern)}
    digits = {name: int(most) for name, most in _DIGITS.findall(pattern.pattern)}
    return {name: _path_schema(digits.get(name), words.get(name)) for name in pattern.groupindex}


def _path_schema(digits: int | None, words: list[str] | None) -> Schema:
    if words is not None:
        return {"type": "string", "enum": words}
    if digits is not None:
        return {"type": "integer", "minimum": 0, "maximum": 10**digits - 1}
    return {"type": "string", "minLength": 1, "maxLength": 64}


def openapi(router: web.UrlDispatcher, limits: Limits, *, demands_login: bool) -> dict[str, Any]:
    """The whole document, as JSON-ready data, for a page that demands a login or does not."""
    routes = list(described_routes(router))
    references, components = _schemas(routes)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, references, limits)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "USO Bot",
            "version": version("uso-bot"),
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [*([] if demands_login else [{}]), {"token": []}, {"session": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.operation.tag for route in routes)],
        "paths": dict(paths),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "uso_..."},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-uso-session"},
            },
        },
    }


def _schemas(routes: Iterable[DescribedRoute]) -> tuple[dict[Any, Schema], dict[str, Any]]:
    """What refers to each type, and the types themselves by name."""
    kinds: dict[Any, None] = {ProblemView: None}
    for route in routes:
        operation = route.operation
        kinds.update(dict.fromkeys(answer.view for answer in operation.answers if answer.view is not None))
        kinds.update(dict.fromkeys(parameter.kind for parameter in operation.parameters))
        if isinstance(operation.body, JsonBody):
            kinds[operation.body.kind] = None
    references, components = msgspec.json.schema_components(tuple(kinds), ref_template=_REF)
    return dict(zip(kinds, references, strict=True)), components


def _operation(route: DescribedRoute, references: Mapping[Any, Schema], limits: Limits) -> dict[str, Any]:
    operation = route.operation
    described: dict[str, Any] = {
        "operationId": _name(route),
        "summary": operation.summary,
        "tags": [operation.tag],
        "description": f"A token needs the scope `{operation.scope.value}`.",
        "parameters": [
            *(_path_parameter(name, schema, operation) for name, schema in route.parameters.items()),
            *(_parameter(parameter, references) for parameter in operation.parameters),
            *(_query_parameter(name, schema) for name, schema in (operation.query or _none)(limits).items()),
        ],
        "responses": _responses(route, references),
    }
    match operation.body:
        case JsonBody(kind, is_required):
            described["requestBody"] = {"required": is_required, "content": {_JSON: {"schema": references[kind]}}}
        case FormBody(schema):
            described["requestBody"] = {"required": True, "content": {"multipart/form-data": dict(schema(limits))}}
        case None:
            pass
    return described


def _none(_limits: Limits) -> Mapping[str, Schema]:
    return {}


def _name(route: DescribedRoute) -> str:
    """A name for generated clients, such as `post_jobs_job_id_vary`."""
    words = "".join(letter if letter.isalnum() else " " for letter in route.path.removeprefix(API_PREFIX)).split()
    return "_".join([route.method.lower(), *words])


def _path_parameter(name: str, schema: Schema, operation: Operation) -> dict[str, Any]:
    words = {**_PATH_WORDS, **(operation.path_words or {})}
    return {"name": name, "in": "path", "required": True, "description": words.get(name, ""), "schema": dict(schema)}


def _parameter(parameter: Parameter, references: Mapping[Any, Schema]) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.is_required,
        "description": parameter.words,
        "schema": references[parameter.kind],
    }


def _query_parameter(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": dict(schema)}


def _responses(route: DescribedRoute, references: Mapping[Any, Schema]) -> dict[str, Any]:
    responses = {str(answer.status): _answer(answer, references) for answer in route.operation.answers}
    codes: dict[int, list[str]] = defaultdict(list)
    changes = _ON_CHANGES if route.method not in {"GET", "HEAD"} else ()
    for refusal in dict.fromkeys((*_EVERYWHERE, *changes, *route.operation.refusals)):
        codes[status_of(refusal)].append(refusal.value)
    for status, names in sorted(codes.items()):
        responses[str(status)] = _refusal(status, names, references)
    return responses


def _answer(answer: Answer, references: Mapping[Any, Schema]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.words}
    if answer.event and answer.view is not None:
        described["content"] = {answer.media: {"schema": _event(answer.event, references[answer.view])}}
    elif answer.view is not None:
        described["content"] = {_JSON: {"schema": references[answer.view]}}
    elif answer.media:
        described["content"] = {answer.media: {}}
    return described


def _event(name: str, data: Schema) -> dict[str, Any]:
    """One of the events of a stream (HTML standard, section 9.2), as programs that read such streams take it apart."""
    carried = {"type": "string", "contentMediaType": _JSON, "contentSchema": dict(data)}
    return {
        "type": "object",
        "description": f"A stream of events called `{name}`; the data of each is JSON on one line.",
        "properties": {"event": {"const": name}, "data": carried},
        "required": ["event", "data"],
    }


def _refusal(status: int, names: list[str], references: Mapping[Any, Schema]) -> dict[str, Any]:
    codes = ", ".join(f"`{name}`" for name in names)
    described: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: {codes}.",
        "content": {PROBLEM_TYPE: {"schema": references[ProblemView]}},
    }
    if status in _RETRY_STATUSES:
        words = "Seconds after which it is worth trying again, where that is known."
        described["headers"] = {"Retry-After": {"description": words, "schema": {"type": "integer", "minimum": 1}}}
    return described
