"""Kubernetes on Amazon EKS: for each cluster a configuration of eksctl, manifests, values of charts, and a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.base import Part, Places, Target


class Eks:
    """Prints the clusters of a graph (ADR 25). What runs outside of clusters is for the other targets."""

    name = "eks"
    covers: Part = "clusters"

    def emit(self, graph: Graph, scope: str, report: Report, places: Places | None = None) -> Mapping[str, str]:
        """Return all files; there are none for a spec without clusters. `scope` changes nothing.

        Names that cannot be are reported: E540, E541; charts that are newer than their values: W542.
        """
        from lenie.targets.eks.names import check_names
        from lenie.targets.eks.readme import readme
        from lenie.targets.eks.versions import check_versions

        if not graph.clusters:
            return {}
        check_names(graph, report)
        check_versions(graph, report)
        files = _library()
        for name, cluster in graph.clusters.items():
            files |= {f"{name}/{path}": text for path, text in _cluster(graph, cluster).items()}
        files["README.md"] = readme(graph)
        return files


def _library() -> dict[str, str]:
    """Return what the scripts of all clusters share; its parts stand as they are in the package."""
    from importlib.resources import files

    from lenie.targets.eks.script import LIBRARY

    directory = files(__name__) / "templates"
    return {f"lib/{name}.sh": (directory / f"{name}.sh").read_text(encoding="utf-8") for name in LIBRARY}


def _cluster(graph: Graph, cluster: Cluster) -> dict[str, str]:
    from lenie.targets.eks.config import COMMENTS, cluster_config
    from lenie.targets.eks.manifests import namespace, node_class, node_pool, storage_class
    from lenie.targets.eks.names import named
    from lenie.targets.eks.roles import has_roles, roles
    from lenie.targets.eks.script import environment, script
    from lenie.targets.eks.values import values

    found = {"cluster.yaml": _yaml(cluster_config(graph, cluster), comments=COMMENTS)}
    if has_roles(cluster):
        found["roles.yaml"] = _yaml(roles(cluster))
    found["namespace.yaml"] = _yaml(namespace())
    if cluster.addons.ebs_csi is not None:
        found["storage-class.yaml"] = _yaml(storage_class())
    if cluster.karpenter is not None:
        pools = [node_pool(name, pool) for name, pool in cluster.karpenter.pools.items()]
        found["node-pools.yaml"] = _yaml(node_class(cluster, cluster.karpenter), *pools)
    for release, given in values(graph, cluster).items():
        found[f"values/{release}.yaml"] = _yaml(given)
    filled = tuple(found)
    environments = [named(graph, cluster, name) for name in graph.environments]
    for one in environments:
        found[f"environments/{one.environment}.sh"] = environment(one)
    return {"cluster.sh": script(graph, cluster, environments[0].network, filled), **found}


def _yaml(*documents: dict[str, Any], comments: Mapping[tuple[str | int, ...], tuple[str, ...]] | None = None) -> str:
    """Return documents as one file; names in ``${...}`` are filled in by the script."""
    from lenie.targets.cfn.printer import print_document

    header = "Written by lenie-compile from the spec: do not edit. cluster.sh fills in the names in ${...}."
    parts = [
        print_document(document, comments or {}, header if not index else "")
        for index, document in enumerate(documents)
    ]
    return "---\n".join(parts)


TARGET: Target = Eks()
