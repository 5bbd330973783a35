"""Findings of the validator in aws-cdk-lib that do not hold for what is generated, with the reasons.

It checks each template at synthesis, and takes the default of a parameter for its value: but the default of a parameter
of type ``AWS::SSM::Parameter::Value`` is the name of an SSM parameter. Found with aws-cdk-lib 2.275.0; a test runs the
validator and fails on any finding that is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lenie.compiler.expressions import AttributeOf, PublicParameter, SecretField, Value, walk
from lenie.compiler.graph import Resource

_ENGINE = "CloudFormation-Validate"


class Acknowledged(NamedTuple):
    """A finding that does not hold, and why."""

    #: ``CloudFormation-Validate::W3030``
    rule: str
    reason: str
    #: Whether the validator reports it about the stack and not about the resource.
    of_stack: bool = False


class _Row(NamedTuple):
    types: tuple[str, ...]
    property: str
    applies: Callable[[Value], bool]
    found: Acknowledged


def _from_outside(value: Value) -> bool:
    """Return whether a value comes from an SSM parameter."""
    return any(isinstance(e, (AttributeOf, PublicParameter)) for e in walk(value))


def _secret_from_outside(value: Value) -> bool:
    """Return whether a value is a field of a secret whose ARN comes from an SSM parameter."""
    return any(isinstance(e, SecretField) and isinstance(e.secret, AttributeOf) for e in walk(value))


def _known(value: Value) -> bool:
    """Return whether the app knows a value."""
    return not _from_outside(value)


_DATABASES = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")
_ROWS = (
    _Row(
        ("AWS::Lambda::Function",),
        "Runtime",
        _from_outside,
        Acknowledged(f"{_ENGINE}::W3030", "The runtime is the value of an SSM parameter, not its name"),
    ),
    _Row(
        ("AWS::Lambda::LayerVersion",),
        "CompatibleRuntimes",
        _from_outside,
        Acknowledged(f"{_ENGINE}::W3030", "The runtime is the value of an SSM parameter, not its name"),
    ),
    _Row(
        ("AWS::EC2::Instance",),
        "ImageId",
        _known,
        Acknowledged(f"{_ENGINE}::W9010", "The image is a setting of the environment"),
    ),
    _Row(
        _DATABASES,
        "MasterUserPassword",
        _secret_from_outside,
        Acknowledged(f"{_ENGINE}::W1011", "The parameter holds the ARN of a secret, which is read at deployment"),
    ),
    _Row(
        _DATABASES,
        "MasterUserPassword",
        _secret_from_outside,
        Acknowledged(f"{_ENGINE}::W2501", "The parameter holds the ARN of a secret, and no secret", of_stack=True),
    ),
)


def acknowledged(resource: Resource) -> Iterator[Acknowledged]:
    """Yield the findings that the validator would have about `resource`, and that do not hold."""
    for row in _ROWS:
        value = resource.properties.get(row.property)
        if resource.type in row.types and value is not None and row.applies(value):
            yield row.found
