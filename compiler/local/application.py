"""The server's WSGI application: moto's services, and beside them the emulator's own control, for its owner only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, is_dataclass
from typing import Any
from urllib.parse import parse_qs

from lenie.compiler.local import clients, faults, hooks

#: Paths below this are the emulator's own.
CONTROL = "/_lenie/"
#: A browser sends it to another origin only after a preflight, which is not answered.
HEADER = "X-Lenie-Local"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

#: What a control path does: it gets the query and the body, and returns what is answered as JSON.
Action = Callable[[dict[str, str], Any], Any]
_actions: dict[tuple[str, str], Action] = {}


def control(method: str, path: str) -> Callable[[Action], Action]:
    """Register an action of the control, at `path` below `CONTROL`."""

    def register(action: Action) -> Action:
        _actions[method, path] = action
        return action

    return register


#: Services that moto lacks, by the names that requests to them are signed with.
_services: dict[str, Any] = {}


def serve(name: str, response: Any) -> None:
    """Serve another service: `response` is a subclass of moto's `BaseResponse` for it."""
    _services[name] = response


class Application:
    """Dispatches requests to moto's services, to the control, and to injected faults."""

    def __init__(self) -> None:
        """Make moto's application; patches must have been applied."""
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        self._moto = DomainDispatcherApplication(create_backend_app)
        self._own = {name: _application(response) for name, response in _services.items()}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith(CONTROL):
            return self._control(environ, start_response, path.removeprefix(CONTROL))
        fault = faults.due(environ)
        if fault is not None:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, headers, body = fault
            start_response(status, [*headers, ("Content-Length", str(len(body)))])
            return [body]
        application = self._own.get(faults.service_of(environ), self._moto)
        answer: Iterable[bytes] = application(environ, start_response)
        return answer

    def _control(self, environ: dict[str, Any], start_response: Callable[..., Any], path: str) -> Iterable[bytes]:
        status, answer = self._act(environ, path)
        body = json.dumps(answer, default=_shown).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _act(self, environ: dict[str, Any], path: str) -> tuple[str, Any]:
        host = str(environ.get("HTTP_HOST", "")).rsplit(":", 1)[0]
        if host not in _LOOPBACK or f"HTTP_{HEADER.upper().replace('-', '_')}" not in environ:
            return "403 Forbidden", {"error": f"the control takes requests from this machine, with the header {HEADER}"}
        action = _actions.get((environ["REQUEST_METHOD"], path))
        if action is None:
            return "404 Not Found", {"error": f"there is no {environ['REQUEST_METHOD']} {CONTROL}{path}"}
        query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            return "200 OK", action(query, json.loads(text) if text else {})
        except (ValueError, KeyError, TypeError) as error:
            return "400 Bad Request", {"error": f"{type(error).__name__}: {error}"}


def _application(response: Any) -> Any:
    """Return a WSGI application for a service that moto lacks, made as moto makes those of its own."""
    from flask import Flask
    from moto.core.utils import convert_to_flask_response
    from moto.moto_server.werkzeug_app import HTTP_METHODS, BackendRequest

    made = Flask(__name__)
    made.request_class = BackendRequest
    view = convert_to_flask_response(response.dispatch)
    for rule in ("/", "/<path:rest>"):
        made.add_url_rule(rule, endpoint=rule, methods=HTTP_METHODS, view_func=view, strict_slashes=False)
    return made


def _shown(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


@control("GET", "health")
def _health(query: dict[str, str], body: Any) -> Any:
    return {"status": "ok"}


@control("POST", "reset")
def _reset(query: dict[str, str], body: Any) -> Any:
    """Forget everything: services, stacks, recorded calls, faults."""
    from moto.moto_api._internal.models import moto_api_backend

    from lenie.compiler.local.stacks import store

    faults.clear()
    store.reset()
    hooks.reset()
    moto_api_backend.reset()
    clients.forget()
    return {}


@control("GET", "calls")
def _calls(query: dict[str, str], body: Any) -> Any:
    """Return the calls that stacks made: of one (`?stack=NAME`) or of all."""
    return [call._asdict() for call in clients.recorded(query.get("stack", ""))]


@control("DELETE", "calls")
def _forget(query: dict[str, str], body: Any) -> Any:
    clients.forget()
    return {}


@control("POST", "faults")
def _inject(query: dict[str, str], body: Any) -> Any:
    """Let every n-th call fail: `{"service": "ec2", "every": 3, "kind": "throttle", "operations": []}`."""
    faults.inject(body.get("service", ""), int(body["every"]), body["kind"], tuple(body.get("operations", ())))
    return faults.counts()


@control("GET", "faults")
def _injected(query: dict[str, str], body: Any) -> Any:
    return faults.counts()


@control("DELETE", "faults")
def _cure(query: dict[str, str], body: Any) -> Any:
    found = faults.counts()
    faults.clear()
    return found
