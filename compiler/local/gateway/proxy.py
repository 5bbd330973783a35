"""Lambda proxy integration: a request as an event, and the function's answer as a response.

Source: "Lambda proxy integrations in API Gateway", Amazon API Gateway Developer Guide.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from lenie.compiler.local.gateway.answers import Answer
from lenie.compiler.local.gateway.api import Route

#: Headers that belong to one connection, and are not handed on.
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization"})
_HIDDEN = _HOP | {"content-length"}
#: What the gateway tells of callers that IAM or Cognito know, and of no others.
_UNKNOWN = (
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "user",
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request for an API."""

    method: str
    #: Path after the stage: as it was sent, and decoded.
    raw_path: str
    path: str
    query: str
    #: In their order, as sent.
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source: str
    api: str
    stage: str
    request_id: str
    account: str
    region: str

    def header(self, name: str) -> str:
        """Return the last value of a header; empty if it was not sent."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name.lower()), "")


class Malformed(Exception):
    """The function's answer is none that the gateway understands; the text says why."""


def event(
    request: Request,
    route: Route,
    parameters: Mapping[str, str],
    *,
    variables: Mapping[str, str],
    key: tuple[str, str],
    binary: Iterable[str],
) -> dict[str, Any]:
    """Return the event that the function gets.

    Args:
        request: what came.
        route: what it is for.
        parameters: of the path.
        variables: of the stage.
        key: id and value of the API key; both empty if none was needed.
        binary: media types whose bodies are handed on in Base64.
    """
    headers, several = _grouped((n, v) for n, v in request.headers if n.lower() not in _HOP)
    query, queries = _grouped(parse_qsl(request.query, keep_blank_values=True, errors="replace"))
    encoded = bool(request.body) and is_binary(request.header("Content-Type"), binary)
    now = time.time()
    identity: dict[str, Any] = dict.fromkeys(_UNKNOWN)
    identity |= {"sourceIp": request.source, "userAgent": request.header("User-Agent") or None}
    if key[0]:
        identity |= {"apiKey": key[1], "apiKeyId": key[0]}
    domain = f"{request.api}.execute-api.{request.region}.amazonaws.com"
    return {
        "resource": route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": headers or None,
        "multiValueHeaders": several or None,
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": dict(variables) or None,
        "requestContext": {
            "resourceId": route.resource,
            "resourcePath": route.path,
            "httpMethod": request.method,
            "extendedRequestId": request.request_id[:15],
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "path": f"/{request.stage}{request.path}",
            "accountId": request.account,
            "protocol": "HTTP/1.1",
            "stage": request.stage,
            "domainPrefix": request.api,
            "requestTimeEpoch": int(now * 1000),
            "requestId": request.request_id,
            "identity": identity,
            "domainName": domain,
            "apiId": request.api,
        },
        "body": _body(request.body, encoded=encoded),
        "isBase64Encoded": encoded,
    }


def _body(body: bytes, *, encoded: bool) -> str | None:
    if not body:
        return None
    return base64.b64encode(body).decode() if encoded else body.decode("utf-8", "replace")


def _grouped(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    last: dict[str, str] = {}
    every: dict[str, list[str]] = {}
    for name, value in pairs:
        last[name] = value
        every.setdefault(name, []).append(value)
    return last, every


def is_binary(kind: str, binary: Iterable[str]) -> bool:
    """Return whether a media type is among those that hold bytes; ``*/*`` stands for all."""
    name = kind.partition(";")[0].strip().lower()
    return bool(name) and any(fnmatch.fnmatchcase(name, pattern.lower()) for pattern in binary)


def answer(payload: bytes, accepted: str, binary: Iterable[str]) -> Answer:
    """Return the response that a function's answer stands for.

    Args:
        payload: JSON, what the function returned.
        accepted: the request's ``Accept``, which decides whether Base64 is decoded.
        binary: media types that hold bytes.

    Raises:
        Malformed: if it is not what the gateway asks for.
    """
    try:
        found = json.loads(payload)
    except ValueError as error:
        raise Malformed(f"the answer is no JSON: {error}") from error
    if found is None:
        found = {}
    if not isinstance(found, dict):
        raise Malformed("the answer is no object")
    unknown = found.keys() - {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
    if unknown:
        raise Malformed(f"the answer holds {', '.join(sorted(unknown))}")
    status = _status(found.get("statusCode", 200 if not found else None))
    headers = _headers(found)
    body = found.get("body")
    if body is not None and not isinstance(body, str):
        raise Malformed("the body is no text")
    content = (body or "").encode("utf-8", "replace")
    first = accepted.split(",")[0]
    if found.get("isBase64Encoded") is True and (is_binary(first, binary) or "*/*" in list(binary)):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise Malformed("the body is no Base64") from error
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Answer(status, content, headers, integration="200")


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if type(value) is not int or not 100 <= value <= 599:
        raise Malformed("statusCode is no status")
    return value


def _headers(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    single, several = found.get("headers") or {}, found.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(several, dict):
        raise Malformed("the headers are no object")
    pairs: list[tuple[str, str]] = []
    named = {name.lower() for name in several}
    for name, value in single.items():
        if isinstance(value, dict | list):
            raise Malformed(f"the header {name} is no text")
        if name.lower() not in named and value is not None:
            pairs.append((name, _text(value)))
    for name, values in several.items():
        if not isinstance(values, list):
            raise Malformed(f"the values of the header {name} are no list")
        pairs += [(name, _text(value)) for value in values]
    for name, value in pairs:
        if any(character in name + value for character in "\r\n\0"):
            raise Malformed(f"the header {name!r} would break the response")
    return [(name, value) for name, value in pairs if name.lower() not in _HIDDEN]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def function_of(uri: str) -> str:
    """Return the ARN of the function that an integration's URI names; empty if it names none."""
    _, found, rest = uri.partition(":lambda:path/2015-03-31/functions/")
    return rest.removesuffix("/invocations") if found else ""


def permitted(statements: Iterable[Mapping[str, Any]], source: str) -> bool:
    """Return whether the statements of a function's policy let API Gateway invoke it for `source`, the method's ARN."""
    return any(
        statement.get("Effect") == "Allow"
        and _names(statement.get("Action"), "lambda:InvokeFunction", "lambda:*", "*")
        and _names(_service(statement.get("Principal")), "apigateway.amazonaws.com", "*")
        and all(
            any(fnmatch.fnmatchcase(source, pattern) for pattern in patterns)
            for patterns in _sources(statement.get("Condition") or {})
        )
        for statement in statements
    )


def _service(principal: Any) -> Any:
    return principal.get("Service") if isinstance(principal, dict) else principal


def _names(value: Any, *wanted: str) -> bool:
    return bool({*([value] if isinstance(value, str) else value or [])} & {*wanted})


def _sources(condition: Mapping[str, Any]) -> list[list[str]]:
    """Return the patterns of each condition on who calls, of which one has to fit."""
    found: list[list[str]] = []
    for operator, values in condition.items():
        for name, value in values.items():
            if operator.startswith("Arn") and name.lower() == "aws:sourcearn":
                found.append([value] if isinstance(value, str) else list(value))
    return found
