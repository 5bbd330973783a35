"""The models of the section ``kubernetes:``: clusters, groups of nodes, add-ons, Karpenter."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lenie.compiler.model import Model
from lenie.compiler.types import (
    Duration,
    Name,
    Parsed,
    Reference,
    Size,
    Template,
    Text,
    To,
    Waivers,
    fault,
    faults_at,
    parse_cidr,
    parse_texts,
    within,
)

#: Forms of versions, as patterns that JSON Schema and Python read alike.
KUBERNETES_VERSION = r"^1\.[0-9]{1,3}$"
CHART_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+$"
ADDON_VERSION = r"^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$"
INSTANCE_TYPE = r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$"
#: Alias of images in Karpenter: a family, and a release or ``latest``.
IMAGE_ALIAS = r"^(al2023|bottlerocket)@(latest|v[0-9][0-9a-z.]{0,17})$"
FAMILY = r"^[a-z]{1,4}$"
_SOURCES_HELP = "write networks, [203.0.113.0/24], or a parameter that holds them: ${param.admin-cidrs}"

ChartVersion = Annotated[str, Field(pattern=CHART_VERSION)]


def parse_sources(value: Any) -> list[str | Template]:
    """Return the IPv4 networks that may call the API server: one or several, or a parameter that holds them.

    Source: VpcConfigRequest, ``publicAccessCidrs`` (Amazon EKS API Reference).
    """
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise fault("at least one network is wanted here", _SOURCES_HELP)
    parsed: list[str | Template] = []
    for index, item in enumerate(listed):
        at = (index,) if isinstance(value, list) else ()
        text = parse_texts(item) if isinstance(item, str) and "${" in item else item
        if isinstance(text, Template):
            if text.single is None or text.single.head != "param":
                raise faults_at([(at, fault("a network or a parameter is wanted here", _SOURCES_HELP))])
            parsed.append(text)
            continue
        network = parse_cidr(text)
        if ":" in network:
            raise faults_at([(at, fault("the API server of such a cluster has IPv4 addresses only", _SOURCES_HELP))])
        parsed.append(network)
    return parsed


Sources = Annotated[
    list[str | Template],
    Parsed(
        parse_sources,
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
    ),
]


class NodeGroup(Model):
    """Nodes of one kind, which EKS manages: an Auto Scaling group between `min` and `max`."""

    #: Instance types; with several, EC2 takes those that it has.
    types: Annotated[list[Annotated[str, Field(pattern=INSTANCE_TYPE)]], Field(min_length=1, max_length=40)]
    #: Whether they are spot instances: cheaper, and taken back with a notice of two minutes.
    spot: bool = False
    #: Least number of nodes, and the number at the start.
    min_: Annotated[int, Field(ge=1, le=450)]
    #: Largest number of nodes.
    max_: Annotated[int, Field(ge=1, le=450)]
    #: Encrypted volume of each node.
    disk: Annotated[int, within(Size, "20GB", "16TB")] = 20 * 1024

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        from lenie.compiler.machines import architecture

        first = architecture(self.types[0])
        for index, type in enumerate(self.types):
            if architecture(type) != first:
                message = f"{type} has another architecture than {self.types[0]}, and a group has one image"
                raise faults_at([(("types", index), fault(message, "make a group of its own for it"))])
        if self.max_ < self.min_:
            message = f"the largest number, {self.max_}, is below the least, {self.min_}"
            raise faults_at([(("max",), fault(message, f"write {self.min_} or more"))])
        if self.disk % 1024:
            raise faults_at([(("disk",), fault("a disk has whole gigabytes", f"write {self.disk // 1024 + 1}GB"))])
        return self


class Addons(Model):
    """What a cluster gets besides Kubernetes, each at the version that stands here; what is not here is left out."""

    #: EBS CSI driver, which makes volumes: version of the EKS add-on, such as v1.65.0-eksbuild.1.
    ebs_csi: Annotated[str, Field(pattern=ADDON_VERSION)] | None = None
    #: Metrics Server: version of its Helm chart.
    metrics_server: ChartVersion | None = None
    #: Stakater Reloader, which restarts what reads a changed configuration: version of its Helm chart.
    reloader: ChartVersion | None = None
    #: AWS Load Balancer Controller, which makes load balancers of services and ingresses: version of its Helm chart.
    load_balancer_controller: ChartVersion | None = None


class NodePool(Model):
    """What Karpenter may start when pods wait for a node, and when it takes nodes away."""

    #: Whether it takes spot instances (and nothing else), or on-demand instances.
    spot: bool = False
    #: Families of instance types by their letters: c, m, r.
    families: Annotated[list[Annotated[str, Field(pattern=FAMILY)]], Field(min_length=1)]
    #: Only generations above this one: above 2 are m5, c6i and the like, but not m2.
    generation_above: Annotated[int, Field(ge=1, le=20)] = 2
    #: Architecture of the processors.
    architecture: Literal["amd64", "arm64"] = "amd64"
    #: How long a node is left empty or little used before its pods are moved to fewer or cheaper nodes.
    consolidate_after: Annotated[int, within(Duration, "0s", "30d")] = 60
    #: Age at which a node is replaced, so that it gets a fresh image.
    expire: Annotated[int, within(Duration, "1h", "365d")] = 30 * 86400
    #: Most processors of all nodes of the pool together.
    cpu_limit: Annotated[int, Field(ge=1, le=100_000)]
    #: Most memory of all nodes of the pool together.
    memory_limit: Annotated[int, within(Size, "1GB", "100TB")]


class Karpenter(Model):
    """Karpenter, which starts and stops nodes as pods need them."""

    #: Version of Karpenter and of its Helm charts.
    version: ChartVersion
    #: Image of the nodes, as family@release; a release pins it, latest follows AWS.
    image: Annotated[str, Field(pattern=IMAGE_ALIAS)] = "al2023@latest"
    #: Encrypted volume of each node.
    disk: Annotated[int, within(Size, "20GB", "16TB")] = 20 * 1024
    pools: Annotated[dict[Name, NodePool], Field(min_length=1)]


class ClusterModel(Model):
    """A Kubernetes cluster (Amazon EKS) in a network of the spec.

    Its nodes stand in public subnets, since the language has no NAT gateway.

    Sources: Amazon EKS User Guide, "Amazon EKS networking requirements for VPC and subnets"; eksctl User Guide, "VPC
    Configuration".
    """

    #: Name in EKS; the cluster's own name by default. Only ${env...} may stand in it.
    name: Text | None = None
    #: Version of Kubernetes, in quotes: "1.36".
    version: Annotated[str, Field(pattern=KUBERNETES_VERSION)]
    #: Group of public subnets that the nodes stand in: vpc.public.
    network: Annotated[Reference, To("network", group=True)]
    #: Namespace that is made for the project's own workloads. Only ${env...} may stand in it.
    namespace: Text
    #: Networks that may call the API server from outside of the VPC.
    api_access: Sources
    #: Whether IAM gets an identity provider of the cluster, for workloads with roles of their own (IRSA).
    oidc: bool = False
    nodes: Annotated[dict[Name, NodeGroup], Field(min_length=1)]
    addons: Addons = Addons()
    karpenter: Karpenter | None = None
    waive: Waivers = {}
