"""The compiler's graph in normal form: what every target has to say."""

from __future__ import annotations

from typing import Any

from lenie.compiler import expressions as graph_values
from lenie.compiler.graph import Graph
from lenie.compiler.graph import Resource as GraphResource
from lenie.compiler.span import Path
from lenie.compiler.specialise import specialise
from lenie.compiler.verify.order import component_values
from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.values import (
    Document,
    Encoded,
    Node,
    Pseudo,
    PublicParameter,
    Reference,
    SecretField,
    Zone,
    text,
)


def expected(graph: Graph, environment: str) -> Program:
    """Return what `graph` means in `environment`. The place of a value is its path in the spec.

    Raises:
        KeyError: if the graph has no such environment.
    """
    bound = specialise(graph, environment)
    program = Program(environment, graph=graph, regions=[Node(graph.region, ("region",))])
    for source in bound.components.values():
        component = Component(source.name, after=set(source.depends_on), place=source.path)
        for resource in source.resources.values():
            component.resources[resource.logical_id] = _resource(source.name, resource)
        for export in source.exports.values():
            component.exports[export.path] = Node(_value(export.source), source.path)
        program.components[source.name] = component
    program.reads = {str(name): set(map(str, others)) for name, others in component_values(program).edges.items()}
    return program


def _resource(component: str, source: GraphResource) -> Resource:
    return Resource(
        component,
        source.logical_id,
        source.type,
        _node(source.properties, (), source),
        source.path,
        set(source.depends_on),
        source.deletion_policy or "",
        source.update_replace_policy or "",
        renewed=bool(source.revision) or None,
    )


def _node(value: graph_values.Value, at: Path, resource: GraphResource) -> Node:
    place = resource.origin(at)
    if isinstance(value, dict):
        return Node({key: _node(item, (*at, key), resource) for key, item in value.items()}, place)
    if isinstance(value, (list, tuple)):
        return Node([_node(item, (*at, index), resource) for index, item in enumerate(value)], place)
    if isinstance(value, graph_values.JsonText):
        return Node(Document(_node(value.document, at, resource)), place)
    return Node(_value(value), place)


def _value(value: graph_values.Value) -> Any:
    """Return a scalar of a specialised graph as a scalar of the normal form."""
    match value:
        case graph_values.AttributeOf(component, resource, attribute):
            return Reference(component, resource, attribute)
        case graph_values.Pseudo(name):
            return Pseudo(name)
        case graph_values.AvailabilityZone(index):
            return Zone(index)
        case graph_values.PublicParameter(path):
            return PublicParameter(path)
        case graph_values.SecretField(secret, name):
            return SecretField(_value(secret), name)
        case graph_values.Interpolation(parts):
            return text(*(_value(part) for part in parts))
        case graph_values.Base64(inner):
            return Encoded(_value(inner))
        case graph_values.Expression():
            raise TypeError(f"{type(value).__name__} in a specialised graph")
    return value
