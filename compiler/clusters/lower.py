"""Clusters become part of the graph."""

from __future__ import annotations

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.clusters.model import ClusterModel
from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.expressions import AttributeOf
from lenie.compiler.place import Place
from lenie.compiler.program import Program
from lenie.compiler.span import Path


def lower_clusters(program: Program) -> dict[str, Cluster]:
    """Return the clusters of a resolved program by their names in the spec."""
    return {name: _cluster(program, path, name, cluster) for path, name, cluster in clusters(program)}


def _cluster(program: Program, path: Path, name: str, model: ClusterModel) -> Cluster:
    # Texts of clusters hold settings and parameters only, which do not depend on where they are read from.
    declaration = program.declarations[model.network.name]
    place = Place(program, declaration)
    parts = declaration.model.groups()[model.network.part]
    return Cluster(
        name=name,
        path=path,
        physical=name if model.name is None else place.text(model.name),
        version=model.version,
        vpc=_attribute(place, "id"),
        subnets={part: _attribute(place, part) for part in parts},
        namespace=place.text(model.namespace),
        api_access=tuple(place.text(source) for source in model.api_access),
        oidc=model.oidc,
        nodes=dict(model.nodes),
        addons=model.addons,
        karpenter=model.karpenter,
    )


def _attribute(place: Place, name: str) -> AttributeOf:
    value = place.attribute(place.declaration.name, name)
    assert isinstance(value, AttributeOf), "ids of a network are attributes of its resources"
    return value
