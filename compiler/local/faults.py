"""Faults on demand: every n-th call of a service is throttled, fails, or is denied.

Source of the codes: AWS SDKs and Tools Reference Guide, Retry behavior; API references, Common Errors.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from xml.sax.saxutils import escape

Kind = Literal["throttle", "fail", "deny"]
_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
_THROTTLED = {"ec2": "RequestLimitExceeded", "s3": "SlowDown", "dynamodb": "ProvisionedThroughputExceededException"}
#: Names in signatures that differ from those of boto3.
_SIGNED = {"monitoring": "cloudwatch", "states": "stepfunctions", "elasticloadbalancing": "elbv2"}
_WORDS = {
    "throttle": "Rate exceeded",
    "fail": "We encountered an internal error. Please try again.",
    "deny": "Access denied",
}


@dataclass
class Fault:
    """What happens to every n-th call of a service; an empty `service` means all of them, counted together."""

    service: str
    every: int
    kind: Kind
    #: Only calls of these operations are counted, where the request names its operation.
    operations: tuple[str, ...] = ()
    seen: int = 0
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_faults: list[Fault] = []


def inject(service: str, every: int, kind: Kind, operations: tuple[str, ...] = ()) -> None:
    """Let every n-th call fail from now on.

    Raises:
        ValueError: if `every` is less than 1, or `kind` is unknown.
    """
    if every < 1 or kind not in _WORDS:
        raise ValueError("every must be at least 1, and kind one of throttle, fail, deny")
    _faults.append(Fault(service, every, kind, operations))


def clear() -> None:
    """Let calls succeed again."""
    _faults.clear()


def counts() -> list[dict[str, Any]]:
    """Return what is injected, how many calls were counted, and how many of them failed."""
    return [
        {
            "service": f.service,
            "every": f.every,
            "kind": f.kind,
            "operations": list(f.operations),
            "seen": f.seen,
            "done": f.done,
        }
        for f in _faults
    ]


def service_of(environ: dict[str, Any]) -> str:
    """Return the service that a signed request is for, in boto3's terms; empty if it is not signed."""
    match = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    name = match["service"].lower() if match else ""
    return _SIGNED.get(name, name)


def operation_of(environ: dict[str, Any]) -> str:
    """Return the operation that a request names in a header or in its form; empty for REST services."""
    if environ.get("HTTP_SMITHY_PROTOCOL"):
        return str(environ.get("PATH_INFO", "")).rpartition("/")[2]
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return str(target.rpartition(".")[2])
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return ""
    import io

    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    match = re.search(rb"(?:^|&)Action=(\w+)", body)
    return match[1].decode() if match else ""


def due(environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """Return the status, headers and body of the error that this request gets; nothing if it gets none."""
    if not _faults:
        return None
    service = service_of(environ)
    if not service:
        return None
    operation = operation_of(environ)
    for fault in _faults:
        if fault.service not in ("", service) or (fault.operations and operation not in fault.operations):
            continue
        with fault.lock:
            fault.seen += 1
            hit = fault.seen % fault.every == 0
            fault.done += hit
        if hit:
            return _answer(service, fault.kind, environ)
    return None


def _answer(service: str, kind: Kind, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    smithy = environ.get("HTTP_SMITHY_PROTOCOL", "")
    protocol = smithy or _protocol(service)
    text, words = protocol.endswith(("json", "cbor")), _WORDS[kind]
    if kind == "throttle":
        code = _THROTTLED.get(service, "ThrottlingException" if text else "Throttling")
        status = "503 Slow Down" if service == "s3" else "400 Bad Request"
    elif kind == "deny":
        code, status = ("AccessDeniedException" if text else "AccessDenied"), "403 Forbidden"
    else:
        code, status = ("InternalServerError" if text else "InternalFailure"), "500 Internal Server Error"
    if smithy.endswith("cbor"):
        headers = [("Content-Type", "application/cbor"), ("smithy-protocol", smithy)]
        return status, headers, b"\xa2" + b"".join(_cbor(part) for part in ("__type", code, "message", words))
    if text:
        body = json.dumps({"__type": code, "message": words})
        return status, [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)], body.encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(words)}</Message>"
    forms = {
        "ec2": f"<Response><Errors><Error>{error}</Error></Errors><RequestID>0</RequestID></Response>",
        "rest-xml": f"<Error>{error}</Error>"
        if service == "s3"
        else f"<ErrorResponse><Error>{error}</Error></ErrorResponse>",
    }
    body = forms.get(protocol, f"<ErrorResponse><Error>{error}</Error><RequestId>0</RequestId></ErrorResponse>")
    return status, [("Content-Type", "text/xml")], body.encode()


def _cbor(value: str) -> bytes:
    """Return a short text in CBOR (RFC 8949, major type 3)."""
    data = value.encode()
    return (bytes([0x60 + len(data)]) if len(data) < 24 else bytes([0x78, len(data)])) + data


@cache
def _protocol(service: str) -> str:
    import botocore.session

    try:
        return str(botocore.session.get_session().get_service_model(service).metadata["protocol"])
    except Exception:  # a name of a signature that boto3 does not know
        return "json"
