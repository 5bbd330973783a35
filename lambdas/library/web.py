"""Requests and responses in the proxy format of API Gateway.

Source: "Set up Lambda proxy integrations in API Gateway", Amazon API Gateway Developer Guide.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from library.errors import BadRequest, Failure, NotFound
from library.logs import describe, logger

HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
}
_FORM = "application/x-www-form-urlencoded"
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")
#: Bytes that Lambda answers with at most ("Lambda quotas": 6 MB), less what surrounds the body.
LARGEST = 6_000_000
#: `bigint` of PostgreSQL.
_LARGEST = 2**63 - 1


class Parameters:
    """What a caller sent, from query string and body; each is checked when it is asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def given(self, name: str) -> bool:
        """Return whether the parameter was sent with a value; a form cannot leave a field out, only empty."""
        return self.values.get(name) not in (None, "")

    def optional(self, name: str) -> str | None:
        """Return a text, or `None` where none was sent."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise BadRequest(f"{name} must be a text")
        return _characters(value)

    def text(self, name: str, default: str | None = None, among: Iterable[str] = ()) -> str:
        """Return a text that is not empty, one of `among` where that is given."""
        value = self.optional(name) if self.given(name) else default
        if not value or not value.strip():
            raise BadRequest(f"{name} is missing")
        choices = sorted(among)
        if choices and value not in choices:
            raise BadRequest(f"{name} must be one of {', '.join(choices)}")
        return value

    def integer(self, name: str, default: int | None = None, *, least: int = 0, most: int = _LARGEST) -> int:
        """Return a whole number, which may have been sent as text."""
        value = self.values[name] if self.given(name) else default
        if value is None:
            raise BadRequest(f"{name} is missing")
        if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.strip().isdigit():
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise BadRequest(f"{name} must be a whole number from {least} to {most}")
        return value

    def flag(self, name: str) -> bool:
        """Return yes or no; `False` where nothing was sent."""
        value = self.values.get(name)
        word = value.strip().lower() if isinstance(value, str) else value
        if word is None or word is False or word in _FALSE:
            return False
        if word is True or word in _TRUE:
            return True
        raise BadRequest(f"{name} must be true or false")

    def lines(self, name: str) -> list[str]:
        """Return a list of texts, which is sent as a list, as a text with one in each line, or as `name[]` for each."""
        value = self.values.get(name)
        if value is None:
            value = self.values.get(f"{name}[]")
        if value is None:
            return []
        if isinstance(value, str):
            value = value.splitlines()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise BadRequest(f"{name} must be a text with one title in each line, or a list of titles")
        return [_characters(item) for item in value]

    def numbers(self, name: str, length: int) -> list[float]:
        """Return a vector of `length` numbers, which a form sends as `name[]` for each, or as JSON."""
        value = self.values.get(name)
        if value is None and isinstance(listed := self.values.get(f"{name}[]"), list):
            value = [_number(item) for item in listed]
        if isinstance(value, str):
            value = _json(value, name)
        if not isinstance(value, list) or len(value) != length:
            raise BadRequest(f"{name} must be a list of {length} numbers")
        if not all(type(n) in (int, float) and abs(n) < 1e30 for n in value):
            raise BadRequest(f"{name} must hold numbers only")
        return [float(n) for n in value]


def _characters(text: str) -> str:
    """Return a text without halves of pairs of surrogates, which JSON can hold, and which are no characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(f"{what} is not valid JSON") from None


def _is_json(text: str) -> bool:
    try:
        _json(text, "")
    except BadRequest:
        return False
    return True


def _body(event: Mapping[str, Any]) -> str:
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise BadRequest("The body must be a text")
    if not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError):
        raise BadRequest("The body is not Base64 of UTF-8") from None


def _form(text: str) -> dict[str, Any]:
    try:
        fields = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=5000)
    except ValueError:
        raise BadRequest("The body is neither JSON nor a form") from None
    found: dict[str, Any] = {}
    for name, value in fields:
        # That is how browsers send lists.
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _number(text: Any) -> Any:
    """Return a number that was sent as text; everything else as it is."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def parameters(event: Any) -> Parameters:
    """Return the parameters of a request; those of the body win.

    Raises:
        BadRequest: if the body is neither a JSON object nor a form.
    """
    if not isinstance(event, dict):
        raise BadRequest("The event is not a request")
    query = event.get("queryStringParameters") or {}
    values = dict(query) if isinstance(query, dict) else {}
    text = _body(event).strip()
    if not text:
        return Parameters(values)
    headers = event.get("headers")
    names = {str(k).lower(): str(v) for k, v in headers.items()} if isinstance(headers, dict) else {}
    kind = names.get("content-type", "").partition(";")[0].strip().lower()
    # Both formats are in use, and not every client names the one that it sends, or names the other one.
    if kind != "application/json" and (not text.startswith(("{", "[")) or (kind == _FORM and not _is_json(text))):
        sent: Any = _form(text)
    else:
        sent = _json(text, "The body")
    if not isinstance(sent, dict):
        raise BadRequest("The body must be a JSON object")
    return Parameters(values | sent)


def _plain(value: object) -> str:
    """Return times as ISO 8601, and UUIDs as text."""
    return value.isoformat() if isinstance(value, date) else str(value)


def response(status: int, body: Any) -> dict[str, Any]:
    """Return a response with a JSON body."""
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body, ensure_ascii=False, default=_plain)}


def weight(text: str) -> int:
    """Return the bytes of a body in the answer of Lambda, where it is a text inside JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def answer(work: Callable[[], Any]) -> dict[str, Any]:
    """Return what `work` returns, or why it could not, as a response."""
    try:
        found = response(200, work())
        if weight(found["body"]) > LARGEST:
            raise BadRequest(f"The answer is larger than {LARGEST} bytes: ask for less")
        return found
    except Failure as failure:
        logger.warning("Refused", extra={"status": failure.status, **describe(failure.__cause__ or failure)})
        return response(failure.status, {"status": "error", "message": str(failure)})
    except Exception as error:
        logger.error("Failed", extra=describe(error))
        return response(500, {"status": "error", "message": "Internal error"})


def route(event: Any, routes: Mapping[str, Callable[[Parameters], Any]]) -> dict[str, Any]:
    """Return the answer of the operation that the last part of the request's path names."""

    def work() -> Any:
        path = event.get("path") if isinstance(event, dict) else None
        name = path.rstrip("/").rpartition("/")[2] if isinstance(path, str) else ""
        if name not in routes:
            raise NotFound("There is no such path")
        logger.info("Request", extra={"operation": name})
        return routes[name](parameters(event))

    return answer(work)
