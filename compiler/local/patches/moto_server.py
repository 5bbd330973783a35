"""Requests find their service without a look into moto's directory, or are told that there is no such service.

Replaces in moto 5.2.5 `moto.backends.list_of_moto_modules`, which lists the files of the package: moto's server calls
it for each request, several times and with a lock held, so that half of the time of busy requests was spent there. And
`create_backend_app`, which fails for a service that moto does not have: the server answered with a page of HTML and the
status 500, after which clients try again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from moto import backends
from moto.moto_server import werkzeug_app

from lenie.compiler.local.patching import wrap


def _remembered(listed: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    @cache
    def list_of_moto_modules() -> Iterable[str]:
        return tuple(listed())

    return list_of_moto_modules


def _or_refused(created: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_backend_app(service: Any) -> Any:
        return _refuse if service is None else created(service)

    return create_backend_app


def _refuse(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer for a service that is not emulated (PEP 3333)."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = json.dumps({"__type": "NotImplemented", "message": "The emulator does not have this service"}).encode()
    headers = [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))]
    start_response("501 Not Implemented", headers)
    return [body]


def apply() -> None:
    """Remember what is listed, and refuse what there is not."""
    wrap(backends, "list_of_moto_modules", _remembered)
    wrap(werkzeug_app, "create_backend_app", _or_refused)
