"""Deployments of REST APIs are copies, which the gateway serves.

Replaces in moto 5.2.5 `RestAPI.create_deployment`: a deployment remembers nothing of the API, so that a stage would
show every later change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.apigateway.models import Deployment, RestAPI

from lenie.compiler.local import hooks
from lenie.compiler.local.gateway.api import Snapshot, snapshot
from lenie.compiler.local.gateway.handler import gate
from lenie.compiler.local.patching import wrap

_SNAPSHOT = "_lenie_snapshot"


def deployed(api: RestAPI, deployment: str | None) -> Snapshot | None:
    """Return what a deployment holds; none if there is no such deployment."""
    kept: Snapshot | None = getattr(api.deployments.get(deployment or ""), _SNAPSHOT, None)
    return kept


def _deploy(create: Callable[..., Deployment]) -> Callable[..., Deployment]:
    def create_deployment(self: RestAPI, *args: Any, **kwargs: Any) -> Deployment:
        made = create(self, *args, **kwargs)
        setattr(made, _SNAPSHOT, snapshot(self))
        return made

    return create_deployment


def apply() -> None:
    """Keep what a deployment holds."""
    wrap(RestAPI, "create_deployment", _deploy)
    hooks.on_reset(gate.clear)
