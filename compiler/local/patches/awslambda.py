"""Lambda runs functions in child processes.

Replaces in moto 5.2.5 `LambdaFunction.invoke`, which runs Docker's images, runs also what is invoked as an event before
it answers, and calls every error handled; `LambdaResponse.invoke`, which takes answers over 6 000 000 bytes for too
large (Lambda's limit is 6 291 556); and the same of the older call `InvokeAsync`.

Source: "Invoke", Lambda API Reference; "Lambda quotas" and "How Lambda handles errors and retries with asynchronous
invocation", AWS Lambda Developer Guide.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction, LayerVersion
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.utils import get_backend

from lenie.compiler.local import hooks, surroundings
from lenie.compiler.local.functions.packages import BadPackage, unpack
from lenie.compiler.local.functions.pool import Pool, TooManyRequests
from lenie.compiler.local.functions.worker import Function, Invocation
from lenie.compiler.local.patching import replace, wrap

log = logging.getLogger(__name__)

#: Bytes of an event or answer at most, and of an event that nobody waits for.
LARGEST, LARGEST_EVENT = 6_291_556, 1024 * 1024
#: Bytes of the log that a caller may ask for.
_TAIL = 4096
#: Seconds before an event is tried again.
_AGAIN = (60, 120)


class Refused(LambdaClientError):
    """What Lambda answers with a status of its own."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(error, message)
        self.code = status


def variables() -> dict[str, str]:
    """Return what every function is told of the emulator.

    The certificates of its databases are none of Amazon's: `PGSSLROOTCERT` is libpq's variable for others, and
    `POSTGRESQL_SSLROOTCERT` that of the functions.
    """
    authority = str(surroundings.directory("certificates") / "authority.pem")
    return {
        "AWS_ENDPOINT_URL": surroundings.endpoint(),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "PGSSLROOTCERT": authority,
        "POSTGRESQL_SSLROOTCERT": authority,
    }


pool = Pool(variables)


def described(function: LambdaFunction) -> Function:
    """Return what a process needs to run a function of moto's, with its packages unpacked.

    Raises:
        Refused: if a package cannot be unpacked, or a layer does not exist any more.
    """
    backend = get_backend(function.account_id, function.region)
    found = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
    if not all(found):
        raise Refused(400, "InvalidParameterValueException", "a layer of the function does not exist any more")
    try:
        code = _unpacked(function)
        layers = [_unpacked(layer) for layer in found if layer is not None]
    except BadPackage as error:
        raise Refused(502, "InvalidZipFileException", str(error)) from error
    version = str(function.version)
    return Function(
        arn=function.function_arn,
        name=function.function_name,
        version="$LATEST" if version in ("1", "$LATEST") and not function.function_arn.endswith(":1") else version,
        digests=(function.code_sha_256, *(layer.code_sha_256 for layer in found if layer is not None)),
        handler=function.handler or "",
        runtime=function.run_time or "",
        memory=int(function.memory_size),
        timeout=float(function.timeout),
        region=function.region,
        log_group=function.logs_group_name,
        variables=tuple((name, str(value)) for name, value in function.environment_vars.items()),
        code=code,
        layers=tuple(layers),
    )


#: Directories by the digests that moto computed: packages are large, and one is looked for at each invocation.
_places: dict[str, Path] = {}


def _unpacked(package: LambdaFunction | LayerVersion) -> Path:
    place = _places.get(package.code_sha_256)
    if place is None or not place.is_dir():
        place = _places[package.code_sha_256] = unpack(package.code_bytes, surroundings.directory("packages"))
    return place


def run(function: LambdaFunction, event: Any, client_context: Any = None) -> Invocation:
    """Run a function, write its log to the emulator's CloudWatch Logs, and return what came of it.

    Raises:
        Refused: if it cannot be run.
    """
    if not (function.run_time or "").startswith("python"):
        message = f"the emulator runs functions in Python, and not in {function.run_time or 'containers'}"
        raise Refused(502, "InvalidRuntimeException", message)
    reserved = function.reserved_concurrency
    try:
        found, worker = pool.invoke(
            described(function),
            event,
            reserved=None if reserved is None else int(reserved),
            client_context=client_context,
        )
    except TooManyRequests:
        raise Refused(429, "TooManyRequestsException", "Rate Exceeded.") from None
    _write_log(function, worker.function.log_group, worker.stream, found)
    if len(found.payload) > LARGEST:
        message = f"Response payload size exceeded maximum allowed payload size ({LARGEST} bytes)."
        error = {"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"}
        return found._replace(payload=json.dumps(error).encode(), failed=True)
    return found


