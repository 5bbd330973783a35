"""Terraform's types of what is given at deployment."""

from __future__ import annotations

from collections.abc import Sequence

from lenie.compiler.expressions import Scalar
from lenie.compiler.graph import Parameter


def type_of_parameter(parameter: Parameter) -> str:
    """Return the type of the variable that holds a parameter of the spec."""
    return "list(string)" if parameter.is_list else "number" if parameter.type == "number" else "string"


def type_of_setting(values: Sequence[Scalar]) -> str:
    """Return the type of the variable that holds a setting with these values in the environments."""
    if all(isinstance(value, bool) for value in values):
        return "bool"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    return "string"
