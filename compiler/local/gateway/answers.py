"""What the gateway itself answers: errors, and their headers as the API sets them.

Source: "Gateway response types for API Gateway" and "Gateway responses for REST APIs in API Gateway", Amazon API
Gateway Developer Guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lenie.compiler.local.gateway.api import Snapshot

#: Status, message and the name in ``x-amzn-ErrorType`` of the gateway's own responses.
KINDS: dict[str, tuple[int, str, str]] = {
    "INVALID_API_KEY": (403, "Forbidden", "ForbiddenException"),
    "ACCESS_DENIED": (403, "Forbidden", "ForbiddenException"),
    "MISSING_AUTHENTICATION_TOKEN": (403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
    "THROTTLED": (429, "Too Many Requests", "TooManyRequestsException"),
    "QUOTA_EXCEEDED": (429, "Limit Exceeded", "LimitExceededException"),
    "REQUEST_TOO_LARGE": (413, "HTTP content length exceeded 10485760 bytes.", "RequestTooLargeException"),
    "BAD_REQUEST_BODY": (400, "Invalid request body", "BadRequestException"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Unsupported Media Type", "UnsupportedMediaTypeException"),
    "API_CONFIGURATION_ERROR": (500, "Internal server error", "InternalServerErrorException"),
    # Of an integration that cannot be used, and of one whose answer cannot.
    "DEFAULT_5XX": (500, "Internal server error", "InternalServerErrorException"),
    "INTEGRATION_FAILURE": (502, "Internal server error", "InternalServerErrorException"),
    "INTEGRATION_TIMEOUT": (504, "Endpoint request timed out", "InternalServerErrorException"),
}
_HEADER = "gatewayresponse.header."


@dataclass(slots=True)
class Answer:
    """A response on its way to the caller."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    #: Of the gateway's own responses: the message, for the access log.
    message: str = ""
    #: Status of the integration, or empty.
    integration: str = ""
    #: What the log of errors gets, or empty.
    fault: str = ""


def refuse(kind: str, snapshot: Snapshot | None, context: Mapping[str, str], fault: str = "") -> Answer:
    """Return one of the gateway's own responses, as the API has set it up.

    Args:
        kind: one of `KINDS`.
        snapshot: the deployment; none if there is none.
        context: values of ``$context`` variables, without that prefix.
        fault: for the log of errors.
    """
    status, message, error = KINDS[kind]
    own = (snapshot.responses.get(kind) if snapshot else None) or {}
    general = (snapshot.responses.get(f"DEFAULT_{status // 100}XX") if snapshot else None) or {}
    told = own or general
    status = int(told.get("statusCode") or status)
    values = {
        **context,
        "error.message": message,
        "error.messageString": json.dumps(message),
        "error.responseType": kind,
    }
    template = (told.get("responseTemplates") or {}).get("application/json", '{"message":$context.error.messageString}')
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", error)]
    for name, value in (told.get("responseParameters") or {}).items():
        if name.startswith(_HEADER) and (text := literal(value)) is not None:
            headers.append((name.removeprefix(_HEADER), text))
    return Answer(status, filled(template, values).encode(), headers, message, "", fault)


def literal(value: Any) -> str | None:
    """Return a static value, which stands in single quotes; none if it is to be taken from elsewhere."""
    text = str(value)
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == "'" else None


def filled(template: str, context: Mapping[str, str], unknown: str = "") -> str:
    """Return a template with its ``$context`` variables filled in; others become `unknown`."""
    return re.sub(
        r"\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)|\$\{context\.([A-Za-z.]+)\}",
        lambda found: context.get(found[1] or found[2], unknown),
        template,
    )
