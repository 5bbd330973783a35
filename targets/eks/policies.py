"""IAM policies of the controllers, scoped to one cluster where AWS allows it.

Sources: Karpenter documentation, "CloudFormation" (permissions of the controller, version 1.14); AWS Load Balancer
Controller documentation, "Setup IAM manually" (permissions of the controller, versions 2.14 to 3.x).
Texts are arguments of ``Fn::Sub``. The cluster's name is filled in by the script, since keys of conditions hold it, and
CloudFormation substitutes values only.
"""

from __future__ import annotations

from typing import Any

Statement = dict[str, Any]

_CLUSTER = "${CLUSTER_NAME}"
_OWNED = f"kubernetes.io/cluster/{_CLUSTER}"
_EC2 = "arn:${AWS::Partition}:ec2:${AWS::Region}:"
_ELB = "arn:${AWS::Partition}:elasticloadbalancing:*:*:"
_PROFILES = "arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile/*"
_POOL, _CLASS = "karpenter.sh/nodepool", "karpenter.k8s.aws/ec2nodeclass"
_NAME_TAG, _REGION_TAG = "eks:eks-cluster-name", "topology.kubernetes.io/region"
#: Tag by which the load balancer controller knows what is its own.
_ELB_TAG = "elbv2.k8s.aws/cluster"
#: What Karpenter makes, and tags.
_MADE = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")


def allow(sid: str, actions: str, resources: list[str] | str = "*", condition: Statement | None = None) -> Statement:
    """Return a statement; `actions` are names of one service after its prefix, ``ec2: RunInstances CreateFleet``."""
    listed = [f"{service}:{name}" for part in actions.split(";") for service, name in _names(part)]
    found: Statement = {"Sid": sid, "Effect": "Allow", "Action": listed, "Resource": resources}
    return found | ({"Condition": condition} if condition else {})


def _names(part: str) -> list[tuple[str, str]]:
    service, _, names = part.strip().partition(": ")
    return [(service, name) for name in names.split()]


def trusted(account: str) -> Statement:
    """Return the trust policy of a role that pods of a service account in kube-system get by EKS Pod Identity.

    Source: Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity".
    """
    tags = {
        "aws:RequestTag/eks-cluster-name": _CLUSTER,
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": account,
    }
    return {
        "Sid": "PodIdentity",
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": tags},
    }


def karpenter(node_role: str, queue: str) -> list[Statement]:
    """Return what Karpenter may do: start and end instances of its own cluster, and hand them the role of nodes."""
    owned = {f"aws:ResourceTag/{_OWNED}": "owned"}
    asked = {f"aws:RequestTag/{_OWNED}": "owned", f"aws:RequestTag/{_NAME_TAG}": _CLUSTER}
    of_pool = {f"aws:ResourceTag/{_POOL}": "*"}
    region = {f"aws:ResourceTag/{_REGION_TAG}": "${AWS::Region}"}
    asked_region = {f"aws:RequestTag/{_REGION_TAG}": "${AWS::Region}"}
    made = [f"{_EC2}*:{kind}/*" for kind in _MADE]
    given = ("security-group", "subnet", "capacity-reservation", "placement-group")
    names = {"ForAllValues:StringEquals": {"aws:TagKeys": [_NAME_TAG, "karpenter.sh/nodeclaim", "Name"]}}
    return [
        allow(
            "UseWhatIsThere",
            "ec2: RunInstances CreateFleet",
            [f"{_EC2}:image/*", f"{_EC2}:snapshot/*", *(f"{_EC2}*:{kind}/*" for kind in given)],
        ),
        allow(
            "UseOwnLaunchTemplates",
            "ec2: RunInstances CreateFleet",
            [f"{_EC2}*:launch-template/*"],
            {"StringEquals": owned, "StringLike": of_pool},
        ),
        allow(
            "StartTagged",
            "ec2: RunInstances CreateFleet CreateLaunchTemplate",
            made,
            {"StringEquals": asked, "StringLike": {f"aws:RequestTag/{_POOL}": "*"}},
        ),
        allow(
            "TagAtStart",
            "ec2: CreateTags",
            made,
            {
                "StringEquals": asked | {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]},
                "StringLike": {f"aws:RequestTag/{_POOL}": "*"},
            },
        ),
        allow(
            "TagOwnInstances",
            "ec2: CreateTags",
            [f"{_EC2}*:instance/*"],
            {
                "StringEquals": owned,
                "StringLike": of_pool,
                "StringEqualsIfExists": {f"aws:RequestTag/{_NAME_TAG}": _CLUSTER},
            }
            | names,
        ),
        allow(
            "EndOwn",
            "ec2: TerminateInstances DeleteLaunchTemplate",
            [f"{_EC2}*:instance/*", f"{_EC2}*:launch-template/*"],
            {"StringEquals": owned, "StringLike": of_pool},
        ),
        allow(
            "Describe",
            "ec2: DescribeCapacityReservations DescribeImages DescribeInstanceStatus DescribeInstances"
            " DescribeInstanceTypeOfferings DescribeInstanceTypes DescribeLaunchTemplates DescribePlacementGroups"
            " DescribeSecurityGroups DescribeSpotPriceHistory DescribeSubnets",
            "*",
            {"StringEquals": {"aws:RequestedRegion": "${AWS::Region}"}},
        ),
        allow("Images", "ssm: GetParameter", ["arn:${AWS::Partition}:ssm:${AWS::Region}::parameter/aws/service/*"]),
        allow("Prices", "pricing: GetProducts"),
        allow("Interruptions", "sqs: DeleteMessage GetQueueUrl ReceiveMessage", [queue]),
        allow(
            "Endpoint",
            "eks: DescribeCluster",
            ["arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/" + _CLUSTER],
        ),
        allow(
            "PassNodeRole", "iam: PassRole", [node_role], {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
        ),
        allow(
            "CreateProfiles",
            "iam: CreateInstanceProfile",
            [_PROFILES],
            {"StringEquals": asked | asked_region, "StringLike": {f"aws:RequestTag/{_CLASS}": "*"}},
        ),
        allow(
            "TagProfiles",
            "iam: TagInstanceProfile",
            [_PROFILES],
            {
                "StringEquals": owned | region | asked | asked_region,
                "StringLike": {f"aws:ResourceTag/{_CLASS}": "*", f"aws:RequestTag/{_CLASS}": "*"},
            },
        ),
        allow(
            "OwnProfiles",
            "iam: AddRoleToInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile",
            [_PROFILES],
            {"StringEquals": owned | region, "StringLike": {f"aws:ResourceTag/{_CLASS}": "*"}},
        ),
        allow("ReadProfiles", "iam: GetInstanceProfile", [_PROFILES]),
        allow("ListProfiles", "iam: ListInstanceProfiles"),
    ]


