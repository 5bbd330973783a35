"""One request on its way through the gateway: who may call, what answers, and what the logs get."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from lenie.compiler.local.gateway import mock, proxy
from lenie.compiler.local.gateway.answers import Answer, filled, refuse
from lenie.compiler.local.gateway.api import TIMEOUT, Route, Snapshot
from lenie.compiler.local.gateway.keys import Gate, Refusal
from lenie.compiler.local.gateway.proxy import Request

log = logging.getLogger(__name__)

#: Bytes of a request at most ("Quotas for configuring and running a REST API").
LARGEST = 10 * 1024 * 1024

gate = Gate()


class Place:
    """The stage that a request is for, in moto's API Gateway."""

    def __init__(self, backend: Any, api: Any, stage: Any, snapshot: Snapshot) -> None:
        """Take what was found."""
        self.backend, self.api, self.stage, self.snapshot = backend, api, stage, snapshot

    @property
    def name(self) -> str:
        """The stage's name."""
        return str(self.stage.name)


def respond(place: Place, request: Request) -> Answer:
    """Return the response of a deployed API, and write its logs."""
    began = time.monotonic()
    context = _context(place, request)
    answer = _respond(place, request, context)
    answer.headers += [("x-amzn-RequestId", request.request_id), ("x-amz-apigw-id", request.request_id[:15])]
    context |= {
        "status": str(answer.status),
        "responseLength": str(len(answer.body)),
        "responseLatency": str(int((time.monotonic() - began) * 1000)),
        "integration.status": answer.integration or "-",
        "integrationStatus": answer.integration or "-",
        "error.message": answer.message or "-",
    }
    _log_access(place, context)
    _log_fault(place, request, answer)
    return answer


def _respond(place: Place, request: Request, context: dict[str, str]) -> Answer:
    snapshot = place.snapshot
    if len(request.body) > LARGEST:
        return refuse("REQUEST_TOO_LARGE", snapshot, context)
    found = snapshot.find(request.raw_path, request.method)
    if found is None:
        return refuse("MISSING_AUTHENTICATION_TOKEN", snapshot, context)
    route, parameters = found
    context |= {"resourcePath": route.path, "resourceId": route.resource}
    if route.authorization != "NONE":
        fault = f"the emulator does not authorize callers by {route.authorization}"
        return refuse("ACCESS_DENIED", snapshot, context, fault)
    operation = f"{route.path}/{route.method}"
    key = ("", "")
    if route.needs_key:
        value = request.header("x-api-key")
        caller = gate.admit(place.backend, place.api.id, place.name, operation, value)
        if isinstance(caller, Refusal):
            return refuse(caller.kind, snapshot, context)
        key = (caller.key, caller.value)
        context["identity.apiKeyId"] = caller.key
    settings = _settings(place.stage.method_settings, route)
    limited = gate.throttle(settings, place.api.id, place.name, operation)
    if limited is not None:
        return refuse(limited.kind, snapshot, context)
    kind = route.integration.get("type")
    if kind == "MOCK":
        try:
            return mock.respond(route.integration, request.header("Content-Type"), context)
        except mock.Unsupported as error:
            return refuse("API_CONFIGURATION_ERROR", snapshot, context, f"the emulator does not run {error}")
    if kind == "AWS_PROXY":
        return _invoke(place, request, route, parameters, key, context)
    fault = f"the emulator does not run integrations of the type {kind or 'none'}"
    return refuse("API_CONFIGURATION_ERROR", snapshot, context, fault)


