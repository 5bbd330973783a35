"""The script of a cluster, and the values of its environments."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.clusters.model import NodeGroup
from lenie.compiler.data.kubernetes import CHARTS, TOOLS
from lenie.compiler.graph import Graph
from lenie.targets.eks.config import BASIC_ADDONS, EBS_ACCOUNT, EBS_ADDON, identities
from lenie.targets.eks.names import EBS_CSI, KARPENTER_NODE, Named
from lenie.targets.eks.roles import has_roles
from lenie.targets.eks.values import releases

#: Charts whose definitions of resources Helm would not bring up to date; Karpenter has a chart for them.
_WITH_DEFINITIONS = frozenset({"load-balancer-controller"})
#: What the files are filled in with, besides the ids of the network.
FILLED = (
    *("ACCOUNT", "API_ACCESS_LIST", "CLUSTER_NAME", "CLUSTER_SECURITY_GROUP", "ENVIRONMENT"),
    *("NAMESPACE", "PARTITION", "PROJECT"),
)


#: Steps that delete a cluster: what is inside first, as long as somebody can. They are the same for all clusters, since
#: a cluster may have more than its spec says now: Karpenter's nodes, when `karpenter` was taken out of the spec.
DELETE_STEPS = ("load-balancers", "namespace", "node-pools", "cluster", "roles", "kubeconfig", "leftovers")
#: Parts of what all scripts share, in the order in which they are read.
LIBRARY = ("base", "create", "delete", "main")
#: Where a list of a script begins a new line.
_WIDTH = 100


def create_steps(cluster: Cluster) -> tuple[str, ...]:
    """Return the names of the steps that create a cluster."""
    found = ["roles"] if has_roles(cluster) else []
    if cluster.karpenter is not None and any(pool.spot for pool in cluster.karpenter.pools.values()):
        found.append("spot-role")
    found += ["cluster", "nodes"]
    if identities(cluster):
        found.append("identities")
    found += ["addons", "kubeconfig", "namespace"]
    if cluster.addons.ebs_csi is not None:
        found.append("storage-class")
    for release in releases(cluster):
        found.append(release)
        if release == "karpenter":
            found.append("node-pools")
    return tuple(found)


def script(graph: Graph, cluster: Cluster, network: dict[str, str], files: tuple[str, ...]) -> str:
    """Return ``cluster.sh``; `network` are the names of the network's ids, `files` what the script fills in."""
    settings = {
        "CLUSTER": cluster.name,
        "PROJECT": graph.project,
        "REGION": graph.region,
        "ALL_ENVIRONMENTS": " ".join(graph.environments),
        "KUBERNETES_VERSION": cluster.version,
        "TOOLS": " ".join(f"{tool}={least}" for tool, least in _tools(cluster).items()),
        "OIDC": "1" if cluster.oidc else "",
        "NODE_GROUPS": " ".join(_group(name, group) for name, group in cluster.nodes.items()),
        "NODE_ROLES": KARPENTER_NODE if cluster.karpenter is not None else "",
        "IDENTITIES": " ".join(f"{account}={suffix}" for account, suffix in identities(cluster).items()),
        "ADDONS": " ".join(_addons(cluster)),
        "FILLED": " ".join(FILLED),
        "FILES": " ".join(files),
        "CREATE_STEPS": " ".join(create_steps(cluster)),
        "DELETE_STEPS": " ".join(DELETE_STEPS),
    }
    lines = [
        "#!/usr/bin/env bash",
        "# Written by lenie-compile from the spec: do not edit.",
        f"# Creates, shows and deletes the cluster {cluster.name}; `help` tells the commands and steps.",
        "set -euo pipefail",
        "",
        "# A link to the script, in ~/bin for instance, leads to where its files are.",
        "HERE=${BASH_SOURCE[0]}",
        'while [ -L "$HERE" ]; do',
        '  LINK=$(readlink "$HERE")',
        '  [[ $LINK = /* ]] || LINK=$(dirname -- "$HERE")/$LINK',
        "  HERE=$LINK",
        "done",
        'HERE=$(CDPATH="" cd -- "$(dirname -- "$HERE")" && pwd)',
        *(f"{name}={_listed(value)}" for name, value in settings.items()),
        "",
        *(line for name in LIBRARY for line in _source(name)),
        "",
        *_chart_steps(cluster),
        'main "$@"',
    ]
    return "\n".join(lines) + "\n"


def _source(name: str) -> tuple[str, str]:
    return f"# shellcheck source-path=SCRIPTDIR source=../lib/{name}.sh", f'. "$HERE/../lib/{name}.sh"'


def _listed(value: str) -> str:
    """Return a value for the shell; a long list of words has lines of their own."""
    if len(value) <= _WIDTH:
        return _quoted(value)
    lines = textwrap.wrap(value, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return "'\n" + "\n".join(lines) + "\n'"


def _quoted(value: str) -> str:
    return shlex.quote(value) if value else '""'


def _tools(cluster: Cluster) -> dict[str, str]:
    """Return the tools with their least versions; kubectl may be one minor version older than the cluster.

    Source: Kubernetes documentation, "Version Skew Policy".
    """
    major, minor = cluster.version.split(".")
    found = {tool: least for tool, (least, _) in TOOLS.items()} | {"kubectl": f"{major}.{int(minor) - 1}.0"}
    return dict(sorted(found.items()))


def _group(name: str, group: NodeGroup) -> str:
    """Return what the script checks of a node group: ``name=min=max=capacity=types``."""
    capacity = "SPOT" if group.spot else "ON_DEMAND"
    return f"{name}={group.min_}={group.max_}={capacity}={','.join(group.types)}"


def _addons(cluster: Cluster) -> Iterator[str]:
    yield from BASIC_ADDONS
    if cluster.addons.ebs_csi is not None:
        yield f"{EBS_ADDON}={cluster.addons.ebs_csi}={EBS_ACCOUNT}={EBS_CSI}"


def _chart_steps(cluster: Cluster) -> Iterator[str]:
    """Yield a function for each Helm release; `lib.sh` has all other steps."""
    for release, version in releases(cluster).items():
        chart = CHARTS[release]
        source = [chart.chart, version, *([chart.repository] if chart.repository else [])]
        yield f"step_{release.replace('-', '_')}() {{"
        if release in _WITH_DEFINITIONS:
            yield "  chart_definitions " + shlex.join(source)
        yield "  chart " + shlex.join([release, *source])
        yield "}"
        yield ""


def environment(found: Named) -> str:
    """Return the values of one environment, which the script reads."""
    network = " ".join(f"{name}={parameter}" for name, parameter in found.network.items())
    lines = [
        f"# Written by lenie-compile from the spec: do not edit. The cluster in the environment {found.environment}.",
        "# shellcheck shell=bash disable=SC2034",
        f"CLUSTER_NAME={_quoted(found.cluster)}",
        f"NAMESPACE={_quoted(found.namespace)}",
        "# Name in the files, and the SSM parameter that holds the id.",
        f"NETWORK_PARAMETERS={_quoted(network)}",
        "# Networks that may call the API server. API_ACCESS in the environment of the script replaces them.",
        f"API_ACCESS=${{API_ACCESS:-{' '.join(found.api_access)}}}",
    ]
    return "\n".join(lines) + "\n"
