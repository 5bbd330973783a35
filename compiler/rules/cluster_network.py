"""A cluster's subnets do not have what EKS needs.

The control plane stands in at least two availability zones. Nodes must reach the API server and registries of images:
in a language without NAT gateways only public subnets let them out, and only if instances get a public address there.
The AWS Load Balancer Controller finds the subnets of load balancers by a tag.
Sources: Amazon EKS User Guide, "Amazon EKS networking requirements for VPC and subnets"; AWS Load Balancer Controller
documentation, "Subnet auto-discovery".

Wrong:

    vpc: {kind: network, subnets: {private: {cidrs: [10.0.3.0/24]}}, ...}
    ...
    kubernetes:
      lenie-ai: {network: vpc.private, ...}

Right:

    vpc:
      kind: network
      subnets:
        public: {cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true, tags: {kubernetes.io/role/elb: "1"}}
    ...
    kubernetes:
      lenie-ai: {network: vpc.public, ...}

It cannot be waived: such a cluster would not start.
"""

from __future__ import annotations

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.kinds.network import Network
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E347"
#: Tag of subnets for load balancers that face the internet.
ELB_TAG = "kubernetes.io/role/elb"


def check(program: Program, finding: Finding) -> None:
    """Report clusters in subnets that are not public, in one zone only, or without the tag."""
    for path, name, cluster in clusters(program):
        found = program.find(cluster.network.name, Network)
        assert found is not None, "references are checked before rules"
        declaration, network = found
        group = network.subnets[cluster.network.part]
        place, at = (*path, "network"), (*declaration.path, "subnets", cluster.network.part)
        also = [(at, "declared here")]
        what = f'"{cluster.network.name}.{cluster.network.part}"'
        if not group.public:
            finding(
                f"nodes in {what} would have no way to the internet, since the subnets are not public",
                place,
                also=also,
                help="name a group of public subnets, for instance "
                + next((f"{declaration.name}.{n}" for n, g in network.subnets.items() if g.public), "vpc.public"),
                waivable=False,
            )
        if len(group.cidrs) < 2:
            message = f"EKS needs subnets in two availability zones, and {what} has one subnet"
            finding(message, place, also=also, help="add a second network to its cidrs", waivable=False)
        if cluster.addons.load_balancer_controller is not None and group.public and group.tags.get(ELB_TAG) != "1":
            finding(
                f'the load balancer controller of "{name}" would find no subnet: {what} lacks the tag {ELB_TAG}',
                (*path, "addons", "load-balancer-controller"),
                also=also,
                help=f'add tags: {{{ELB_TAG}: "1"}} to the subnets',
                waivable=False,
            )
