"""What differs between two environments of one spec."""

from __future__ import annotations

from lenie.compiler.diff.changes import Side, contrast
from lenie.compiler.diff.clusters import SECTION, cluster_contrast, open_values
from lenie.compiler.diff.model import Change, Comparison, PropertyChange
from lenie.compiler.diff.neutral import environment_graph
from lenie.compiler.expressions import ParameterItem, ParameterValue, PerEnvironment, Value, WhenParameter, walk
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.specialise import specialise


def environments(
    graph: Graph, tree: Tree, pair: tuple[str, str], *, component: str = "", names: bool = False
) -> Comparison:
    """Return the properties that differ between the environments of `pair`.

    What differs by the name of the environment only is counted, and listed if `names` is set. `component` narrows it to
    one component.

    Raises:
        KeyError: if there is no such environment.
    """
    named = _contrast(component, *(Side(specialise(graph, name), tree) for name in pair))
    neutral = _contrast(component, *(Side(environment_graph(graph, name), tree) for name in pair))
    changes = named if names else neutral
    total = sum(len(found.resources) for found in graph.components.values() if component in ("", found.name))
    return Comparison(
        pair,
        tuple(_explained(graph, pair, change) for change in changes),
        total - sum(change.component != SECTION for change in changes),
        environments=pair,
        by_name=sum(len(c.properties) for c in named) - sum(len(c.properties) for c in changes),
        notes=_protection(graph, pair),
        of_environments=True,
    )


def _protection(graph: Graph, pair: tuple[str, str]) -> tuple[str, ...]:
    """Return that the stacks of one environment are protected from deletion, if those of the other are not."""
    production = [name for name in pair if name in graph.production]
    if len(production) != 1:
        return ()
    (other,) = set(pair) - set(production)
    return (f"the stacks of {production[0]} are protected from deletion, those of {other} are not",)


def _contrast(component: str, one: Side, other: Side) -> list[Change]:
    changes = [*contrast(one, other), *cluster_contrast(one, other)]
    return [change for change in changes if component in ("", change.component)]


def _explained(graph: Graph, pair: tuple[str, str], change: Change) -> Change:
    """Return a change whose properties name the settings and parameters that their values come from."""
    if change.component == SECTION:
        value = open_values(graph.clusters[change.logical_id])
    else:
        value = graph.components[change.component].resources[change.logical_id].properties
    properties = tuple(found._replace(source=_source(graph, pair, value, found)) for found in change.properties)
    return change._replace(properties=properties)


def _source(graph: Graph, pair: tuple[str, str], value: Value, found: PropertyChange) -> str:
    """Return the settings and parameters in a property whose values differ: ``setting Domain``."""
    for step in found.path.replace("[", ".[").split("."):
        if not isinstance(value, dict) or step not in value:
            break
        value = value[step]
    told: dict[str, None] = {}
    for expression in walk(value):
        match expression:
            case PerEnvironment(key, values) if dict(values)[pair[0]] != dict(values)[pair[1]]:
                told[f"setting {key}"] = None
            case ParameterValue(name) | ParameterItem(name) | WhenParameter(name):
                parameter = graph.parameters[name]
                if parameter.value(pair[0]) != parameter.value(pair[1]):
                    told[f"parameter {name}"] = None
    return ", ".join(told)
