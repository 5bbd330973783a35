"""Tokens: known, unique values in place of what is known after apply.

A plan with tokens has every reference resolved: where a token appears again, in another resource, module or document,
there is a reference to the attribute that it was made for.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any, Final

from standin.codec import UNKNOWN, Block, Type, Value, object_type
from standin.resource import State

#: What the data sources say that everybody knows: these are fixed.
REGION: Final = "tok-region"
ACCOUNT: Final = "tok-account"
PARTITION: Final = "tok-partition"
DNS_SUFFIX: Final = "tok-dns-suffix"
ZONES: Final = tuple(f"tok-zone-{number}" for number in range(6))
#: The value of an SSM parameter that is read: this, and its name.
PARAMETER: Final = "tok-parameter:"
#: Tokens that are numbers begin here; those that are texts are `tok-` and five digits.
FIRST_NUMBER: Final = 900_000_000

_count = itertools.count(1)


def fill(value: Value, block: Block) -> Value:
    """Return a value of `block` with a token in place of everything unknown.

    A boolean has no room for a token: it is false. A list or set gets one element.
    """
    return _fill(value, object_type(block))


def _fill(value: Value, type_: Type) -> Value:
    if value is UNKNOWN:
        return _token(type_)
    if value is None or isinstance(type_, str):
        return value
    kind, inner = type_
    if kind == "object":
        return {name: _fill(value[name], field) for name, field in inner.items()}
    if kind == "map":
        return {name: _fill(item, inner) for name, item in value.items()}
    return [_fill(item, inner) for item in value]


def _token(type_: Type) -> Any:
    if isinstance(type_, str):
        number = next(_count)
        return {"string": f"tok-{number:05}", "number": FIRST_NUMBER + number, "bool": False}[type_]
    kind, inner = type_
    if kind == "object":
        return {name: _token(field) for name, field in inner.items()}
    return {"token": _token(inner)} if kind == "map" else [_token(inner)]


def _zones(config: State) -> State:
    excluded = {*(config["exclude_names"] or []), *(config["exclude_zone_ids"] or [])}
    return {"names": [zone for zone in ZONES if zone not in excluded], "id": REGION}


def _parameter(config: State) -> State:
    return {"value": PARAMETER + config["name"], "insecure_value": PARAMETER + config["name"]}


#: Data source -> what it says.
FIXED: Final[dict[str, Callable[[State], State]]] = {
    "aws_availability_zones": _zones,
    "aws_caller_identity": lambda config: {"account_id": ACCOUNT, "id": ACCOUNT},
    "aws_partition": lambda config: {"partition": PARTITION, "id": PARTITION, "dns_suffix": DNS_SUFFIX},
    "aws_region": lambda config: {"name": REGION, "region": REGION, "id": REGION},
    "aws_ssm_parameter": _parameter,
}


def data_source(name: str, config: State, block: Block) -> State:
    """Return what a data source says."""
    fixed = FIXED[name](config) if name in FIXED else {}
    return _computed({**config, **{key: value for key, value in fixed.items() if key in block["attributes"]}}, block)


def ephemeral(name: str, config: State, block: Block) -> State:
    """Return what an ephemeral resource gives; a secret is an object with the fields that such objects usually have."""
    found = dict(config)
    if name == "aws_secretsmanager_secret_version":
        found["secret_string"] = json.dumps({field: _token("string") for field in ("username", "password")})
    return _computed(found, block)


def _computed(value: State, block: Block) -> State:
    facts = block["attributes"]
    missing = [name for name in facts if value[name] is None and facts[name].get("computed")]
    return dict(fill({**value, **dict.fromkeys(missing, UNKNOWN)}, block))
