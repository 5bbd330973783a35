"""Routes of an API, and the OpenAPI document that API Gateway imports.

Source: Amazon API Gateway Developer Guide, "Working with API Gateway extensions to OpenAPI".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lenie.compiler.diagnostics import suggest
from lenie.compiler.expressions import Pseudo, Value, as_part, interpolate
from lenie.compiler.types import Faults, Reference, fault, faults_at

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
#: Longest time that API Gateway waits for an integration, in seconds ("Amazon API Gateway quotas").
LONGEST_WAIT = 29
ALLOWED_HEADERS = "Content-Type,X-Api-Key"
ROUTE_PATTERN = rf"^({'|'.join(METHODS)}) +/\S*$"
_SEGMENT = re.compile(r"[A-Za-z0-9._:-]+|\{[A-Za-z0-9._-]+\}")
_GREEDY = re.compile(r"\{[A-Za-z0-9._-]+\+\}")
_VARIABLE = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}")


class Route(NamedTuple):
    """One method of one path: `source` is its key in the spec, `key` tells whether callers need an API key."""

    source: str
    method: str
    path: str
    function: Reference
    key: bool = True

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables in the path."""
        return tuple(_VARIABLE.findall(self.path))


def split_route(key: str) -> tuple[str, str]:
    """Return method and path of ``POST /url_add``.

    Raises:
        PydanticCustomError: if it is no route.
    """
    words = key.split()
    if len(words) != 2:
        raise fault(f'"{key}" is not a route', "write method and path: POST /url_add")
    method, path = words
    if method == "OPTIONS":
        raise fault("OPTIONS is not written down: every path answers it for CORS", "remove the route")
    if method not in METHODS:
        raise fault(f'there is no method "{method}"', suggest(method.upper(), METHODS, what="methods"))
    _check_path(path)
    return method, path


def _check_path(path: str) -> None:
    if not path.startswith("/"):
        raise fault(f'the path "{path}" does not begin with a slash', f"write /{path}")
    if path == "/":
        return
    segments = path[1:].split("/")
    if "" in segments:
        meant = "/" + "/".join(segment for segment in segments if segment)
        raise fault(f'the path "{path}" has an empty segment', f"write {meant}")
    for number, segment in enumerate(segments, 1):
        if _GREEDY.fullmatch(segment) and number < len(segments):
            raise fault(f'"{segment}" takes the rest of the path, so nothing can follow it', "put it at the end")
        if not (_SEGMENT.fullmatch(segment) or _GREEDY.fullmatch(segment)):
            allowed = "segments have letters, digits and . _ - : and may be a variable: {id}, or {rest+} at the end"
            raise fault(f'"{segment}" cannot be part of a path', allowed)
    variables = _VARIABLE.findall(path)
    if len(set(variables)) < len(variables):
        raise fault(f'the path "{path}" has a variable twice', "give each variable its own name")


def parse_route_key(value: Any) -> str:
    """Return the key of a route as it stands in the spec, if it is one."""
    if not isinstance(value, str):
        raise fault("a route is wanted here", "write method and path: POST /url_add")
    split_route(value)
    return value


def check_routes(routes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `routes` unless two are the same, or name the variable at one place of a path differently.

    Raises:
        ValidationError: with a fault at the key of each offending route.
    """
    faults: Faults = []
    seen: dict[tuple[str, str], str] = {}
    variables: dict[str, str] = {}
    for key in routes:
        method, path = split_route(key)
        same = seen.setdefault((method, path), key)
        if same != key:
            faults.append(((key, "[key]"), fault(f"the route {method} {path} is there twice", "remove one of the two")))
        before = ""
        for segment in path[1:].split("/"):
            if _VARIABLE.fullmatch(segment):
                other = variables.setdefault(before, segment)
                if other != segment:
                    message = f'"{segment}" stands where another route has "{other}"'
                    faults.append(((key, "[key]"), fault(message, f"call it {other} here, too")))
            before = f"{before}/{segment}"
    if faults:
        raise faults_at(faults)
    return routes


def document(
    title: str, routes: Iterable[tuple[Route, Value, int]], cors: Value, mark: Callable[[Route, Any], Any]
) -> dict[str, Any]:
    """Return the OpenAPI 3.0.1 document of an API.

    `routes` are routes with the ARN of their function and its timeout in seconds. `mark(route, operation)` marks an
    operation with its place in the spec. `cors` is the origin that browsers may call from.
    """
    origin = interpolate("'", as_part(cors), "'")
    paths: dict[str, dict[str, Any]] = {}
    for route, arn, timeout in routes:
        operation = mark(route, _operation(route, arn, timeout))
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    for path, operations in paths.items():
        operations["options"] = _preflight(path, sorted([*map(str.upper, operations), "OPTIONS"]), origin)
    gateway_headers: dict[str, Value] = {"gatewayresponse.header.Access-Control-Allow-Origin": origin}
    return {
        "openapi": "3.0.1",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {"api-key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
        # What API Gateway itself answers (403, 429, 504) must be readable for a browser, too.
        "x-amazon-apigateway-gateway-responses": {
            "DEFAULT_4XX": {"responseParameters": gateway_headers},
            "DEFAULT_5XX": {"responseParameters": dict(gateway_headers)},
        },
    }


def _operation(route: Route, arn: Value, timeout: int) -> dict[str, Any]:
    operation: dict[str, Any] = {}
    if route.variables:
        operation["parameters"] = _parameters(route.variables)
    operation["responses"] = {"200": {"description": "The function's answer"}}
    if route.key:
        operation["security"] = [{"api-key": []}]
    operation["x-amazon-apigateway-integration"] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": interpolate(
            "arn:",
            Pseudo("partition"),
            ":apigateway:",
            Pseudo("region"),
            ":lambda:path/2015-03-31/functions/",
            as_part(arn),
            "/invocations",
        ),
        "timeoutInMillis": min(timeout, LONGEST_WAIT) * 1000,
    }
    return operation


def _parameters(variables: Iterable[str]) -> list[Any]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in variables]


def _preflight(path: str, methods: Iterable[str], origin: Value) -> dict[str, Any]:
    """Return the OPTIONS method, which API Gateway answers itself ("Enabling CORS for a REST API resource")."""
    headers: dict[str, Value] = {
        "Access-Control-Allow-Headers": f"'{ALLOWED_HEADERS}'",
        "Access-Control-Allow-Methods": f"'{','.join(methods)}'",
        "Access-Control-Allow-Origin": origin,
    }
    operation: dict[str, Any] = {}
    variables = _VARIABLE.findall(path)
    if variables:
        operation["parameters"] = _parameters(variables)
    operation["responses"] = {
        "204": {
            "description": "What browsers may send",
            "headers": {name: {"schema": {"type": "string"}} for name in headers},
        }
    }
    operation["x-amazon-apigateway-integration"] = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 204}'},
        "responses": {
            "default": {
                "statusCode": "204",
                "responseParameters": {f"method.response.header.{name}": value for name, value in headers.items()},
            }
        },
    }
    return operation
