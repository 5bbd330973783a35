"""Clients of the emulated AWS: on this machine only."""

from __future__ import annotations

import ipaddress
import json
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

_TIMEOUT = 20  # seconds


def _write(path: str, service: str, params: dict[str, Any], model: Any, **_: Any) -> None:
    """Append a call to a file."""
    call = {"service": service, "operation": model.name, "parameters": params}
    line = json.dumps(call, default=lambda value: value.decode() if isinstance(value, bytes) else str(value))
    with Path(path).open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")


class RefusedEndpointError(Exception):
    """A client was asked for that would have left this machine."""


def require_loopback(endpoint: str | None) -> str:
    """Return `endpoint` if it is an http(s) address of the loopback interface.

    Raises:
        RefusedEndpointError: There is no endpoint, or it is elsewhere. Names are refused too, except for `localhost`:
            what a name resolves to can change.
    """
    parts = urlsplit(endpoint or "")
    host = parts.hostname or ""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback or parts.scheme not in ("http", "https"):
        where = (
            f"{endpoint} is not on the loopback interface" if endpoint else "no endpoint of an emulated AWS was given"
        )
        raise RefusedEndpointError(f"the stand-in provider calls only an emulated AWS on this machine: {where}")
    assert endpoint is not None
    return endpoint


class Aws:
    """Clients of one region of the emulated AWS.

    Args:
        endpoint: Where it is.
        region: Name of the region.
    """

    #: The provider's default tags, for what gets them beside a resource's own.
    default_tags: dict[str, str] = {}
    #: File that each call is written to, as a line of JSON; nothing if it is empty.
    record: str = ""

    def __init__(self, endpoint: str | None, region: str) -> None:
        self.region = region
        self.endpoint = endpoint
        self._clients: dict[str, Any] = {}
        self._account: str | None = None

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service.

        Raises:
            RefusedEndpointError: The endpoint is not on the loopback interface.
        """
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                region_name=self.region,
                endpoint_url=require_loopback(self.endpoint),
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
                config=Config(
                    proxies={},
                    connect_timeout=_TIMEOUT,
                    read_timeout=_TIMEOUT,
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": "path"},
                ),
            )
            if self.record:
                write = partial(_write, self.record, service)
                self._clients[service].meta.events.register("provide-client-params", write)
        return self._clients[service]

    @property
    def account(self) -> str:
        """Number of the account."""
        if self._account is None:
            self._account = str(self.client("sts").get_caller_identity()["Account"])
        return self._account

    def arn(self, service: str, resource: str, *, regional: bool = True) -> str:
        """Return an ARN in this account."""
        return f"arn:aws:{service}:{self.region if regional else ''}:{self.account}:{resource}"
