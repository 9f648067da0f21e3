"""What a route says of itself: the handler carries its own description, and the OpenAPI document is made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from aiohttp import web

from adapters.web.refusals import WebRefusal
from bot.domain.access import Scope
from bot.domain.errors import Rejection
from bot.domain.limits import Limits

Handler = TypeVar("Handler", bound=Callable[..., Any])
Schema = Mapping[str, Any]

_OPERATION: Final = "_described_operation"


@dataclass(frozen=True, slots=True)
class Answer:
    """One way a request can go well: JSON of `view`, or bytes of the type `media`, or nothing.

    With both, `media` is `text/event-stream` and `view` is the data of the events called `event`.
    """

    status: int
    words: str
    view: type[msgspec.Struct] | None = None
    media: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something in the query or the headers; `kind` is a type as msgspec takes it, `list[...]` when it may be repeated.

    Parameters in the path need no declaration: they are read from the route, their words from `path_words`.
    """

    name: str
    words: str
    kind: Any = str
    where: Literal["query", "header"] = "query"
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A body of JSON."""

    kind: type[msgspec.Struct]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class FormBody:
    """A multipart form, described by a JSON schema that depends on what the operator allows."""

    schema: Callable[[Limits], Schema]


@dataclass(frozen=True, slots=True)
class Operation:
    """One route of the interface. `refusals` are those beside the ones that every route has.

    `query` describes the whole query at once, for a route that takes many optional parameters.
    """

    summary: str
    answers: tuple[Answer, ...]
    tag: str
    scope: Scope = Scope.DRAW
    refusals: tuple[Rejection | WebRefusal, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    path_words: Mapping[str, str] | None = None
    query: Callable[[Limits], Mapping[str, Schema]] | None = None
    body: JsonBody | FormBody | None = None


def described(operation: Operation) -> Callable[[Handler], Handler]:
    """Attach its description to a handler."""

    def attach(handler: Handler) -> Handler:
        setattr(handler, _OPERATION, operation)
        return handler

    return attach


def operation_of(handler: object) -> Operation | None:
    """The description that a handler carries; None for pages and files."""
    found = getattr(handler, _OPERATION, None)
    return found if isinstance(found, Operation) else None


IDEMPOTENCY_KEY: Final = Parameter(
    "Idempotency-Key",
    "Makes a repeated request one job: send the same key again when an answer was lost.",
    kind=Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{8,64}$")],
    where="header",
)


def route_operation(request: web.Request) -> Operation | None:
    """The description of the route that a request is going to."""
    return operation_of(request.match_info.handler)
