"""Scalars of one environment as texts, where the property is a text.

A template for all environments has ``!Ref`` there, which is text whatever the parameter's type is. Resolved for one
environment, the value itself stands there, and may be a number or true.
"""

from __future__ import annotations

from typing import Any

from troposphere import BaseAWSObject

from lenie.compiler.expressions import as_part
from lenie.targets.cfn.data.additions import ADDITIONS
from lenie.targets.cfn.schema import resource_class
from lenie.targets.wiring.functions import is_function


def texts(type_name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Return the long-form `properties` of a resource of `type_name`, with texts where the type wants texts only."""
    known = resource_class(type_name)
    return properties if known is None else _members(known, properties, ADDITIONS.get(type_name, {}), "")


def _members(known: Any, properties: dict[str, Any], additions: Any, prefix: str) -> dict[str, Any]:
    found = {}
    for name, value in properties.items():
        expected = known.props[name][0] if name in known.props else additions.get(prefix + name)
        found[name] = _typed(expected, value, additions, f"{prefix}{name}.")
    return found


def _typed(expected: Any, value: Any, additions: Any, prefix: str) -> Any:
    if is_function(value):
        return value
    if isinstance(expected, list) and len(expected) == 1 and isinstance(value, list):
        return [_typed(expected[0], item, additions, prefix) for item in value]
    if isinstance(expected, type) and issubclass(expected, BaseAWSObject) and isinstance(value, dict):
        return _members(expected, value, additions, prefix)
    if expected is str and isinstance(value, (bool, int, float)):
        return as_part(value)
    return value