def load_balancers() -> list[Statement]:
    """Return what the AWS Load Balancer Controller may do: what it made bears its tag, and nothing else is changed."""
    groups = ["arn:${AWS::Partition}:ec2:*:*:security-group/*"]
    targets, balancers = [f"{_ELB}targetgroup/*/*"], [f"{_ELB}loadbalancer/net/*/*", f"{_ELB}loadbalancer/app/*/*"]
    listeners = [f"{_ELB}{kind}/{type}/*/*/*" for kind in ("listener", "listener-rule") for type in ("net", "app")]
    asked = {"Null": {f"aws:RequestTag/{_ELB_TAG}": "false"}}
    own = {"Null": {f"aws:ResourceTag/{_ELB_TAG}": "false"}}
    not_asked_own = {"Null": {f"aws:RequestTag/{_ELB_TAG}": "true", f"aws:ResourceTag/{_ELB_TAG}": "false"}}

    def at(action: str | list[str]) -> Statement:
        prefix = "ec2" if action == "CreateSecurityGroup" else "elasticloadbalancing"
        return {"StringEquals": {f"{prefix}:CreateAction": action}} | asked

    return [
        allow(
            "ServiceRole",
            "iam: CreateServiceLinkedRole",
            "*",
            {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}},
        ),
        allow(
            "Describe",
            "ec2: DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeCoipPools"
            " DescribeInstances DescribeInternetGateways DescribeIpamPools DescribeNetworkInterfaces"
            " DescribeRouteTables DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVpcPeeringConnections"
            " DescribeVpcs GetCoipPoolUsage GetSecurityGroupsForVpc;"
            "elasticloadbalancing: DescribeCapacityReservation DescribeListenerAttributes"
            " DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers"
            " DescribeRules DescribeSSLPolicies DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups"
            " DescribeTargetHealth DescribeTrustStores",
        ),
        allow(
            "OtherServices",
            "acm: DescribeCertificate ListCertificates; cognito-idp: DescribeUserPoolClient;"
            "iam: GetServerCertificate ListServerCertificates;"
            "shield: CreateProtection DeleteProtection DescribeProtection GetSubscriptionState;"
            "waf-regional: AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource;"
            "wafv2: AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource",
        ),
        allow("Rules", "ec2: AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress"),
        allow("CreateGroups", "ec2: CreateSecurityGroup"),
        allow("TagNewGroups", "ec2: CreateTags", groups, at("CreateSecurityGroup")),
        allow("TagOwnGroups", "ec2: CreateTags DeleteTags", groups, not_asked_own),
        allow("DeleteOwnGroups", "ec2: DeleteSecurityGroup", "*", own),
        allow("CreateTagged", "elasticloadbalancing: CreateLoadBalancer CreateTargetGroup", "*", asked),
        allow("Listeners", "elasticloadbalancing: CreateListener CreateRule DeleteListener DeleteRule"),
        allow("TagOwn", "elasticloadbalancing: AddTags RemoveTags", [*targets, *balancers], not_asked_own),
        allow("TagListeners", "elasticloadbalancing: AddTags RemoveTags", listeners),
        allow(
            "TagAtCreation",
            "elasticloadbalancing: AddTags",
            [*targets, *balancers],
            at(["CreateTargetGroup", "CreateLoadBalancer"]),
        ),
        allow(
            "ChangeOwn",
            "elasticloadbalancing: DeleteLoadBalancer DeleteTargetGroup ModifyCapacityReservation ModifyIpPools"
            " ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyTargetGroup ModifyTargetGroupAttributes"
            " SetIpAddressType SetSecurityGroups SetSubnets",
            "*",
            own,
        ),
        allow("Targets", "elasticloadbalancing: DeregisterTargets RegisterTargets", targets),
        allow(
            "ChangeListeners",
            "elasticloadbalancing: AddListenerCertificates ModifyListener ModifyRule RemoveListenerCertificates"
            " SetRulePriorities SetWebAcl",
        ),
    ]
