"""Values of the graph as they are in one environment of one account."""

from __future__ import annotations

from lenie.compiler.expressions import Interpolation, Pseudo, Value
from lenie.compiler.graph import Graph, Resource


def text(value: Value | None, account: str, region: str) -> str | None:
    """Return the text that `value` (of a graph for one environment) is in an account; None if only AWS knows it."""
    match value:
        case str():
            return value
        case Pseudo(name):
            partition = (
                "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
            )
            return {"region": region, "account": account, "partition": partition}.get(name)
        case Interpolation(parts):
            texts = [text(part, account, region) for part in parts]
            return None if None in texts else "".join(one for one in texts if one is not None)
    return None


def property_of(resource: Resource, dotted: str) -> Value | None:
    """Return the property at a path such as ``Budget.BudgetName``."""
    value: Value | None = resource.properties
    for step in dotted.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def resource_named(graph: Graph, name: str, type_name: str) -> Resource | None:
    """Return the resource of a type that belongs to the declaration `name` of the spec."""
    for component in graph.components.values():
        for resource in component.resources.values():
            if resource.type == type_name and resource.path[-1] == name:
                return resource
    return None
