"""What a cluster needs of IAM, SQS and EventBridge: a CloudFormation template, deployed before the cluster."""

from __future__ import annotations

import re
from typing import Any

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.iam import POLICY_VERSION
from lenie.targets.eks import policies
from lenie.targets.eks.config import EBS_ACCOUNT
from lenie.targets.eks.names import EBS_CSI, KARPENTER, KARPENTER_NODE, LOAD_BALANCERS

#: A name of CloudFormation's in a text: a pseudo parameter, or an attribute.
_KNOWN = re.compile(r"\$\{(AWS::|\w+\.)")
#: Managed policies of a node. Source: Karpenter documentation, "CloudFormation".
_NODE_POLICIES = (
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
)
#: Permissions of the EBS CSI driver, for volumes and snapshots that bear its tag only.
#: Source: AWS Managed Policy Reference Guide, "AmazonEBSCSIDriverPolicyV2" (2026-04-16).
_EBS_POLICY = "AmazonEBSCSIDriverPolicyV2"
#: What Karpenter is told of nodes that AWS will take away: logical id -> source and type of the events.
#: Source: Karpenter documentation, "Disruption", section "Interruption".
_EVENTS = {
    "HealthEvents": ("aws.health", "AWS Health Event"),
    "SpotInterruptions": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "Rebalances": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "StateChanges": ("aws.ec2", "EC2 Instance State-change Notification"),
}


def has_roles(cluster: Cluster) -> bool:
    """Whether a cluster needs a role of its own."""
    addons = cluster.addons
    return bool(addons.ebs_csi or addons.load_balancer_controller or cluster.karpenter)


def roles(cluster: Cluster) -> dict[str, Any]:
    """Return the template, with the cluster's name to be filled in."""
    resources: dict[str, Any] = {}
    if cluster.addons.ebs_csi is not None:
        managed = [_EBS_POLICY]
        resources["EbsCsiRole"] = _role(EBS_CSI, policies.trusted(EBS_ACCOUNT), managed)
    if cluster.addons.load_balancer_controller is not None:
        trust = policies.trusted("aws-load-balancer-controller")
        resources["LoadBalancerControllerRole"] = _role(LOAD_BALANCERS, trust, statements=policies.load_balancers())
    if cluster.karpenter is not None:
        resources |= _karpenter()
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Roles of the cluster {cluster.name}",
        "Resources": resources,
    }


def _karpenter() -> dict[str, Any]:
    node_trust = {
        "Sid": "Instances",
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
    }
    queue = {"Fn::GetAtt": ["KarpenterQueue", "Arn"]}
    statements = policies.karpenter("${KarpenterNodeRole.Arn}", "${KarpenterQueue.Arn}")
    found: dict[str, Any] = {
        "KarpenterNodeRole": _role(KARPENTER_NODE, node_trust, list(_NODE_POLICIES)),
        "KarpenterControllerRole": _role(KARPENTER, policies.trusted("karpenter"), statements=statements),
        "KarpenterQueue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": "${CLUSTER_NAME}-karpenter",
                # A notice is of no use when the instance is gone.
                "MessageRetentionPeriod": 300,
                "SqsManagedSseEnabled": True,
            },
        },
        "KarpenterQueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "KarpenterQueue"}],
                "PolicyDocument": {
                    "Version": POLICY_VERSION,
                    "Statement": [
                        {
                            "Sid": "Events",
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": queue,
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        },
                        {
                            "Sid": "OnlyTls",
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "sqs:*",
                            "Resource": queue,
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        },
                    ],
                },
            },
        },
    }
    for name, (source, detail) in _EVENTS.items():
        found[f"Karpenter{name}"] = {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Description": f"{detail} to Karpenter of ${{CLUSTER_NAME}}",
                "EventPattern": {"source": [source], "detail-type": [detail]},
                "Targets": [{"Id": "karpenter", "Arn": queue}],
            },
        }
    return found


def _role(
    suffix: str,
    trust: policies.Statement,
    managed: list[str] | None = None,
    statements: list[policies.Statement] | None = None,
) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "RoleName": f"${{CLUSTER_NAME}}-{suffix}",
        "AssumeRolePolicyDocument": {"Version": POLICY_VERSION, "Statement": [_substituted(trust)]},
    }
    if managed:
        prefix = "arn:${AWS::Partition}:iam::aws:policy/"
        properties["ManagedPolicyArns"] = [{"Fn::Sub": prefix + name} for name in managed]
    if statements:
        document = {"Version": POLICY_VERSION, "Statement": [_substituted(one) for one in statements]}
        properties["Policies"] = [{"PolicyName": "access", "PolicyDocument": document}]
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _substituted(value: Any) -> Any:
    """Return data with ``Fn::Sub`` around each text that holds what CloudFormation knows."""
    if isinstance(value, dict):
        return {key: _substituted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_substituted(item) for item in value]
    return {"Fn::Sub": value} if isinstance(value, str) and _KNOWN.search(value) else value
