"""What a deployment of a REST API holds: its routes as they were then, and how they are found.

Source: "Deploy REST APIs in API Gateway" and "Methods for REST APIs in API Gateway", Amazon API Gateway Developer
Guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

#: Milliseconds that an integration may take if nothing else is said.
TIMEOUT = 29_000


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a path: how callers are let in, and what answers them."""

    resource: str
    path: str
    #: In capitals; ANY is every method that has no route of its own.
    method: str
    needs_key: bool
    #: NONE, or a kind of authorization.
    authorization: str
    #: As the API tells it: `type` in capitals, `uri`, `timeoutInMillis` ...; its `responses` by their selection
    #: patterns, or `default`.
    integration: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A deployment: a copy that later changes of the API do not touch."""

    routes: tuple[Route, ...]
    #: Responses of the gateway itself, by their type, such as DEFAULT_4XX.
    responses: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    binary: tuple[str, ...] = ()

    def find(self, path: str, method: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a request, and its path parameters; fixed parts of a path go before variable ones.

        `path` is as it was sent: a slash that is encoded divides nothing.
        """
        found = [(route, values) for route in self.routes if (values := _match(route.path, path)) is not None]
        if not found:
            return None
        best = min(_rank(route.path) for route, _ in found)
        at = {route.method: (route, values) for route, values in found if _rank(route.path) == best}
        return at.get(method) or at.get("ANY")


def snapshot(api: Any) -> Snapshot:
    """Return what an API of moto's holds now."""
    routes = [
        _route(resource.id, resource.get_path(), method)
        for resource in api.resources.values()
        for method in resource.resource_methods.values()
    ]
    responses = {name: found.to_json() for name, found in api.gateway_responses.items()}
    return Snapshot(tuple(routes), deepcopy(responses), tuple(api.binaryMediaTypes or ()))


def _route(resource: str, path: str, method: Any) -> Route:
    name = method.http_method.upper()
    found: dict[str, Any] = {}
    if method.method_integration is not None:
        told = method.method_integration.to_json()
        found = {key: value for key, value in told.items() if value is not None}
        found["type"] = str(found.get("type", "")).upper()
        found["responses"] = {
            answer.get("selectionPattern") or "default": answer
            for answer in (found.pop("integrationResponses", None) or {}).values()
        }
    authorization = str(method.authorization_type or "NONE").upper()
    return Route(resource, path, name, bool(method.api_key_required), authorization, deepcopy(found))


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _match(pattern: str, path: str) -> dict[str, str] | None:
    """Return the path parameters, if a path fits a pattern."""
    wanted, given = _parts(pattern), _parts(path)
    values: dict[str, str] = {}
    for position, part in enumerate(wanted):
        name = re.fullmatch(r"\{([^}+]+)(\+?)\}", part)
        if position >= len(given):
            return None
        if name is None:
            if part != unquote(given[position]):
                return None
        elif name[2]:
            values[name[1]] = unquote("/".join(given[position:]))
            return values
        else:
            values[name[1]] = unquote(given[position])
    return values if len(wanted) == len(given) else None


def _rank(pattern: str) -> tuple[int, ...]:
    """Return what a pattern is sorted by: the more of it is fixed, the earlier."""
    return tuple(2 if part.endswith("+}") else int(part.startswith("{")) for part in _parts(pattern))
