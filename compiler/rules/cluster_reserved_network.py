"""EKS does not take the networks that may call a cluster's API server.

What `api-access` names are addresses as the internet sees them. Private and other reserved addresses never come from
there, and EKS refuses them, as it refuses more than 40 networks. Who is inside of the VPC reaches the API server in any
case. Networks for documentation (203.0.113.0/24 and the like) may stand in a spec; the script of a cluster asks for
real ones.
Sources: Amazon EKS User Guide, "Configure network access to cluster API server endpoint"; Amazon EKS service quotas,
"Public endpoint access CIDR ranges per cluster"; RFC 6890.

Wrong:

    lenie-ai: {api-access: [10.0.0.0/16, 203.0.113.0/24], ...}

Right:

    lenie-ai: {api-access: 203.0.113.0/24, ...}

It cannot be waived: the cluster would not be created.
"""

from __future__ import annotations

import ipaddress

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.ingress import networks
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.types import Template

CODE = "E349"
#: Networks of a cluster, at most.
MOST = 40
#: Addresses that no packet on the internet comes from (RFC 6890), but those for documentation.
_RESERVED = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)


def check(program: Program, finding: Finding) -> None:
    """Report reserved networks, and lists that are too long in some environment."""
    for path, name, cluster in clusters(program):
        listed = program.tree.node((*path, "api-access"))
        several = listed is not None and isinstance(listed.value, list)
        longest = 0
        for index, source in enumerate(cluster.api_access):
            found = networks(program, source)
            lookup = source.single if isinstance(source, Template) else None
            also = [(("parameters", lookup.attribute), "its value")] if lookup is not None else []
            longest += _longest(program, lookup.attribute) if lookup is not None else 1
            reserved = next((network for network in found if _is_reserved(network)), None)
            if reserved is not None:
                finding(
                    f"EKS refuses {reserved}: nobody calls an API server from there over the internet",
                    (*path, "api-access", *((index,) if several else ())),
                    also=also,
                    help="name the public addresses of those who administer the cluster; the VPC itself is let in",
                    waivable=False,
                )
        if longest > MOST:
            finding(
                f'{longest} networks may call the API server of "{name}", and EKS takes {MOST}',
                (*path, "api-access"),
                help="put neighbouring networks together",
                waivable=False,
            )


def _longest(program: Program, parameter: str) -> int:
    model = program.document.parameters[parameter]
    return max(len(value) if isinstance(value, list) else 1 for value in (model.default, *model.values.values()))


def _is_reserved(network: str) -> bool:
    """Whether all addresses of a network are reserved; what holds them all counts as open to everybody (E348)."""
    parsed = ipaddress.ip_network(network)
    return isinstance(parsed, ipaddress.IPv4Network) and any(parsed.subnet_of(reserved) for reserved in _RESERVED)
