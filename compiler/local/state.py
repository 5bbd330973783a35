"""What is deployed, read from the services in CloudFormation's terms: the same for whatever deployed it.

A comparison of deployments asks for all resources of the stacks, or for one that something else has made, by its type
and its physical id.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.local import clients
from lenie.compiler.local.application import control
from lenie.compiler.local.stacks import store
from lenie.compiler.local.types import types
from lenie.compiler.local.types.base import Context

REGION, PARTITION = "us-east-1", "aws"


def read(type_name: str, id: str, region: str = REGION, account: str = clients.DEFAULT_ACCOUNT) -> Any:
    """Return the properties and attributes of a resource; nothing if there is none.

    Raises:
        KeyError: if the type is not emulated.
    """
    if type_name not in types():
        raise KeyError(f"the emulator does not know the type {type_name}")
    kind, at = types()[type_name], Context(account, region, PARTITION, "", "")
    found = kind.read(at, id)
    if found is None:
        return None
    return {"properties": found, "attributes": kind.attributes(at, id), "reference": kind.reference(at, id)}


@control("POST", "read")
def _read(query: dict[str, str], body: Any) -> Any:
    """Read one resource: `{"type": "AWS::S3::Bucket", "id": "name"}`."""
    return read(body["type"], body["id"], body.get("region", REGION), body.get("account", clients.DEFAULT_ACCOUNT))


@control("GET", "resources")
def _resources(query: dict[str, str], body: Any) -> Any:
    """Read all resources of one stack (`?stack=NAME`), or of all."""
    account, region = query.get("account", clients.DEFAULT_ACCOUNT), query.get("region", REGION)
    return [
        {
            "stack": stack.name,
            "resource": record.logical,
            "type": record.type,
            "id": record.physical,
            **(read(record.type, record.physical, region, account) or {}),
        }
        for stack in store.all_stacks(account, region)
        for record in list(stack.resources.values())
        if record.there and query.get("stack", stack.name) == stack.name
    ]
