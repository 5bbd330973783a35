"""Charts that are newer than what their values were written for."""

from __future__ import annotations

from lenie.compiler.data import kubernetes
from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.eks.values import releases


def check_versions(graph: Graph, report: Report) -> None:
    """Warn of charts in a newer minor version than the compiler knows (W542): a value may have another name there."""
    for cluster in graph.clusters.values():
        for release, version in releases(cluster).items():
            tested = kubernetes.CHARTS[release].tested
            if release == "karpenter-crd" or kubernetes.minor(version) <= kubernetes.minor(tested):
                continue
            path = (*cluster.path, *(("karpenter", "version") if release == "karpenter" else ("addons", release)))
            report.add(
                "W542",
                f"the compiler writes values for {release} {tested}, and {version} is newer",
                path,
                help="compare the values with those of the chart: helm show values",
            )
