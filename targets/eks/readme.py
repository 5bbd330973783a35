"""The README of the generated scripts: how these very clusters are created, looked at and deleted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.clusters.model import NodeGroup
from lenie.compiler.data import kubernetes
from lenie.compiler.graph import Graph
from lenie.targets.eks.config import EBS_ADDON
from lenie.targets.eks.names import named
from lenie.targets.eks.script import DELETE_STEPS, create_steps
from lenie.targets.eks.values import releases


def readme(graph: Graph) -> str:
    """Return the text of README.md."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    first = next(iter(graph.clusters.values()))
    environment = graph.environments[0]
    option = f" --env {environment}" if len(graph.environments) > 1 else ""
    yield f"# {graph.project}: Kubernetes on Amazon EKS"
    yield ""
    yield "Written by `lenie-compile` from the spec: do not edit, the next compile overwrites it."
    yield ""
    yield "An alternative place to run, created and deleted on demand: while a cluster exists, it costs many times what"
    yield "the rest of the architecture costs (`lenie validate` tells how much). Nothing here is part of a deployment."
    yield ""
    yield "| cluster | Kubernetes | nodes | add-ons and charts |"
    yield "|---|---|---|---|"
    for cluster in graph.clusters.values():
        yield _row(cluster)
    yield ""
    yield "## Use"
    yield ""
    yield "The network must be deployed: the ids of VPC and subnets are read from the SSM parameters that it publishes:"
    yield ""
    clusters = [named(graph, cluster, environment) for cluster in graph.clusters.values()]
    for name in dict.fromkeys(name for found in clusters for name in found.network.values()):
        yield f"- `{name}`"
    yield ""
    yield "Credentials of AWS must allow IAM, EC2, EKS, SSM, CloudFormation, SQS and EventBridge. Then:"
    yield ""
    yield "```console"
    yield f"$ {first.name}/cluster.sh create{option}                     # about 20 minutes"
    yield f"$ {first.name}/cluster.sh create{option} --from-step addons  # go on where it stopped"
    yield f"$ {first.name}/cluster.sh status{option}"
    yield f"$ {first.name}/cluster.sh render build{option}               # the files with their ids, changing nothing"
    yield f"$ {first.name}/cluster.sh delete{option}                     # asks for the cluster's name; --yes does not"
    yield "```"
    yield ""
    yield "Every step looks at what is there and does what is missing, so `create` and `delete` can be run again at any"
    yield "time. A step that fails is named, with the command that goes on from there. `--only-step` runs a single one."
    yield ""
    yield "The API server answers to the networks that the spec names, and to nobody else. As with every parameter, the"
    yield "spec may hold documentation values, which the script refuses; give your own to every `create`. Where you"
    yield "have another address than yesterday, the step `cluster` lets it in, and the old one no more:"
    yield ""
    yield "```console"
    yield f'$ API_ACCESS="NETWORK/32 NETWORK/24" {first.name}/cluster.sh create{option}'
    yield f'$ API_ACCESS="NETWORK/32" {first.name}/cluster.sh create{option} --only-step cluster'
    yield "```"
    yield ""
    yield "Only the steps `kubeconfig` touch your own kubeconfig: `status` and everything else leave it, and its"
    yield "current context, as they are."
    yield ""
    yield "## Tools"
    yield ""
    yield "The scripts check these before they do anything else:"
    yield ""
    yield "| tool | version | why |"
    yield "|---|---|---|"
    for tool, (least, why) in sorted(kubernetes.TOOLS.items()):
        yield f"| {tool} | {least} or newer | {why} |"
    yield "| kubectl | within one minor version of the cluster's | the version skew policy of Kubernetes |"
    yield ""
    for cluster in graph.clusters.values():
        yield from _section(graph, cluster)


def _row(cluster: Cluster) -> str:
    nodes = [
        f"{name}: {_number(group)} {' or '.join(group.types)}{', spot' if group.spot else ''}"
        for name, group in cluster.nodes.items()
    ]
    if cluster.karpenter is not None:
        nodes += [
            f"{name}: Karpenter, {', '.join(pool.families)}{', spot' if pool.spot else ''}"
            for name, pool in cluster.karpenter.pools.items()
        ]
    charts = [f"{name} {version}" for name, version in releases(cluster).items() if name != "karpenter-crd"]
    if cluster.addons.ebs_csi is not None:
        charts.insert(0, f"{EBS_ADDON} {cluster.addons.ebs_csi}")
    return f"| [{cluster.name}]({cluster.name}) | {cluster.version} | {'; '.join(nodes)} | {', '.join(charts)} |"


def _number(group: NodeGroup) -> str:
    return f"{group.min_} to {group.max_}" if group.min_ < group.max_ else f"{group.min_}"


def _section(graph: Graph, cluster: Cluster) -> Iterator[str]:
    yield f"## {cluster.name}"
    yield ""
    if len({named(graph, cluster, name).cluster for name in graph.environments}) < len(graph.environments):
        yield "Its name holds no environment, so an account and region have room for one of them. The script tells by"
        yield "its tag `Environment` whose it is, and touches no cluster of another environment."
        yield ""
    yield from _steps("create", create_steps(cluster))
    yield ""
    yield from _steps("delete", DELETE_STEPS)
    yield ""


def _steps(command: str, names: tuple[str, ...]) -> list[str]:
    listed = ", ".join(f"{number} `{name}`" for number, name in enumerate(names, start=1))
    return textwrap.wrap(f"Steps of `{command}`: {listed}.", 118, break_on_hyphens=False)
