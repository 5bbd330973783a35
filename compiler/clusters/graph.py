"""A cluster as targets see it (ADR 25): what differs between environments, or AWS alone knows, are values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lenie.compiler.expressions import AttributeOf, Value
from lenie.compiler.span import Path

if TYPE_CHECKING:
    from lenie.compiler.clusters.model import Addons, Karpenter, NodeGroup


class Cluster(NamedTuple):
    """A Kubernetes cluster. It is no CloudFormation resource, and belongs to no component."""

    #: Name in the spec.
    name: str
    path: Path
    #: Name in EKS: a text in every environment.
    physical: Value
    version: str
    #: The VPC's id, and those of its subnets by their names: ``public-a``.
    vpc: AttributeOf
    subnets: dict[str, AttributeOf]
    namespace: Value
    #: Networks that may call the API server; an element may be a list.
    api_access: tuple[Value, ...]
    oidc: bool
    #: What holds no references is as in the spec.
    nodes: dict[str, NodeGroup]
    addons: Addons
    karpenter: Karpenter | None

    def reads(self) -> tuple[AttributeOf, ...]:
        """Return the attributes of resources that the cluster reads when it is created."""
        return (self.vpc, *self.subnets.values())
