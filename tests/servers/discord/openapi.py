"""Checks requests and answers against Discord's own description of its API (tests/specs/discord-openapi.json)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema.exceptions import ValidationError, best_match  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.servers.discord.branches import branching_validator

SPEC = Path(__file__).parents[2] / "specs" / "discord-openapi.json"
_URN = "urn:discord-openapi"


@dataclass(frozen=True)
class Operation:
    """One method of one path; `pointer` leads to it inside the description."""

    name: str
    pointer: tuple[str, ...]
    described: dict[str, Any]


class ApiDescription:
    """Knows every path, and what goes in and out of it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._registry: Registry[Any] = Registry().with_resource(
            _URN, Resource.from_contents(document, default_specification=DRAFT202012)
        )
        # Paths with fewer variables first: `@me` and `@original` are not ids.
        self._paths = sorted(
            ((_pattern(path), path) for path in document["paths"]), key=lambda pair: pair[1].count("{")
        )
        self._validator = branching_validator(document)
        self._validators: dict[tuple[str, ...], Any] = {}

    def find(self, method: str, path: str) -> Operation | None:
        """The operation behind a request, or None if Discord has no such thing."""
        for pattern, template in self._paths:
            operation = self._document["paths"][template].get(method.lower())
            if operation is not None and pattern.fullmatch(path):
                return Operation(operation["operationId"], ("paths", template, method.lower()), operation)
        return None

    def faults_in_request(self, operation: Operation, query: dict[str, str], body: Any) -> list[str]:
        """What is wrong with a request's query and JSON body (of a multipart request: its `payload_json`)."""
        faults = []
        parameters = [*operation.described.get("parameters", []), *self._shared_parameters(operation)]
        known = {one["name"] for one in parameters if one.get("in") == "query"}
        faults += [f"query {name!r} is not known" for name in query if name not in known]
        content = operation.described.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return faults if body is None else [*faults, "a body where none belongs"]
        pointer = (*operation.pointer, "requestBody", "content", "application/json", "schema")
        return faults + self._faults(pointer, normalised(body))

    def faults_in_answer(self, operation: Operation, status: int, body: Any) -> list[str]:
        """What is wrong with what this server itself answers."""
        described = operation.described["responses"].get(str(status))
        if described is None:
            return [f"status {status} is not among the answers"]
        if "application/json" not in described.get("content", {}):
            return [] if body is None else ["a body where none belongs"]
        pointer = (*operation.pointer, "responses", str(status), "content", "application/json", "schema")
        return self._faults(pointer, body)

    def _shared_parameters(self, operation: Operation) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._document["paths"][operation.pointer[1]].get("parameters", [])
        return found

    def _faults(self, pointer: tuple[str, ...], value: Any) -> list[str]:
        if pointer not in self._validators:
            escaped = "/".join(quote(part.replace("~", "~0").replace("/", "~1")) for part in pointer)
            schema = {"$ref": f"{_URN}#/{escaped}"}
            self._validators[pointer] = self._validator(schema, registry=self._registry)
        error = best_match(self._validators[pointer].iter_errors(value))
        return [] if error is None else [_told(error)]


@cache
def load_description() -> ApiDescription:
    """Discord's description, read once a process."""
    return ApiDescription(json.loads(SPEC.read_text(encoding="utf-8")))


def normalised(body: Any) -> Any:
    """The body with ids as text: discord.py sends some of them as numbers, which Discord takes as well."""
    if not isinstance(body, dict):
        return body
    fixed = dict(body)
    if isinstance(body.get("data"), dict):
        fixed["data"] = normalised(body["data"])
    if isinstance(body.get("attachments"), list):
        fixed["attachments"] = [{**one, "id": str(one["id"])} for one in body["attachments"]]
    if isinstance(body.get("allowed_mentions"), dict):
        fixed["allowed_mentions"] = {
            name: [str(one) for one in value] if name in {"users", "roles"} else value
            for name, value in body["allowed_mentions"].items()
        }
    if "recipient_id" in body:
        fixed["recipient_id"] = str(body["recipient_id"])
    return fixed


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)))


def _told(error: ValidationError) -> str:
    return f"{error.json_path}: {error.message[:300]}"
