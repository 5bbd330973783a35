"""Kubernetes on Amazon EKS: for each cluster a configuration of eksctl, manifests, values of charts, and a script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.compiler.span import Path
from lenie.targets.base import About, Item, Part, Places, Target

#: A value that is nothing but a name to fill in, and no list: what it becomes may look like a number or a truth value.
_NAME = re.compile(r"(?<=[:-])( )(\$\{(?!API_ACCESS_LIST\})[A-Z0-9_]+\})$", re.MULTILINE)

#: File of a cluster -> what it is, and the place in the cluster's description that it stems from.
_PARTS: dict[str, tuple[str, Path]] = {
    "cluster.sh": ("script", ()),
    "cluster.yaml": ("configuration for eksctl", ()),
    "roles.yaml": ("roles", ()),
    "namespace.yaml": ("namespace", ("namespace",)),
    "storage-class.yaml": ("storage class", ("addons", "ebs-csi")),
    "node-pools.yaml": ("node pools of Karpenter", ("karpenter",)),
}


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
        if places is not None:
            _tell(places, graph, files)
        return files


def _tell(places: Places, graph: Graph, files: Mapping[str, str]) -> None:
    """Note what each file is, and that all lines of a cluster's files are about it."""
    for path, text in files.items():
        name, _, rest = path.partition("/")
        if name not in graph.clusters:
            words = "what the scripts of all clusters share" if rest else "how to use the scripts"
            places.about[path] = About(f"{words}; written by the compiler, not from one place in the spec")
            continue
        cluster = graph.clusters[name]
        part, spec = _PARTS.get(rest, ("", ()))
        if rest.startswith("environments/"):
            part = f"settings of {rest.removeprefix('environments/').removesuffix('.sh')}"
        elif rest.startswith("values/"):
            release = rest.removeprefix("values/").removesuffix(".yaml")
            part = f"values of chart {release}"
            spec = ("karpenter",) if release.startswith("karpenter") else ("addons", release)
        places.about[path] = About(f"{part} of cluster {name}", (*cluster.path, *spec))
        places.tell(path, [Item(1, text.count("\n"), "cluster", name, (*cluster.path, *spec))])


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
    return _NAME.sub(r'\1"\2"', "---\n".join(parts))


TARGET: Target = Eks()
