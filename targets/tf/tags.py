"""Tags: the provider adds those of the project to everything, so that a resource names only its own."""

from __future__ import annotations

from lenie.compiler.expressions import EnvironmentName, Value
from lenie.compiler.graph import Component, Graph
from lenie.compiler.span import Path


def tag_map(value: Value, shape: str) -> dict[str, Value] | None:
    """Return tags in CloudFormation's `shape` as a map; nothing if they are no plain list or map of tags."""
    if shape == "map" and isinstance(value, dict):
        return value
    if shape == "specifications" and isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return tag_map(value[0].get("Tags", []), "list")
    if shape != "list" or not isinstance(value, list):
        return None
    tags: dict[str, Value] = {}
    for tag in value:
        key = tag.get("Key") if isinstance(tag, dict) else None
        if not isinstance(tag, dict) or set(tag) != {"Key", "Value"} or not isinstance(key, str) or key in tags:
            return None
        tags[key] = tag["Value"]
    return tags


def tag_places(value: Value, shape: str, at: Path) -> dict[str, Path]:
    """Return key -> property path of each tag in a `value` that `tag_map` can read, which stands at `at`."""
    if isinstance(value, dict):
        return {key: (*at, key) for key in value}
    if shape == "specifications" and isinstance(value, list) and isinstance(value[0], dict):
        return tag_places(value[0].get("Tags", []), "list", (*at, 0, "Tags"))
    tags = value if isinstance(value, list) else []
    return {str(tag["Key"]): (*at, index) for index, tag in enumerate(tags) if isinstance(tag, dict)}


def default_tags(graph: Graph, scope: str) -> dict[str, Value]:
    """Return the tags that the provider adds to every resource of a root module."""
    tags: dict[str, Value] = {"Project": graph.project}
    if scope == "environment":
        tags["Environment"] = graph.environment or EnvironmentName()
    return tags


def own_tags(tags: dict[str, Value], graph: Graph, component: Component) -> dict[str, Value]:
    """Return those of `tags` that the provider does not add anyhow."""
    defaults = default_tags(graph, component.scope)
    return {key: value for key, value in tags.items() if key not in defaults or defaults[key] != value}
