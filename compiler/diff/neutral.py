"""The graph of one environment in which the environment's name stays open, so that environments can be compared."""

from __future__ import annotations

from dataclasses import replace

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.expressions import EnvironmentName, Expression, PerEnvironment, Value, rewrite
from lenie.compiler.graph import Component, Graph
from lenie.compiler.specialise import specialise

#: Stands for the name of the environment: no text of a spec holds this character (E203).
MARK = "\0"


def environment_graph(graph: Graph, environment: str) -> Graph:
    """Return `graph` as it is in `environment`, with `MARK` in place of the environment's name.

    Raises:
        KeyError: if the graph has no such environment.
    """
    open_name = PerEnvironment("name", tuple((name, MARK) for name in graph.environments))

    def change(value: Expression) -> Value:
        return open_name if isinstance(value, EnvironmentName) else value

    def component(found: Component) -> Component:
        resources = {
            name: replace(resource, properties={key: rewrite(v, change) for key, v in resource.properties.items()})
            for name, resource in found.resources.items()
        }
        return replace(found, resources=resources)

    def cluster(found: Cluster) -> Cluster:
        return found._replace(
            physical=rewrite(found.physical, change),
            namespace=rewrite(found.namespace, change),
            api_access=tuple(rewrite(source, change) for source in found.api_access),
        )

    opened = replace(
        graph,
        components={name: component(found) for name, found in graph.components.items()},
        clusters={name: cluster(found) for name, found in graph.clusters.items()},
    )
    return specialise(opened, environment)
