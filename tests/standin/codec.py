"""Terraform's values: from and to the wire, and what is done with them by their types.

In Python a value is None, a bool, a str, an int or float, a list (of a list or a set), a dict (of a map or an object),
or UNKNOWN. Source: https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol (object values).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import msgpack
from pyvider.protocols.tfprotov6.protobuf import DynamicValue, RawState


class Unknown:
    """The class of UNKNOWN: a value that is known after apply."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: dict[int, Any]) -> Unknown:
        return self


UNKNOWN: Final = Unknown()

#: A type as `terraform providers schema -json` writes it.
Type = str | list[Any]
Block = dict[str, Any]
Value = Any


def decode(message: DynamicValue, block: Block) -> Value:
    """Return the value that Terraform sent for `block`; UNKNOWN where it does not know it yet."""
    if message.msgpack:
        raw = msgpack.unpackb(message.msgpack, ext_hook=lambda code, data: UNKNOWN, strict_map_key=False)
    else:
        raw = json.loads(message.json)
    return conform(raw, object_type(block))


def decode_state(message: RawState, block: Block) -> Value:
    """Return a stored state, completed if the schema has got more attributes since."""
    return conform(json.loads(message.json), object_type(block))


def encode(value: Value, block: Block) -> DynamicValue:
    """Return the message for a value of `block`; what it lacks is null, or empty if it is a block."""
    return DynamicValue(msgpack=msgpack.packb(conform(value, object_type(block)), default=_pack))


def _pack(value: object) -> msgpack.ExtType:
    assert value is UNKNOWN, value
    return msgpack.ExtType(0, b"\0")


def object_type(block: Block) -> list[Any]:
    """Return the type of a block's value: ["object", {name: type}]."""
    fields: dict[str, Type] = {name: facts["type"] for name, facts in block["attributes"].items()}
    for name, nested in block["blocks"].items():
        inner = object_type(nested["block"])
        # A list or set of blocks is never null: an absent block is an empty list.
        fields[name] = inner if nested["nesting"] == "single" else [f"blocks-{nested['nesting']}", inner]
    return ["object", fields]


def conform(value: Value, type_: Type) -> Value:
    """Return `value` in the form of its type: missing attributes added, decimal numbers as numbers.

    Raises:
        TypeError: The value cannot be of that type: a fault of this stand-in.
    """
    if isinstance(type_, list) and type_[0] in ("blocks-list", "blocks-set") and value is None:
        return []
    if value is None or value is UNKNOWN:
        return value
    if isinstance(type_, str):
        return _scalar(value, type_)
    kind, inner = type_
    if kind == "object":
        if not isinstance(value, dict) or value.keys() - inner.keys():
            raise TypeError(f"{value!r} is no object of {sorted(inner)}")
        return {name: conform(value.get(name), field) for name, field in inner.items()}
    if kind == "map":
        return {name: conform(item, inner) for name, item in value.items()}
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no {kind}")
    return [conform(item, inner) for item in value]


def _scalar(value: Value, type_: str) -> Value:
    if type_ == "number" and isinstance(value, str):  # what no binary floating point number equals travels as text
        number = float(value)
        return int(number) if number.is_integer() else number
    if type_ == "number" and isinstance(value, float) and value.is_integer():
        return int(value)
    expected: dict[str, tuple[type, ...]] = {"string": (str,), "bool": (bool,), "number": (int, float)}
    if not isinstance(value, expected[type_]) or (type_ == "number" and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {type_}")
    return value


def is_known(value: Value) -> bool:
    """Whether nothing in `value` is unknown."""
    if isinstance(value, dict):
        return all(is_known(item) for item in value.values())
    if isinstance(value, list):
        return all(is_known(item) for item in value)
    return value is not UNKNOWN


def without_unknown(value: Value) -> Value:
    """Return `value` with null for everything unknown."""
    if isinstance(value, dict):
        return {name: without_unknown(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_unknown(item) for item in value]
    return None if value is UNKNOWN else value


def fits(planned: Value, new: Value, type_: Type) -> bool:
    """Whether `new` is what was planned, as far as that was known. Sets have no order; a JSON text may be respaced."""
    if planned is UNKNOWN:
        return True
    if planned is None or new is None or isinstance(type_, str):
        return planned == new or same_document(planned, new)
    kind, inner = type_
    if kind == "object":
        return all(fits(planned[name], new[name], field) for name, field in inner.items())
    if kind == "map":
        return bool(planned.keys() == new.keys()) and all(fits(planned[name], new[name], inner) for name in planned)
    if len(planned) != len(new):
        return False
    if kind in ("list", "blocks-list"):
        return all(fits(one, other, inner) for one, other in zip(planned, new, strict=True))
    rest = list(new)
    for one in planned:
        index = next((number for number, other in enumerate(rest) if fits(one, other, inner)), None)
        if index is None:
            return False
        del rest[index]
    return True


def same_document(left: Value, right: Value) -> bool:
    """Whether two texts are the same JSON document, written in different ways."""
    if not isinstance(left, str) or not isinstance(right, str) or not left.startswith(("{", "[")):
        return False
    try:
        return bool(json.loads(left) == json.loads(right))
    except ValueError:
        return False


def differences(left: Value, right: Value, block: Block) -> Iterator[str]:
    """Yield the names of the attributes and blocks in which two values of a block differ; unknown equals anything."""
    _, fields = object_type(block)
    for name, field in fields.items():
        if not fits(left[name], right[name], field):
            yield name
