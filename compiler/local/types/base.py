"""What a resource type does: create, read, update and delete through the emulator's services.

A class handles the properties that it names, and no others. What `read` returns after a creation or a change is
compared with what the template wanted, property by property, so that nothing is taken and then lost.
"""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from lenie.compiler.local import clients
from lenie.compiler.local.stacks.errors import Failed

Json = dict[str, Any]
_GONE = re.compile(
    r"NotFound|NoSuch|NonExist|DoesNotExist|NotExist|NotAttached|ResourceNotFoundException|NoneExist|NotInUse|^404$|Unknown.*Id$"
)


class Context:
    """Where a resource is made: account, region, its stack, and the clients of services."""

    def __init__(self, account: str, region: str, partition: str, stack: str, logical: str) -> None:
        """Know no physical id yet."""
        self.account = account
        self.region = region
        self.partition = partition
        self.stack = stack
        self.logical = logical
        #: What exists so far: set as soon as there is something that a failure has to delete.
        self.physical = ""

    def call(self, service: str, operation: str, **parameters: Any) -> Any:
        """Return what an operation of a service answers; parameters that are None are left out.

        Templates may write `"20"` for 20 and `"true"` for true: scalars get the types of the service's model.

        Raises:
            Failed: if a value cannot be of the type that the service takes.
            ClientError: what the service answered.
        """
        client = self.client(service)
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
        given = {name: value for name, value in parameters.items() if value is not None}
        return getattr(client, operation)(**(coerced(given, shape) if shape is not None else given))

    def find(self, service: str, operation: str, **parameters: Any) -> Any:
        """Return what an operation answers; nothing if the service says that something is not there."""
        try:
            return self.call(service, operation, **parameters)
        except ClientError as error:
            if gone(error):
                return None
            raise

    def all(self, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """Return all that an operation lists under `key`, page by page; nothing if what is asked about is not there."""
        found: list[Any] = []
        try:
            for page in self.client(service).get_paginator(operation).paginate(**parameters):
                found += page.get(key) or []
        except ClientError as error:
            if gone(error):
                return []
            raise
        return found

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service of the emulator."""
        return clients.client(service, self.region, self.account)

    def created(self, physical: str) -> str:
        """Note that the resource exists from now on."""
        self.physical = physical
        return physical

    def name(self, longest: int = 64, separator: str = "-") -> str:
        """Return a name as CloudFormation makes one: stack, logical id, and twelve random characters."""
        end = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(12))
        room = longest - len(end) - 2
        stack, logical = self.stack[: max(room // 2, room - len(self.logical))], self.logical
        return separator.join((stack, logical[: room - len(stack)], end))

    def arn(self, service: str, resource: str, region: str | None = None, account: str | None = None) -> str:
        """Return the ARN of a resource; region and account are those of the stack, unless they are given."""
        region = self.region if region is None else region
        account = self.account if account is None else account
        return f"arn:{self.partition}:{service}:{region}:{account}:{resource}"


class ResourceType:
    """One CloudFormation resource type."""

    #: As templates name it: ``AWS::S3::Bucket``.
    name: ClassVar[str]
    #: The properties that are handled; every other fails the stack.
    properties: ClassVar[frozenset[str]]
    required: ClassVar[frozenset[str]] = frozenset()
    #: What `Fn::GetAtt` gives.
    returns: ClassVar[frozenset[str]] = frozenset()
    #: Properties that a service takes and does not tell again.
    unread: ClassVar[frozenset[str]] = frozenset()
    #: The property that takes the stack's tags, and whether it is a list of keys and values or a map.
    tags: ClassVar[str] = "Tags"
    tags_are_map: ClassVar[bool] = False
    #: The property that is the physical id, when a template gives it; generated otherwise.
    identity: ClassVar[str] = ""
    #: Whether a template that makes one needs an acknowledgement of the caller.
    capability: ClassVar[str] = ""
    #: The property whose presence makes that CAPABILITY_NAMED_IAM.
    named_by: ClassVar[str] = ""
    #: Whether it exists without a stack, too, so that its deletion leaves it.
    stays: ClassVar[bool] = False

    def create(self, at: Context, wanted: Json) -> str:
        """Make the resource and return its physical id.

        Raises:
            Failed: with a reason for the stack's events.
            ClientError: what the service answered.
        """
        raise NotImplementedError

    def read(self, at: Context, id: str) -> Json | None:
        """Return the properties that the service tells, in CloudFormation's terms; nothing if there is no resource."""
        raise NotImplementedError

    def attributes(self, at: Context, id: str) -> Json:
        """Return what `Fn::GetAtt` gives, by name."""
        return {}

    def reference(self, at: Context, id: str) -> str:
        """Return what `Ref` gives: the physical id, with most types."""
        return id

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        """Change the resource in place, from `before` to `wanted`.

        Raises:
            Failed: if a property that differs cannot be changed.
        """
        raise Failed(f"{self.name} cannot be changed in place by the emulator")

    def delete(self, at: Context, id: str, properties: Json) -> None:
        """Delete the resource. One that is gone already is no error: see `gone`."""
        raise NotImplementedError

    def visible(self, wanted: Json) -> Json:
        """Return the part of the wanted properties that `read` tells, in its form."""
        return {name: value for name, value in wanted.items() if name not in self.unread}

    def snapshot(self, at: Context, id: str, properties: Json) -> None:
        """Delete the resource and keep a snapshot of its data.

        Raises:
            Failed: by types that have none.
        """
        raise Failed(f"{self.name} does not support the deletion policy Snapshot")

    def existing(self, at: Context, wanted: Json) -> str:
        """Return the physical id that a template fixes beforehand; empty if there is none."""
        return str(wanted.get(self.identity, "")) if self.identity else ""

    def replaces(self, wanted: Json, before: Json, changed: set[str]) -> bool:
        """Return whether a change replaces the resource, where the registry leaves it to the values."""
        return False


def gone(error: ClientError) -> bool:
    """Return whether a service says that something is not there."""
    return bool(_GONE.search(str(error.response.get("Error", {}).get("Code", ""))))


def coerced(value: Any, shape: Any) -> Any:
    """Return a parameter with its scalars in the types of a botocore shape; what has no type there stays.

    Raises:
        Failed: if a text is no number, or no boolean, where one is due.
    """
    kind = getattr(shape, "type_name", "")
    if isinstance(value, dict) and kind == "structure":
        return {key: coerced(item, shape.members.get(key)) for key, item in value.items()}
    if isinstance(value, dict) and kind == "map":
        return {key: coerced(item, shape.value) for key, item in value.items()}
    if isinstance(value, list) and kind == "list":
        return [coerced(item, shape.member) for item in value]
    if isinstance(value, (dict, list)):
        return value
    if kind in ("integer", "long"):
        return number(value)
    if kind in ("float", "double"):
        return real(value)
    if kind == "boolean":
        return boolean(value)
    if kind == "string" and isinstance(value, bool):
        return str(value).lower()
    return str(value) if kind == "string" else value


def pick(source: Json | None, *names: str) -> Json:
    """Return the entries of these names that are there."""
    return {name: source[name] for name in names if source and source.get(name) is not None}


def camel(value: Any, keep: Iterable[str] = ()) -> Any:
    """Return data whose keys begin with a small letter; the values of the keys in `keep` stay as they are."""
    return _keys(value, lambda key: key[:1].lower() + key[1:], frozenset(keep))


def pascal(value: Any, keep: Iterable[str] = ()) -> Any:
    """Return data whose keys begin with a capital letter; the values of the keys in `keep` stay as they are."""
    return _keys(value, lambda key: key[:1].upper() + key[1:], frozenset(keep))


def _keys(value: Any, change: Callable[[str], str], keep: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_keys(item, change, keep) for item in value]
    if isinstance(value, dict):
        return {change(key): item if key in keep else _keys(item, change, keep) for key, item in value.items()}
    return value


def number(value: Any) -> int:
    """Return a whole number; templates may write it as a text.

    Raises:
        Failed: if it is none.
    """
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Failed(f"Value {value!r} is not a whole number") from None


def real(value: Any) -> float:
    """Return a number; templates may write it as a text.

    Raises:
        Failed: if it is none.
    """
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Failed(f"Value {value!r} is not a number") from None


def boolean(value: Any) -> bool:
    """Return a truth value; templates may write it as a text.

    Raises:
        Failed: if it is none.
    """
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise Failed(f"Value {value!r} is not a boolean")


def tag_map(tags: Any) -> dict[str, str]:
    """Return a list of tags as a map."""
    return {tag["Key"]: str(tag["Value"]) for tag in tags or []}


def tag_list(tags: Any) -> list[dict[str, str]]:
    """Return a map of tags as a list, without those that AWS itself sets."""
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items() if not key.startswith("aws:")]


def tag_changes(wanted: Any, before: Any) -> tuple[dict[str, str], list[str]]:
    """Return the tags to set and the keys to remove, of two lists or maps of tags."""
    new, old = (tags if isinstance(tags, dict) else tag_map(tags) for tags in (wanted or {}, before or {}))
    return {key: value for key, value in new.items() if old.get(key) != value}, [key for key in old if key not in new]


def text(document: Any) -> str | None:
    """Return a JSON document as the text that services take; a text stays."""
    return document if document is None or isinstance(document, str) else json.dumps(document)


def differing(wanted: Json, before: Json) -> set[str]:
    """Return the names of the properties that differ."""
    return {name for name in wanted.keys() | before.keys() if wanted.get(name) != before.get(name)}
