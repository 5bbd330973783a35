"""Where what is given to a program stems from in the spec: parameters, settings, values of other components."""

from __future__ import annotations

from typing import NamedTuple

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Expression,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
)
from lenie.compiler.graph import Graph
from lenie.compiler.naming import pascal
from lenie.compiler.span import Path

ENVIRONMENTS = "environments"


class Stem(NamedTuple):
    """A place in the spec, empty if there is none; and component and logical id of the resource that is read."""

    spec: Path = ()
    source: tuple[str, str] | None = None


def stem_of(graph: Graph, report: Report, value: Expression, environment: str = "") -> Stem:
    """Return where `value` stems from: its declaration, or what it is in `environment` if that is given."""
    match value:
        case EnvironmentName():
            return Stem((ENVIRONMENTS, environment) if environment else (ENVIRONMENTS,))
        case ParameterValue(name) | ParameterItem(name):
            path = graph.parameters[name].path
            if environment:
                given = environment in graph.parameters[name].values
                path = (*path, *(("values", environment) if given else ("default",)))
                path = (*path, value.index) if isinstance(value, ParameterItem) else path
            return Stem(path)
        case PerEnvironment(key):
            return Stem(setting_place(report, key, environment))
        case AttributeOf(component, resource):
            return Stem(graph.components[component].resources[resource].path, (component, resource))
    return Stem()


def setting_place(report: Report, key: str, environment: str = "") -> Path:
    """Return the place of the setting that a row named `key` comes from, in one environment or in the first.

    A row that a kind has made of a flag is not called after its setting: for that it is the environment, or all.
    """
    every = report.tree.node((ENVIRONMENTS,))
    for name in [environment] if environment else list(every.keys if every is not None else ()):
        node = report.tree.node((ENVIRONMENTS, name))
        for setting in node.keys if node is not None else ():
            if pascal(str(setting)) == key:
                return (ENVIRONMENTS, name, setting)
    return (ENVIRONMENTS, environment) if environment else (ENVIRONMENTS,)
