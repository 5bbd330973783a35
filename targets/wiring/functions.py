"""CloudFormation's functions and pseudo parameters, and the values that a template cannot have."""

from __future__ import annotations

import math
from typing import Any

#: Pseudo parameters (AWS CloudFormation User Guide, "Pseudo parameters reference").
PSEUDO = {
    "region": "AWS::Region",
    "account": "AWS::AccountId",
    "partition": "AWS::Partition",
    "url-suffix": "AWS::URLSuffix",
}
NO_VALUE = {"Ref": "AWS::NoValue"}
#: Message and help about a value that no template can have.
REFUSED_VALUE = ("CloudFormation has no such value", "leave the property out, or write a number or a text")


def is_function(value: Any) -> bool:
    """Return whether `value` is the long form of a CloudFormation function."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (name,) = value
    return isinstance(name, str) and (name == "Ref" or name.startswith("Fn::"))


def refused_function(name: str) -> tuple[str, str]:
    """Return message and help about data of the spec that reads as CloudFormation's function `name`."""
    help = "write ${resource.attribute}, ${param.name} or ${aws.region}: the compiler makes the function"
    return f'CloudFormation would take "{name}" for one of its functions', help


def exists(value: Any) -> bool:
    """Return whether CloudFormation has such a scalar; raw properties of the spec may hold others."""
    return isinstance(value, str) or (isinstance(value, (int, float)) and math.isfinite(value))
