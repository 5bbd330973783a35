"""What a stack is called, says of itself and needs around its deployment."""

from __future__ import annotations

from collections.abc import Iterator

from lenie.compiler.expressions import AttributeOf, SecretField
from lenie.compiler.graph import Component, Graph

#: A template above this has to be uploaded to a bucket before it is deployed.
#: Source: AWS CloudFormation User Guide, "Understand CloudFormation quotas".
MAX_DIRECT_BYTES = 51_200


def stack_name(graph: Graph, component: Component, environment: str) -> str:
    """Return the name of the stack: shared ones have no environment in it."""
    middle = f"-{environment}" if component.scope == "environment" else ""
    return f"{graph.project}{middle}-{component.name}"


def description(graph: Graph, component: Component) -> str:
    """Return what the stack says of itself."""
    if component.description:
        return component.description
    one = f"the stack of {graph.environment}" if graph.environment else "one stack for each environment"
    once = {
        "environment": one,
        "account": "once for each account and region",
        "organization": "once for the organization",
    }
    return f"{component.name} ({component.layer}): {once[component.scope]}"


def template_paths(graph: Graph) -> dict[str, str]:
    """Return component -> path of its CloudFormation template: the number of its layer, then its place in the layer."""
    seen: dict[str, int] = {}
    paths: dict[str, str] = {}
    for component in graph.components.values():
        seen[component.layer] = seen.get(component.layer, 0) + 1
        folder = f"templates/{component.layer_index}-{component.layer}"
        paths[component.name] = f"{folder}/{seen[component.layer]:02}-{component.name}.yaml"
    return paths


def is_protected(graph: Graph, component: Component, environment: str) -> bool:
    """Return whether the stack is to be protected from deletion: a shared one is production's, too."""
    return environment in graph.production or (component.scope != "environment" and bool(graph.production))


def packages(component: Component) -> Iterator[str]:
    """Yield the keys of the code packages that must be in the artifacts' bucket before the component is deployed."""
    for resource in component.resources.values():
        for value in resource.properties.values():
            key = value.get("S3Key") if isinstance(value, dict) else None
            if isinstance(key, str):
                yield key


def has_type(component: Component, type_name: str) -> bool:
    """Return whether the component has a resource of that type."""
    return any(resource.type == type_name for resource in component.resources.values())


def secrets_set_by_hand(graph: Graph) -> set[tuple[str, str]]:
    """Return the components that read secrets without a generated value, with the logical ids of these."""
    found = set()
    for component in graph.components.values():
        for expression in component.expressions():
            if isinstance(expression, SecretField) and isinstance(expression.secret, AttributeOf):
                resource = graph.resource(expression.secret)
                if "GenerateSecretString" not in resource.properties:
                    found.add((component.name, resource.logical_id))
    return found
