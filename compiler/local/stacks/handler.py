"""One resource made, changed and deleted: the step between an operation of a stack and a resource type."""

from __future__ import annotations

import traceback
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lenie.compiler.local.clients import Owner, calls_of
from lenie.compiler.local.stacks.dynamic import resolved
from lenie.compiler.local.stacks.errors import Failed, Refused
from lenie.compiler.local.stacks.lost import lost, plain
from lenie.compiler.local.stacks.records import Resource, Stack
from lenie.compiler.local.stacks.references import references
from lenie.compiler.local.stacks.template import Template
from lenie.compiler.local.types import types
from lenie.compiler.local.types.base import Context, ResourceType


def type_of(resource: Resource) -> ResourceType:
    """Return what makes resources of this type; templates with others are refused beforehand."""
    return types()[resource.type]


def tagged(type_name: str, properties: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
    """Return the properties with the stack's tags; a resource's own tag of the same key stays."""
    kind = types()[type_name]
    if not tags or not kind.tags:
        return properties
    own = properties.get(kind.tags)
    if kind.tags_are_map:
        return {**properties, kind.tags: {**tags, **(own or {})}}
    keys = {tag["Key"] for tag in own or []}
    more = [{"Key": key, "Value": value} for key, value in tags.items() if key not in keys]
    return {**properties, kind.tags: [*(own or []), *more]}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the names of the properties that differ."""
    return {
        name
        for name in before.keys() | after.keys()
        if _normal(before.get(name)) != _normal(after.get(name)) or (name in before) != (name in after)
    }


def _normal(value: Any) -> Any:
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in value.items()}
    return plain(value)


#: CloudFormation's words are for what nobody knows; the emulator knows less.
_HERE = " (the emulator does not have it; AWS may)"


class Handler:
    """Makes, changes and deletes one resource of a stack, and says what went wrong in the words of its events."""

    def __init__(self, stack: Stack, resource: Resource) -> None:
        """Do nothing yet."""
        self._stack = stack
        self._resource = resource
        self._type = type_of(resource)
        self._at = Context(stack.account, stack.region, stack.partition, stack.name, resource.logical)

    def create(self) -> None:
        """Make the resource, and see that it is there, with all that was wanted.

        Raises:
            Failed: if it is not; what was made so far is in the record's physical id.
        """
        record = self._resource
        with self._told():
            wanted = self._resolved(record.properties)
            self._check(wanted)
            fixed = self._type.existing(self._at, wanted)
            if fixed and self._type.read(self._at, fixed) is not None:
                raise Failed(f"{fixed} already exists")
            try:
                record.physical = self._type.create(self._at, wanted)
            finally:
                record.physical = record.physical or self._at.physical
            self._see(wanted)

    def update(self, before: dict[str, Any]) -> None:
        """Change the resource in place from `before` to what its record wants.

        Raises:
            Failed: if that cannot be done, or was done in part.
        """
        record = self._resource
        with self._told():
            wanted = self._resolved(record.properties)
            self._check(wanted)
            if self._type.read(self._at, record.physical) is None:
                raise Failed(f"{record.physical} does not exist")
            self._type.update(self._at, record.physical, wanted, self._resolved(before))
            self._see(wanted)

    def delete(self, *, snapshot: bool = False) -> None:
        """Delete the resource, and see that it is gone.

        Raises:
            Failed: if it cannot be deleted.
        """
        record = self._resource
        with self._told():
            method = self._type.snapshot if snapshot else self._type.delete
            method(self._at, record.physical, record.properties)
            if not self._type.stays and self._type.read(self._at, record.physical) is not None:
                raise Failed(f"{record.physical} still exists after its deletion")

    def _see(self, wanted: dict[str, Any]) -> None:
        record = self._resource
        found = self._type.read(self._at, record.physical)
        if found is None:
            raise Failed(f"{record.physical} does not exist after its creation")
        reasons = list(lost(self._type.visible(wanted), found))
        if reasons:
            raise Failed(f"The emulator did not take every property: {'; '.join(reasons)}")
        record.reference = self._type.reference(self._at, record.physical)
        record.attributes = self._type.attributes(self._at, record.physical)

    def _check(self, wanted: dict[str, Any]) -> None:
        unknown = sorted(set(wanted) - self._type.properties)
        if unknown:
            raise Failed(f"Encountered unsupported property {', '.join(unknown)}{_HERE}")
        missing = sorted(self._type.required - set(wanted))
        if missing:
            raise Failed(f"Property {', '.join(missing)} cannot be empty")

    def _resolved(self, properties: dict[str, Any]) -> dict[str, Any]:
        found = resolved(properties, self._at.client)
        assert isinstance(found, dict)
        return found

    def _told(self) -> _Told:
        return _Told(Owner(self._stack.id, self._resource.logical, self._resource.type))


class _Told:
    """Turns what services and resource types raise into `Failed`, and records the calls in between."""

    def __init__(self, owner: Owner) -> None:
        self._calls = calls_of(owner)

    def __enter__(self) -> None:
        self._calls.__enter__()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._calls.__exit__(kind, error, trace)
        if isinstance(error, ClientError):
            found = error.response.get("Error", {})
            service = error.operation_name
            raise Failed(
                f"{found.get('Message', '')} (Operation: {service}, Error Code: {found.get('Code', '')})"
            ) from error
        if isinstance(error, BotoCoreError):
            raise Failed(" ".join(str(error).split())) from error
        if isinstance(error, Exception) and not isinstance(error, (Failed, Refused)):
            traceback.print_exception(error)
            raise Failed(
                f"The properties are not of the form that the type takes: {type(error).__name__}: {error}"
            ) from error


def check_types(template: Template) -> None:
    """Check that the emulator knows each type, and each attribute that is asked of it.

    Raises:
        Refused: as CloudFormation words it.
    """
    unknown = sorted({declared.type for declared in template.resources.values()} - set(types()))
    if unknown:
        raise Refused(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]{_HERE}")
    for value in (*(declared.properties for declared in template.resources.values()), *template.outputs.values()):
        for kind, name, path in references(value):
            if kind == "GetAtt" and path not in types()[template.resources[name].type].returns:
                raise Refused(f"Template error: resource {name} does not support attribute type {path} in Fn::GetAtt")
