"""An instance type cannot be a node of a cluster.

An instance has as many pods as its network interfaces have addresses. The sizes nano and micro have four, and what runs
on every node (VPC CNI, kube-proxy, the agent of pod identities, the EBS CSI driver) takes them: nothing else of the
cluster finds room, CoreDNS neither, and the creation ends after half an hour. Mac instances run no Linux.
Sources: Amazon EKS User Guide, "Choose an optimal Amazon EC2 node instance type"; awslabs/amazon-eks-ami,
``eni-max-pods.txt``.

Wrong:

    lenie-ai: {nodes: {workers: {types: [t3.micro], min: 2, max: 4}}, ...}

Right:

    lenie-ai: {nodes: {workers: {types: [t3.medium], min: 2, max: 4}}, ...}

Waive it where such nodes are wanted beside others:

    lenie-ai: {waive: {E350: one pod for a watchdog is all that they run}, ...}
"""

from __future__ import annotations

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E350"
#: Pods on an instance of these sizes: two interfaces with two addresses each, one of them the interface's own, and two
#: pods that share the node's address.
PODS = 4
_SMALL = ("nano", "micro")


def check(program: Program, finding: Finding) -> None:
    """Report types of node groups that have no room for a cluster's pods, or are no machines for Linux."""
    for path, _, cluster in clusters(program):
        for name, group in cluster.nodes.items():
            for index, type in enumerate(group.types):
                family, _, size = type.partition(".")
                at = (*path, "nodes", name, "types", index)
                if family.startswith("mac"):
                    finding(f"{type} cannot be a node: EKS runs no pods on macOS", at, help="choose another family")
                elif size in _SMALL:
                    message = f"{type} has room for {PODS} pods, and what runs on every node takes them"
                    finding(message, at, help=f"write {family}.medium, or a larger one")
