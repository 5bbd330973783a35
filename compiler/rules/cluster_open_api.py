"""A cluster's API server can be called from the whole internet.

Whoever reaches the API server can try stolen tokens, and every fault of Kubernetes that is not mended yet. It is open
to named networks; nodes reach it inside of the VPC in any case. A network wider than /8 counts as everybody, also as
the value of a parameter.
Source: Amazon EKS User Guide, "Cluster API server endpoint".

Wrong:

    lenie-ai: {api-access: 0.0.0.0/0, ...}

Right:

    lenie-ai: {api-access: "${param.admin-cidrs}", ...}

Waive it where people have no fixed address:

    lenie-ai: {waive: {E348: the proof of concept lives for an afternoon}, ...}
"""

from __future__ import annotations

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.ingress import networks
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules.open_to_world import is_wide
from lenie.compiler.types import Template

CODE = "E348"


def check(program: Program, finding: Finding) -> None:
    """Report clusters whose API server is open to a very wide network."""
    for path, name, cluster in clusters(program):
        listed = program.tree.node((*path, "api-access"))
        several = listed is not None and isinstance(listed.value, list)
        for index, source in enumerate(cluster.api_access):
            wide = [network for network in networks(program, source) if is_wide(network)]
            if wide:
                lookup = source.single if isinstance(source, Template) else None
                finding(
                    f'the API server of "{name}" can be called from {wide[0]}',
                    (*path, "api-access", *((index,) if several else ())),
                    also=[(("parameters", lookup.attribute), "its value")] if lookup is not None else [],
                    help="name the networks of those who administer the cluster",
                )
