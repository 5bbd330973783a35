"""Resources of Kubernetes: the namespace, the storage class, and what Karpenter may start.

Sources: Kubernetes API Reference (Namespace, StorageClass); Karpenter documentation, "NodePools" and "NodeClasses", API
karpenter.sh/v1 and karpenter.k8s.aws/v1.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.clusters.model import Karpenter, NodePool
from lenie.targets.eks.config import TAGS
from lenie.targets.eks.names import KARPENTER_NODE, subnet_variable

#: The device that has room for images and pods, by the family of the node's image.
#: Source: Karpenter documentation, "NodeClasses", section "spec.blockDeviceMappings".
_DEVICES = {"al2023": "/dev/xvda", "bottlerocket": "/dev/xvdb"}
#: The system of Bottlerocket has a volume of its own: device and size.
_SYSTEM = ("/dev/xvda", "4Gi")
#: Name of the only EC2NodeClass.
NODE_CLASS = "default"


def namespace() -> dict[str, Any]:
    """Return the namespace of the project's own workloads."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "${NAMESPACE}",
            "labels": {
                "app.kubernetes.io/part-of": "${PROJECT}",
                "environment": "${ENVIRONMENT}",
                "pod-security.kubernetes.io/enforce": "baseline",
                "pod-security.kubernetes.io/warn": "restricted",
            },
        },
    }


def storage_class() -> dict[str, Any]:
    """Return the default storage class: EKS has none since 1.30, and claims without a class would wait for ever."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": "gp3",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "ebs.csi.aws.com",
        "parameters": {"type": "gp3", "encrypted": "true"},
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }


def node_class(cluster: Cluster, karpenter: Karpenter) -> dict[str, Any]:
    """Return the EC2NodeClass: image, role, network and volume of the nodes."""
    device = _DEVICES[karpenter.image.partition("@")[0]]
    volumes = [_SYSTEM] if device != _SYSTEM[0] else []
    volumes.append((device, f"{karpenter.disk // 1024}Gi"))
    return {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": NODE_CLASS},
        "spec": {
            "role": f"${{CLUSTER_NAME}}-{KARPENTER_NODE}",
            "amiSelectorTerms": [{"alias": karpenter.image}],
            # By id, not by the tag karpenter.sh/discovery: clusters share the network, which knows none of them.
            "subnetSelectorTerms": [{"id": f"${{{subnet_variable(part)}}}"} for part in cluster.subnets],
            "securityGroupSelectorTerms": [{"id": "${CLUSTER_SECURITY_GROUP}"}],
            "associatePublicIPAddress": True,
            "blockDeviceMappings": [_volume(*volume) for volume in volumes],
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
            "tags": {**TAGS, "Name": "${CLUSTER_NAME}-karpenter"},
        },
    }


def _volume(device: str, size: str) -> dict[str, Any]:
    encrypted = {"volumeSize": size, "volumeType": "gp3", "encrypted": True, "deleteOnTermination": True}
    return {"deviceName": device, "ebs": encrypted}


def node_pool(name: str, pool: NodePool) -> dict[str, Any]:
    """Return a NodePool."""
    requirements = [
        _requirement("kubernetes.io/os", "In", "linux"),
        _requirement("kubernetes.io/arch", "In", pool.architecture),
        _requirement("karpenter.sh/capacity-type", "In", "spot" if pool.spot else "on-demand"),
        _requirement("karpenter.k8s.aws/instance-category", "In", *pool.families),
        _requirement("karpenter.k8s.aws/instance-generation", "Gt", str(pool.generation_above)),
    ]
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": NODE_CLASS}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {
            "template": {
                "spec": {
                    "nodeClassRef": reference,
                    "requirements": requirements,
                    "expireAfter": duration(pool.expire),
                }
            },
            "disruption": {
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
                "consolidateAfter": duration(pool.consolidate_after),
            },
            "limits": {"cpu": str(pool.cpu_limit), "memory": f"{pool.memory_limit // 1024}Gi"},
        },
    }


def _requirement(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": operator, "values": list(values)}


def duration(seconds: int) -> str:
    """Return a duration as Karpenter takes it: hours, minutes and seconds, ``720h``, ``1m``, ``1h30m``."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"