def _write_log(function: LambdaFunction, group: str, stream: str, found: Invocation) -> None:
    logs = function.logs_backend
    logs.ensure_log_group(group)
    if stream not in logs.groups[group].streams:
        logs.create_log_stream(group, stream)
    events = [{"timestamp": stamp, "message": message} for stamp, message in found.log]
    logs.put_log_events(group, stream, events)


def invoke(function: LambdaFunction, body: Any, request_headers: Any, response_headers: Any) -> str | bytes:
    """Invoke a function as a request asks for: with its answer, as an event, or to see whether that may be done."""
    headers = {str(name).lower(): value for name, value in dict(request_headers).items()}
    kind = headers.get("x-amz-invocation-type") or "RequestResponse"
    event = _event(body, LARGEST_EVENT if kind == "Event" else LARGEST)
    if kind == "DryRun":
        return b""
    if kind == "Event":
        threading.Thread(target=_eventually, args=(function, event), daemon=True).start()
        return b""
    found = run(function, event, _client_context(headers))
    response_headers["x-amz-executed-version"] = "$LATEST"
    if found.failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    if headers.get("x-amz-log-type") == "Tail":
        text = "\n".join(message for _, message in found.log).encode()
        response_headers["x-amz-log-result"] = base64.b64encode(text[-_TAIL:]).decode()
    return found.payload


def _event(body: Any, largest: int) -> Any:
    data = body.encode() if isinstance(body, str) else bytes(body or b"")
    if len(data) > largest:
        message = f"{len(data)} byte payload is too large for the {largest} byte limit"
        raise Refused(413, "RequestTooLargeException", message)
    try:
        return json.loads(data or b"{}")
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise Refused(400, "InvalidRequestContentException", message) from None


def _client_context(headers: dict[str, str]) -> Any:
    try:
        return json.loads(base64.b64decode(headers["x-amz-client-context"]))
    except (KeyError, ValueError):
        return None


def _eventually(function: LambdaFunction, event: Any) -> None:
    """Run what nobody waits for, again if it fails."""
    settings = function.event_invoke_config[0].config if function.event_invoke_config else {}
    most = settings.get("MaximumRetryAttempts")
    waits = _AGAIN[: len(_AGAIN) if most is None else int(most)]
    for wait in (*waits, None):
        try:
            if not run(function, event).failed:
                return
        except Refused as error:
            log.warning("%s could not be run as an event: %s", function.function_name, error.message)
        if wait is not None:
            time.sleep(surroundings.scaled(wait))
    log.warning("%s failed for an event, and for all attempts after it", function.function_name)


def _respond(self: LambdaResponse) -> tuple[int, dict[str, str], str | bytes]:
    name = unquote(self.path.rsplit("/", 2)[-2])
    headers: dict[str, str] = {}
    payload = self.backend.invoke(name, self._get_param("Qualifier"), self.body, self.headers, headers)
    kind = self.headers.get("X-Amz-Invocation-Type")
    status = {"Event": 202, "DryRun": 204}.get(kind or "", 200)
    headers |= {"content-type": "application/json", "status": str(status)}
    return status, headers, payload or b""


def _respond_async(self: LambdaResponse) -> tuple[int, dict[str, str], str | bytes]:
    position = -3 if self.path.endswith("/") else -2
    function = self.backend.get_function(unquote(self.path.rsplit("/", 3)[position]), None)
    function.invoke(self.body, {"X-Amz-Invocation-Type": "Event"}, {})
    return 202, {"status": "202"}, b""


def _delete(deleted: Callable[..., None]) -> Callable[..., None]:
    def delete_function(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
        arns = [f.function_arn for f in self.list_functions() if function_name in (f.function_name, f.function_arn)]
        deleted(self, function_name, qualifier)
        for arn in arns:
            pool.forget(arn)

    return delete_function


def apply() -> None:
    """Replace what runs functions."""
    replace(LambdaFunction, "invoke", invoke)
    replace(LambdaResponse, "invoke", _respond)
    replace(LambdaResponse, "invoke_async", _respond_async)
    wrap(LambdaBackend, "delete_function", _delete)
    hooks.on_reset(pool.close)
    hooks.on_stop(pool.close)
