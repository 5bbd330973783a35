"""Clients of the emulator's own services, as a stack's resources use them; every call is recorded.

The address is that of this process, so there is one for each process: `listen` says it before the first request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

DEFAULT_ACCOUNT = "123456789012"
_KEY = "testing"  # moto takes every key for one of the default account


class Call(NamedTuple):
    """A call of a service by a stack: `resource` is the logical id, `parameters` are those of boto3."""

    stack: str
    resource: str
    type: str
    service: str
    operation: str
    parameters: dict[str, Any]


class Owner(NamedTuple):
    """Whose calls are recorded."""

    stack: str = ""
    resource: str = ""
    type: str = ""


_NOBODY = Owner()
_owner: ContextVar[Owner] = ContextVar("owner", default=_NOBODY)  # a tuple does not change
_calls: list[Call] = []
_clients: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()
_url = ""


def listen(url: str) -> None:
    """State the address of the emulator, ``http://127.0.0.1:port``."""
    global _url
    with _lock:
        _clients.clear()
        _url = url


def url() -> str:
    """Return the address of the emulator that this process is."""
    return _url


@contextmanager
def calls_of(owner: Owner) -> Iterator[None]:
    """Record the calls that this thread makes as those of `owner`."""
    token = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(token)


def recorded(stack: str = "") -> list[Call]:
    """Return the calls of a stack, by its name or id, in their order; of all stacks if none is named."""
    with _lock:
        return [call for call in _calls if not stack or stack in (call.stack, call.stack.split("/")[-2:][0])]


def forget() -> None:
    """Forget the calls."""
    with _lock:
        _calls.clear()


def client(service: str, region: str, account: str = DEFAULT_ACCOUNT) -> Any:
    """Return the client of a service in a region, made once; clients may be shared by threads."""
    key = (service, region, account)
    with _lock:
        if key not in _clients:
            _clients[key] = _new(service, region, account)
        return _clients[key]


@cache
def _session() -> Any:
    """Return the one session: each new one reads the tables of endpoints again, which takes as long as a client."""
    import boto3

    return boto3.Session()


def _new(service: str, region: str, account: str) -> Any:
    from botocore.config import Config

    retries = {"mode": "standard", "total_max_attempts": 6}
    style = {"addressing_style": "path"}
    made = _session().client(
        service,
        region_name=region,
        endpoint_url=_url,
        aws_access_key_id=_KEY,
        aws_secret_access_key=_KEY,
        config=Config(retries=retries, s3=style, max_pool_connections=32, read_timeout=300),
    )
    made.meta.events.register(
        f"provide-client-params.{made.meta.service_model.service_id.hyphenize()}", _recorder(service)
    )
    if account != DEFAULT_ACCOUNT:
        made.meta.events.register(
            "before-call", lambda params, **_: params["headers"].update({"x-moto-account-id": account})
        )
    return made


def _recorder(service: str) -> Callable[..., None]:
    def record(params: dict[str, Any], model: Any, **_: Any) -> None:
        owner = _owner.get()
        if owner.stack:
            with _lock:
                _calls.append(Call(*owner, service, model.name, dict(params)))

    return record
