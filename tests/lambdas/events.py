"""Events as API Gateway sends them (REST API, Lambda proxy integration)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


def post(path: str, body: Any = None, *, raw: str | None = None, kind: str = "application/json") -> dict[str, Any]:
    """Return a POST request with a body in JSON, or just as it is in `raw`."""
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": {"Content-Type": kind, "X-Api-Key": "key-of-the-caller"},
        "queryStringParameters": None,
        "requestContext": {"resourcePath": path, "stage": "v1"},
        "body": json.dumps(body) if raw is None else raw,
        "isBase64Encoded": False,
    }


def form(path: str, fields: dict[str, str]) -> dict[str, Any]:
    """Return a POST request with a form."""
    return post(path, raw=urlencode(fields), kind="application/x-www-form-urlencoded; charset=UTF-8")


def base64_of(event: dict[str, Any]) -> dict[str, Any]:
    """Return the request with its body in Base64."""
    return {**event, "body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}


def get(path: str, **query: str) -> dict[str, Any]:
    """Return a GET request."""
    return {**post(path), "httpMethod": "GET", "body": None, "queryStringParameters": query or None}


@dataclass(frozen=True)
class Context:
    """What Lambda tells a function about itself."""

    function_name: str = "lenie-dev-function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:lenie-dev-function"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"


CONTEXT = Context()
