"""API Gateway: answers about what is not there, and changes of what is.

Moto 5.2.5 fails with an error of the server when a deployment is asked for that does not exist; it
lets a deployment be deleted that a stage uses; it has no UpdateDeployment; it keeps the settings of a method that are
taken away; it turns a plan's rates into whole numbers
and keeps a changed quota as a text.
"""

from __future__ import annotations

import json
from typing import Any

from moto.apigateway import models
from moto.apigateway.exceptions import BadRequestException, DeploymentNotFoundException
from moto.apigateway.responses import APIGatewayResponse


def apply() -> None:
    """Replace what answers wrongly."""
    models.RestAPI.get_deployment = _get_deployment  # type: ignore[method-assign]
    delete = models.RestAPI.delete_deployment

    def delete_deployment(self: models.RestAPI, deployment_id: str) -> models.Deployment:
        if any(stage.deployment_id == deployment_id for stage in self.stages.values()):
            raise BadRequestException("Active stages pointing to this deployment must be moved or deleted")
        return delete(self, deployment_id)

    models.RestAPI.delete_deployment = delete_deployment  # type: ignore[method-assign]
    patch = models.UsagePlan.apply_patch_operations

    def apply_patch_operations(self: models.UsagePlan, patch_operations: list[dict[str, Any]]) -> None:
        patch(self, [operation for operation in patch_operations if not _set_limit(self, operation)])

    stage = models.Stage.apply_operations

    def apply_operations(self: models.Stage, patch_operations: list[dict[str, Any]]) -> models.Stage:
        for operation in patch_operations:
            if operation["op"] == "remove":
                self.method_settings.pop(operation["path"].removeprefix("/"), None)
        return stage(self, patch_operations)

    models.Stage.apply_operations = apply_operations  # type: ignore[method-assign]
    APIGatewayResponse.update_deployment = _update_deployment  # type: ignore[attr-defined]
    models.UsagePlan.apply_patch_operations = apply_patch_operations  # type: ignore[method-assign]


def _update_deployment(self: APIGatewayResponse) -> str:
    """UpdateDeployment: of the description."""
    _, _, api, _, deployment = self.path.split("/")
    found = self.backend.get_deployment(api, deployment)
    for operation in self._get_param("patchOperations"):
        if operation["path"] != "/description":
            raise BadRequestException(f"Invalid patch path {operation['path']}")
        found.description = operation.get("value", "")
    return json.dumps(found.to_json())


def _get_deployment(self: models.RestAPI, deployment_id: str) -> models.Deployment:
    if deployment_id not in self.deployments:
        raise DeploymentNotFoundException()
    return self.deployments[deployment_id]


_NUMBERS = {"limit": int, "offset": int, "rateLimit": float, "burstLimit": int}


def _set_limit(plan: models.UsagePlan, operation: dict[str, Any]) -> bool:
    """Set a number of a plan's quota or throttle; return whether the operation was one that does."""
    _, part, *rest = operation["path"].split("/")
    if (
        operation["op"] not in ("add", "replace")
        or part not in ("quota", "throttle")
        or not rest
        or rest[0] not in _NUMBERS
    ):
        return False
    found = plan.quota if part == "quota" else plan.throttle
    found[rest[0]] = _NUMBERS[rest[0]](operation["value"])
    return True