def _invoke(
    place: Place,
    request: Request,
    route: Route,
    parameters: Mapping[str, str],
    key: tuple[str, str],
    context: Mapping[str, str],
) -> Answer:
    """Return what a function answers to a request."""
    from moto.awslambda.models import lambda_backends

    from lenie.compiler.local.patches import awslambda

    snapshot = place.snapshot
    arn = proxy.function_of(str(route.integration.get("uri", "")))
    try:
        function = lambda_backends[request.account][request.region].get_function(arn)
    except Exception as error:  # moto has several, all of which mean that there is no such function
        return refuse("API_CONFIGURATION_ERROR", snapshot, context, f"there is no function {arn}: {error}")
    source = f"{place.api.id}/{place.name}/{request.method}{route.path}"
    if not proxy.permitted(function.policy.statements, _arn(request, source)):
        fault = f"the function {function.function_name} does not permit API Gateway to invoke it for {source}"
        return refuse("API_CONFIGURATION_ERROR", snapshot, context, fault)
    sent = proxy.event(request, route, parameters, variables=place.stage.variables, key=key, binary=snapshot.binary)
    if len(json.dumps(sent).encode()) > awslambda.LARGEST:
        return refuse("REQUEST_TOO_LARGE", snapshot, context, "the event is larger than what Lambda takes")
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(awslambda.run(function, sent))
        except BaseException as error:
            future.set_exception(error)

    # Not in a pool: what takes too long goes on until the function's own time is over.
    threading.Thread(target=run, daemon=True).start()
    limit = int(route.integration.get("timeoutInMillis") or TIMEOUT) / 1000
    try:
        done = future.result(limit)
    except TimeoutError:
        return refuse("INTEGRATION_TIMEOUT", snapshot, context, f"the function did not answer within {limit:g} s")
    except awslambda.Refused as error:
        return refuse("DEFAULT_5XX", snapshot, context, f"Lambda refuses to run the function: {error.message}")
    if done.failed:
        words = done.payload[:1000].decode("utf-8", "replace")
        return refuse("INTEGRATION_FAILURE", snapshot, context, f"the function failed: {words}")
    try:
        return proxy.answer(done.payload, request.header("Accept"), snapshot.binary)
    except proxy.Malformed as error:
        return refuse("INTEGRATION_FAILURE", snapshot, context, f"malformed Lambda proxy response: {error}")


def _settings(settings: Mapping[str, Any], route: Route) -> Mapping[str, Any]:
    """Return the stage's settings for a method: its own, or those of all methods."""
    name = route.path.strip("/").replace("/", "~1")
    for key in (f"~1{name}/{route.method}", f"{route.path.strip('/')}/{route.method}", "*/*"):
        if key in settings:
            found = settings[key]
            return found if isinstance(found, Mapping) else {}
    return {}


def _arn(request: Request, resource: str) -> str:
    from moto.utilities.utils import get_partition

    return f"arn:{get_partition(request.region)}:execute-api:{request.region}:{request.account}:{resource}"


def _context(place: Place, request: Request) -> dict[str, str]:
    now = time.time()
    return {
        "accountId": request.account,
        "apiId": request.api,
        "stage": request.stage,
        "requestId": request.request_id,
        "extendedRequestId": request.request_id[:15],
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": str(int(now * 1000)),
        "httpMethod": request.method,
        "path": f"/{request.stage}{request.path}",
        "protocol": "HTTP/1.1",
        "domainName": f"{request.api}.execute-api.{request.region}.amazonaws.com",
        "identity.sourceIp": request.source,
        "identity.userAgent": request.header("User-Agent") or "-",
        "identity.apiKeyId": "-",
        "resourcePath": "-",
        "resourceId": "-",
    }


def _log_access(place: Place, context: Mapping[str, str]) -> None:
    """Write a line into the stage's access log."""
    settings = place.stage.access_log_settings or {}
    group = str(settings.get("destinationArn", "")).partition(":log-group:")[2].removesuffix(":*")
    if group:
        # Values stand in texts of JSON, as the usual formats have them.
        escaped = {name: json.dumps(value)[1:-1] for name, value in context.items()}
        _write(place, group, filled(str(settings.get("format", "")), escaped, "-"))


def _log_fault(place: Place, request: Request, answer: Answer) -> None:
    """Write why the gateway could not answer into the log that API Gateway names itself."""
    if not answer.fault:
        return
    log.warning("%s %s: %s", request.method, request.path, answer.fault)
    settings = place.stage.method_settings.get("*/*", {})
    if isinstance(settings, Mapping) and settings.get("loggingLevel") in ("ERROR", "INFO"):
        group = f"API-Gateway-Execution-Logs_{place.api.id}/{place.name}"
        text = f"({request.request_id}) Execution failed due to configuration error: {answer.fault}"
        _write(place, group, text)


def _write(place: Place, group: str, message: str) -> None:
    from moto.logs.models import logs_backends

    logs = logs_backends[place.api.account_id][place.api.region_name]
    logs.ensure_log_group(group)
    if "emulator" not in logs.groups[group].streams:
        logs.create_log_stream(group, "emulator")
    logs.put_log_events(group, "emulator", [{"timestamp": int(time.time() * 1000), "message": message}])
