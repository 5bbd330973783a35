"""Values of the Helm charts, one file for each release.

Sources: ``values.yaml`` of each chart, in the versions of `kubernetes.CHARTS`.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.graph import Graph
from lenie.compiler.rules.cluster_addons import chart_versions


def releases(cluster: Cluster) -> dict[str, str]:
    """Return the Helm releases of a cluster in the order of their installation: name -> version of the chart."""
    found: dict[str, str] = {}
    if cluster.karpenter is not None:
        # First, so that there are nodes for what follows.
        found |= {"karpenter-crd": cluster.karpenter.version, "karpenter": cluster.karpenter.version}
    return found | dict(chart_versions(cluster.addons))


def values(graph: Graph, cluster: Cluster) -> dict[str, dict[str, Any]]:
    """Return the values of each release, with names in ``${...}`` that the script fills in."""
    known: dict[str, dict[str, Any]] = {
        "metrics-server": {
            "replicas": 1,
            "resources": _resources("100m", "200Mi"),
        },
        "reloader": {
            "reloader": {
                # Only workloads that ask for it by an annotation are restarted.
                "autoReloadAll": False,
                "watchGlobally": True,
                "readOnlyRootFileSystem": True,
                "deployment": {"resources": _resources("10m", "128Mi")},
            },
        },
        "load-balancer-controller": {
            "clusterName": "${CLUSTER_NAME}",
            # Pods cannot ask the metadata service for these.
            "region": graph.region,
            "vpcId": "${VPC_ID}",
            "replicaCount": 1,
            "serviceAccount": {"create": True, "name": "aws-load-balancer-controller"},
            "defaultTags": {"Project": "${PROJECT}", "Environment": "${ENVIRONMENT}"},
            "resources": _resources("100m", "256Mi"),
        },
        "karpenter-crd": {},
        "karpenter": {
            "replicas": min(2, sum(group.min_ for group in cluster.nodes.values())),
            "serviceAccount": {"create": True, "name": "karpenter"},
            "settings": {
                "clusterName": "${CLUSTER_NAME}",
                "interruptionQueue": "${CLUSTER_NAME}-karpenter",
            },
            "controller": {
                "resources": _resources("200m", "1Gi"),
                # Pods cannot ask the metadata service for it.
                "env": [{"name": "AWS_REGION", "value": graph.region}],
            },
        },
    }
    return {name: known[name] for name in releases(cluster)}


def _resources(cpu: str, memory: str) -> dict[str, Any]:
    """Return requests, and the limit of memory, which is the same: what goes beyond would be taken from others."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}
