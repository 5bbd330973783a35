"""Settings from the environment, and clients of AWS, made once in a container."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from library.errors import MissingSetting


def setting(name: str) -> str:
    """Return the setting `name`.

    Raises:
        MissingSetting: if it is not set, which is a fault of the deployment.
    """
    if not os.environ.get(name):
        raise MissingSetting(f"{name} is not set")
    return os.environ[name]


@cache
def client(service: str) -> Any:
    """Return the client of an AWS service; a call gives up after some 14 s, and API Gateway after 29 s."""
    times = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client(service, config=times)
