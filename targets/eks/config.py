"""The configuration of eksctl: one ClusterConfig for each cluster.

Source: eksctl User Guide, "Config file schema", API eksctl.io/v1alpha5.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.clusters.model import NodeGroup
from lenie.compiler.data import kubernetes
from lenie.compiler.graph import Graph
from lenie.targets.eks.names import EBS_CSI, KARPENTER, KARPENTER_NODE, LOAD_BALANCERS, subnet_variable

#: Tags of everything that belongs to a cluster.
TAGS = {"Project": "${PROJECT}", "Environment": "${ENVIRONMENT}"}
#: Add-ons without which no node works; EKS chooses the versions that fit the cluster's.
BASIC_ADDONS = ("vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent")
EBS_ADDON, EBS_ACCOUNT = "aws-ebs-csi-driver", "ebs-csi-controller-sa"


def role_arn(suffix: str) -> str:
    """Return the ARN of one of the cluster's roles, with names to be filled in."""
    return f"arn:${{PARTITION}}:iam::${{ACCOUNT}}:role/${{CLUSTER_NAME}}-{suffix}"


def identities(cluster: Cluster) -> dict[str, str]:
    """Return the service accounts in kube-system that have a role: account -> end of the role's name."""
    found: dict[str, str] = {}
    if cluster.addons.load_balancer_controller is not None:
        found["aws-load-balancer-controller"] = LOAD_BALANCERS
    if cluster.karpenter is not None:
        found["karpenter"] = KARPENTER
    return found


def cluster_config(graph: Graph, cluster: Cluster) -> dict[str, Any]:
    """Return the ClusterConfig, with names in ``${...}`` that the script fills in."""
    support = kubernetes.SUPPORT.get(cluster.version)
    standard = support is None or support.in_standard(kubernetes.AS_OF)
    access: dict[str, Any] = {"authenticationMode": "API"}
    if cluster.karpenter is not None:
        access["accessEntries"] = [{"principalARN": role_arn(KARPENTER_NODE), "type": "EC2_LINUX"}]
    iam: dict[str, Any] = {"withOIDC": cluster.oidc}
    associations = [
        {"namespace": "kube-system", "serviceAccountName": account, "roleARN": role_arn(suffix)}
        for account, suffix in identities(cluster).items()
    ]
    if associations:
        iam["podIdentityAssociations"] = associations
    return {
        "apiVersion": "eksctl.io/v1alpha5",
        "kind": "ClusterConfig",
        "metadata": {
            "name": "${CLUSTER_NAME}",
            "region": graph.region,
            "version": cluster.version,
            "tags": dict(TAGS),
        },
        "upgradePolicy": {"supportType": "STANDARD" if standard else "EXTENDED"},
        "vpc": {
            "id": "${VPC_ID}",
            "subnets": {"public": {part: {"id": f"${{{subnet_variable(part)}}}"} for part in cluster.subnets}},
            "clusterEndpoints": {"publicAccess": True, "privateAccess": True},
            "publicAccessCIDRs": "${API_ACCESS_LIST}",
        },
        "accessConfig": access,
        "iam": iam,
        "addonsConfig": {"disableDefaultAddons": True},
        "addons": _addons(cluster),
        "managedNodeGroups": [_group(name, group) for name, group in cluster.nodes.items()],
    }


#: Why things are as they are: path in the ClusterConfig -> lines above it.
COMMENTS: dict[tuple[str | int, ...], tuple[str, ...]] = {
    ("upgradePolicy",): (
        "At the end of standard support EKS upgrades a cluster with STANDARD, instead of charging more.",
    ),
    ("vpc",): (
        "The VPC of the spec: nothing of it is created here. There is no NAT gateway, so nodes are in public subnets.",
    ),
    ("vpc", "clusterEndpoints"): (
        "Nodes call the API server inside of the VPC; from outside only these networks may.",
    ),
    ("addonsConfig",): ("Only what is listed here: eksctl would add Metrics Server, which is a chart of its own.",),
}


def _addons(cluster: Cluster) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"name": name} for name in BASIC_ADDONS]
    if cluster.addons.ebs_csi is not None:
        association = {"serviceAccountName": EBS_ACCOUNT, "roleARN": role_arn(EBS_CSI)}
        found.append(
            {
                "name": EBS_ADDON,
                "version": cluster.addons.ebs_csi,
                "podIdentityAssociations": [association],
            }
        )
    return found


def _group(name: str, group: NodeGroup) -> dict[str, Any]:
    return {
        "name": name,
        "amiFamily": "AmazonLinux2023",
        "instanceTypes": list(group.types),
        "spot": group.spot,
        "minSize": group.min_,
        "maxSize": group.max_,
        "desiredCapacity": group.min_,
        "privateNetworking": False,
        "volumeSize": group.disk // 1024,
        "volumeType": "gp3",
        "volumeEncrypted": True,
        # Pods get credentials by pod identity; without the metadata service they cannot take those of the node.
        "disableIMDSv1": True,
        "disablePodIMDS": True,
        "tags": dict(TAGS),
    }
