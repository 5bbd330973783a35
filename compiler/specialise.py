"""Partial evaluation of the graph for one environment: what differs between environments becomes plain data."""

from __future__ import annotations

from dataclasses import replace

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Expression,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    Scalar,
    SecretField,
    Value,
    WhenParameter,
    as_part,
    interpolate,
)
from lenie.compiler.graph import Component, Graph, Resource
from lenie.compiler.span import Path


class _Absent(Expression):
    """Stands for a property or an element that the environment does not have."""

    __slots__ = ()


_ABSENT = _Absent()


def specialise(graph: Graph, environment: str) -> Graph:
    """Return `graph` as it is in `environment`, with the same components and logical ids; `graph` stays as it was.

    Parameters, settings and the environment's name become plain data, interpolations of nothing else become texts, and
    a property or an element that depends on a parameter is there or not. References, pseudo values, secrets and public
    parameters remain: only AWS knows them.

    Raises:
        KeyError: if the graph has no such environment.
    """
    if environment not in graph.environments:
        raise KeyError(environment)
    fold = _Fold(graph, environment)
    return replace(
        graph,
        environments=(environment,),
        production=graph.production & {environment},
        parameters={},
        components={name: fold.component(component) for name, component in graph.components.items()},
        clusters={name: fold.cluster(cluster) for name, cluster in graph.clusters.items()},
        environment=environment,
    )


def evaluate(graph: Graph, environment: str, value: Value) -> Value:
    """Return one value of `graph` as it is in `environment`.

    Raises:
        ValueError: if the environment does not have it.
    """
    folded = _Fold(graph, environment).value(value, (), (), {})
    if folded is _ABSENT:
        raise ValueError(f"absent in {environment}")
    return folded


class _Fold:
    """Evaluates values of `graph` in `environment`."""

    def __init__(self, graph: Graph, environment: str) -> None:
        self.graph = graph
        self.environment = environment

    def component(self, component: Component) -> Component:
        resources = {name: self.resource(resource) for name, resource in component.resources.items()}
        return replace(component, resources=resources, exports=dict(component.exports))

    def cluster(self, cluster: Cluster) -> Cluster:
        return cluster._replace(
            physical=self.inner(cluster.physical),
            namespace=self.inner(cluster.namespace),
            api_access=tuple(self.inner(source) for source in cluster.api_access),
        )

    def resource(self, resource: Resource) -> Resource:
        moved: dict[Path, Path] = {}
        folded = self.value(resource.properties, (), (), moved)
        assert isinstance(folded, dict), "properties are a map"
        origins = {moved[at]: place for at, place in resource.origins.items() if at in moved}
        return replace(resource, properties=folded, origins=origins, accepted=dict(resource.accepted))

    def value(self, value: Value, old: Path, new: Path, moved: dict[Path, Path]) -> Value:
        """Return `value` evaluated; `moved` gets the new property path of everything that remains.

        An element that is absent moves the following elements of its list, and with them the paths in `origins`.
        """
        if isinstance(value, Expression):
            value = self.expression(value)
            if isinstance(value, (dict, list)):
                value = self.value(value, old, new, moved)
        elif isinstance(value, dict):
            items = ((key, self.value(item, (*old, key), (*new, key), moved)) for key, item in value.items())
            value = {key: item for key, item in items if item is not _ABSENT}
        elif isinstance(value, list):
            kept: list[Value] = []
            for index, element in enumerate(value):
                item = self.value(element, (*old, index), (*new, len(kept)), moved)
                if item is not _ABSENT:
                    kept.append(item)
            value = kept
        if value is not _ABSENT:
            moved[old] = new
        return value

    def expression(self, value: Expression) -> Value:
        """Return one expression evaluated, `_ABSENT` if it is nothing here."""
        match value:
            case EnvironmentName():
                return self.environment
            case PerEnvironment(values=values):
                return dict(values)[self.environment]
            case ParameterValue(name):
                return _thawed(self.graph.parameters[name].value(self.environment))
            case ParameterItem(name, index):
                elements = self.graph.parameters[name].value(self.environment)
                assert isinstance(elements, tuple), "an element is taken from a list parameter"
                return elements[index]
            case WhenParameter(name, item, is_set):
                given = self.graph.parameters[name].value(self.environment) not in ("", ())
                return self.inner(item) if given == is_set else _ABSENT
            case Interpolation(parts):
                return interpolate(*(self.part(part) for part in parts))
            case JsonText(document):
                return JsonText(self.inner(document))
            case Base64(text):
                return Base64(self.inner(text))
            case Pseudo() | AttributeOf() | AvailabilityZone() | SecretField() | PublicParameter():
                return value
        raise TypeError(f"no rule for {type(value).__name__}")

    def inner(self, value: Value) -> Value:
        """Return a value inside an expression evaluated; no place is known there."""
        return self.value(value, (), (), {})

    def part(self, part: str | Expression) -> str | Expression:
        """Return a part of a text evaluated; what is absent is no text."""
        folded = part if isinstance(part, str) else self.expression(part)
        return "" if folded is _ABSENT else as_part(folded)


def _thawed(value: Scalar | tuple[str, ...]) -> Value:
    return list(value) if isinstance(value, tuple) else value
