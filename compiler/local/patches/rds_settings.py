"""RDS: a database's settings are told as they were given.

Moto 5.2.5 loses EngineLifecycleSupport, and gives all databases one resource id, by which policies tell them apart. It
loses a subnet group that is changed, has no ResetDBParameterGroup, tells an empty list of a parameter group that does
not exist, and takes storage away from a database, which RDS refuses.

Source: Amazon RDS User Guide, "Working with storage for Amazon RDS DB instances".
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds import models
from moto.rds.exceptions import DBParameterGroupNotFoundError, InvalidParameterCombination
from moto.rds.responses import RDSResponse

from lenie.compiler.local.patching import wrap

_DEFAULT = "open-source-rds-extended-support"
_LETTERS = string.ascii_uppercase + string.digits


def apply() -> None:
    """Keep what is lost."""
    made = models.DBInstance.__init__

    def init(self: models.DBInstance, *args: Any, **given: Any) -> None:
        made(self, *args, **given)
        self.engine_lifecycle_support = given.get("engine_lifecycle_support") or _DEFAULT  # type: ignore[attr-defined]
        self.dbi_resource_id = "db-" + "".join(secrets.choice(_LETTERS) for _ in range(26))

    models.DBInstance.__init__ = init  # type: ignore[method-assign]
    models.RDSBackend.modify_db_subnet_group = _modify_db_subnet_group  # type: ignore[method-assign]
    groups = models.RDSBackend.describe_db_parameter_groups

    def describe_db_parameter_groups(self: models.RDSBackend, given: dict[str, Any]) -> list[models.DBParameterGroup]:
        found = groups(self, given)
        if not found and given.get("db_parameter_group_name"):
            raise DBParameterGroupNotFoundError(given["db_parameter_group_name"])
        return found

    models.RDSBackend.describe_db_parameter_groups = describe_db_parameter_groups  # type: ignore[assignment, method-assign]
    wrap(models.RDSBackend, "modify_db_instance", _modify)
    RDSResponse.reset_db_parameter_group = _reset_db_parameter_group  # type: ignore[attr-defined]


def _modify(modified: Callable[..., models.DBInstance]) -> Callable[..., models.DBInstance]:
    def modify_db_instance(
        self: models.RDSBackend, db_instance_identifier: str, db_kwargs: dict[str, Any]
    ) -> models.DBInstance:
        before = self.describe_db_instances(db_instance_identifier)[0]
        wanted = db_kwargs.get("allocated_storage")
        if wanted is not None and int(wanted) < int(before.allocated_storage or 0):
            raise InvalidParameterCombination(
                f"Invalid storage size for engine name {before.engine} and storage type {before.storage_type}: {wanted}"
            )
        return modified(self, db_instance_identifier, db_kwargs)

    return modify_db_instance


def _modify_db_subnet_group(
    self: models.RDSBackend, subnet_name: str, description: str, subnets: list[Any]
) -> models.DBSubnetGroup:
    group = self.describe_db_subnet_groups(subnet_name)[0]
    group._subnets = subnets
    if description is not None:
        group.description = description
    return group


def _reset_db_parameter_group(self: RDSResponse) -> ActionResult:
    """ResetDBParameterGroup: parameters go back to the engine's defaults, which are not told as the user's own."""
    name = self.params.get("DBParameterGroupName")
    group = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})[0]
    named = [given["ParameterName"] for given in self.params.get("Parameters", [])]
    for parameter in list(group.parameters) if self.params.get("ResetAllParameters") else named:
        group.parameters.pop(parameter, None)
    return ActionResult({"DBParameterGroupName": group.name})
