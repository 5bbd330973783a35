"""Who may invoke a function, and which media types hold bytes."""

from __future__ import annotations

from typing import Any

import pytest

from lenie.compiler.local.gateway.proxy import function_of, is_binary, permitted

SOURCE = "arn:aws:execute-api:us-east-1:123456789012:abc/v1/POST/url_add"
ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "lambda:InvokeFunction",
    "Principal": {"Service": "apigateway.amazonaws.com"},
}


def condition(*patterns: str) -> dict[str, Any]:
    return {"ArnLike": {"AWS:SourceArn": patterns[0] if len(patterns) == 1 else list(patterns)}}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (ALLOW, True),
        ({**ALLOW, "Condition": condition(SOURCE)}, True),
        ({**ALLOW, "Condition": condition("arn:aws:execute-api:*:*:abc/*/POST/url_add")}, True),
        ({**ALLOW, "Condition": condition("arn:aws:execute-api:*:*:other/*", SOURCE)}, True),
        ({**ALLOW, "Condition": condition(SOURCE.replace("POST", "GET"))}, False),
        ({**ALLOW, "Principal": {"Service": "events.amazonaws.com"}}, False),
        ({**ALLOW, "Action": "lambda:GetFunction"}, False),
        ({**ALLOW, "Effect": "Deny"}, False),
    ],
)
def test_who_may_invoke(statement: dict[str, Any], allowed: bool) -> None:
    assert permitted([statement], SOURCE) is allowed
    assert permitted([{**statement, "Principal": "x"}, statement], SOURCE) is allowed


def test_nobody_may_invoke_without_a_policy() -> None:
    assert not permitted([], SOURCE)


def test_media_types() -> None:
    assert is_binary("image/png; q=1", ["image/*"])
    assert is_binary("application/zip", ["*/*"])
    assert not is_binary("", ["*/*"])
    assert not is_binary("text/plain", ["image/*", "application/zip"])


def test_the_function_of_an_integration() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    assert function_of(f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations") == arn
    assert function_of("arn:aws:apigateway:us-east-1:sqs:path/123456789012/q") == ""
