"""What a cluster is called in an environment, and what its files are filled in with."""

from __future__ import annotations

import re
from typing import NamedTuple

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import AttributeOf, Value
from lenie.compiler.graph import Graph
from lenie.compiler.span import Path
from lenie.compiler.specialise import evaluate

#: Roles that belong to a cluster are named after it, with one of these at the end.
EBS_CSI, LOAD_BALANCERS = "ebs-csi", "load-balancer-controller"
KARPENTER, KARPENTER_NODE = "karpenter-controller", "karpenter-node"
#: Name of a cluster in EKS (CreateCluster in the Amazon EKS API Reference), here without capitals and underscores,
#: since a context and several resources are named after it, and with a letter at the beginning, since stacks are, too
#: (CreateStack in the AWS CloudFormation API Reference).
_CLUSTER = re.compile(r"[a-z][a-z0-9-]*")
#: A name of a role has 64 characters (CreateRole in the AWS IAM API Reference).
_LONGEST = 64 - len(f"-{LOAD_BALANCERS}")
#: Characters of a value of a label (Kubernetes documentation, "Labels and Selectors").
_LONGEST_LABEL = 63
#: A label of DNS, as Kubernetes names namespaces (RFC 1123).
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Named(NamedTuple):
    """A cluster in one environment."""

    environment: str
    #: Name in EKS.
    cluster: str
    namespace: str
    #: Name in the files -> SSM parameter that holds the id: ``VPC_ID``, ``SUBNET_PUBLIC_A``.
    network: dict[str, str]
    #: Networks that may call the API server.
    api_access: tuple[str, ...]


def subnet_variable(part: str) -> str:
    """Return the name that the files have for the id of a subnet: ``SUBNET_PUBLIC_A`` for ``public-a``."""
    return "SUBNET_" + part.upper().replace("-", "_")


def named(graph: Graph, cluster: Cluster, environment: str) -> Named:
    """Return what `cluster` is called in `environment`."""

    def text(value: Value) -> str:
        found = evaluate(graph, environment, value)
        assert isinstance(found, str), "names hold settings of the environment only"
        return found

    access: list[str] = []
    for source in cluster.api_access:
        found = evaluate(graph, environment, source)
        access += [str(item) for item in found] if isinstance(found, list) else [str(found)]
    network = {"VPC_ID": _parameter(graph, cluster.vpc, environment)}
    network |= {subnet_variable(part): _parameter(graph, id, environment) for part, id in cluster.subnets.items()}
    return Named(environment, text(cluster.physical), text(cluster.namespace), network, tuple(dict.fromkeys(access)))


def _parameter(graph: Graph, reference: AttributeOf, environment: str) -> str:
    component = graph.components[reference.component]
    return graph.ssm_path(component.exports[reference], component, environment)


def check_names(graph: Graph, report: Report) -> None:
    """Report names that EKS, IAM or Kubernetes refuse (E540), and two clusters of one name (E541), each once."""
    told: set[tuple[str, str]] = set()
    for cluster in graph.clusters.values():
        _check_parts(cluster, report)
    for environment in graph.environments:
        first: dict[str, Cluster] = {}
        for cluster in graph.clusters.values():
            found = named(graph, cluster, environment)
            for field, check in (("name", _check_cluster), ("namespace", _check_namespace)):
                if (cluster.name, field) not in told and check(found, cluster, report):
                    told.add((cluster.name, field))
            other = first.setdefault(found.cluster, cluster)
            if other is not cluster and (cluster.name, other.name) not in told:
                told.add((cluster.name, other.name))
                report.add(
                    "E541",
                    f'two clusters would be called "{found.cluster}" ({environment})',
                    _place(report, cluster, "name"),
                    key=True,
                    also=[(_place(report, other, "name"), "the other one")],
                    help="give one of them another name",
                )


def _place(report: Report, cluster: Cluster, field: str) -> Path:
    """Return the place of a field, or of the cluster if the spec leaves the field out."""
    path: Path = (*cluster.path, field)
    return cluster.path if report.tree.node(path) is None else path


def _check_cluster(found: Named, cluster: Cluster, report: Report) -> bool:
    """Report a name that cannot be a cluster's; return whether it was one."""
    at = _place(report, cluster, "name")
    if not _CLUSTER.fullmatch(found.cluster):
        message = f'"{found.cluster}" cannot be the name of a cluster ({found.environment})'
        help = "use small letters, digits and hyphens, and a letter at the beginning"
    elif len(found.cluster) > _LONGEST:
        message = (
            f'the name "{found.cluster}" has {len(found.cluster)} characters, and {_LONGEST} are possible '
            f"({found.environment})"
        )
        help = "shorten it: names of roles have 64 characters, and hold the cluster's name"
    else:
        return False
    report.add("E540", message, at, key=at == cluster.path, help=help)
    return True


def _check_parts(cluster: Cluster, report: Report) -> None:
    """Report names of node groups and node pools that are too long: both become values of labels (63 characters)."""
    pools = cluster.karpenter.pools if cluster.karpenter is not None else {}
    paths: list[Path] = [(*cluster.path, "nodes", name) for name in cluster.nodes]
    paths += [(*cluster.path, "karpenter", "pools", name) for name in pools]
    for path in paths:
        name = str(path[-1])
        if len(name) > _LONGEST_LABEL:
            message = f'the name "{name}" has {len(name)} characters, and {_LONGEST_LABEL} are possible'
            report.add("E540", message, path, key=True, help="shorten it")


def _check_namespace(found: Named, cluster: Cluster, report: Report) -> bool:
    """Report a name that cannot be a namespace, or is one of Kubernetes' own; return whether it was one."""
    if not _LABEL.fullmatch(found.namespace):
        message = f'"{found.namespace}" cannot be a namespace ({found.environment})'
        help = "use up to 63 small letters, digits and hyphens, no hyphen at an end"
    elif found.namespace == "default" or found.namespace.startswith("kube-"):
        message = f'the namespace "{found.namespace}" belongs to Kubernetes, and could not be deleted'
        help = "choose another name"
    else:
        return False
    report.add("E540", message, (*cluster.path, "namespace"), help=help)
    return True
