"""Mock integrations: the request's template says the status, and the integration's responses the rest.

Templates are texts with ``$context`` and ``$stageVariables``; the rest of the Velocity language is not evaluated, and a
template that needs it is refused. Source: "Mock integrations for REST APIs in API Gateway", Amazon API Gateway
Developer Guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lenie.compiler.local.gateway.answers import Answer, filled, literal

_RESPONSE = "method.response.header."
#: What templates hold that is not evaluated here: directives, and variables other than `$context`.
_BEYOND = re.compile(r"#(?:set|if|else|end|foreach|macro)\b|\$!?\{?(?:input|util|stageVariables)\b")


class Unsupported(Exception):
    """An integration that the emulator does not run; the text says what of it."""


def respond(integration: Mapping[str, Any], kind: str, context: Mapping[str, str]) -> Answer:
    """Return the response of a mock integration.

    Args:
        integration: as in OpenAPI.
        kind: media type of the request.
        context: values of ``$context`` variables.

    Raises:
        Unsupported: if a template needs more than is evaluated here.
    """
    templates = integration.get("requestTemplates") or {}
    template = templates.get(kind.partition(";")[0].strip() or "application/json") or templates.get("application/json")
    if template is None:
        raise Unsupported("a mock integration without a template for application/json")
    try:
        status = str(json.loads(_filled(template, context))["statusCode"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unsupported(f"the template {template!r} gives no statusCode") from error
    responses: Mapping[str, Mapping[str, Any]] = integration.get("responses") or {}
    chosen = next(
        (found for name, found in responses.items() if name != "default" and re.fullmatch(name, status)), None
    )
    chosen = chosen or responses.get("default")
    if chosen is None:
        raise Unsupported(f"a mock integration without a response for {status}")
    headers: list[tuple[str, str]] = []
    for name, value in (chosen.get("responseParameters") or {}).items():
        text = literal(value)
        if text is None:
            raise Unsupported(f"the response parameter {value}")
        if name.startswith(_RESPONSE):
            headers.append((name.removeprefix(_RESPONSE), text))
    found = chosen.get("responseTemplates") or {}
    media, body = next(iter(found.items()), ("application/json", ""))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media))
    return Answer(
        int(chosen.get("statusCode") or status), _filled(body or "", context).encode(), headers, integration=status
    )


def _filled(template: str, context: Mapping[str, str]) -> str:
    if _BEYOND.search(template):
        raise Unsupported(f"the template {template!r}")
    return filled(template, context)
