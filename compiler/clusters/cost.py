"""What a cluster costs while it exists: no part of the monthly estimate, since it is created for a while only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lenie.compiler.clusters.model import ClusterModel
from lenie.compiler.data import kubernetes
from lenie.compiler.data.prices import EC2_HOURLY, GB_MONTH, HOURLY, HOURS_PER_MONTH

_MIB_PER_GB = 1024


class Charge(NamedTuple):
    """A charge: `quantity` of `unit` for `what`, `usd` a month in all."""

    what: str
    quantity: float
    unit: str
    usd: float


def charges(cluster: ClusterModel) -> list[Charge]:
    """Return what a cluster with its least number of nodes costs in a month (730 hours), in USD.

    Nodes count with their on-demand price, which spot instances stay below, and the dearest type of a group; a type
    without a known price is left out: `unpriced`. What Karpenter starts, load balancers and volumes come on top.
    """
    support = kubernetes.SUPPORT.get(cluster.version)
    extended = support is not None and not support.in_standard(kubernetes.AS_OF)
    hourly = HOURLY["eks.cluster-extended" if extended else "eks.cluster"]
    plane = "control plane" + (" in extended support" if extended else "")
    found = [Charge(plane, HOURS_PER_MONTH, "hours", hourly * HOURS_PER_MONTH)]
    for group_name, group in cluster.nodes.items():
        hours = group.min_ * HOURS_PER_MONTH
        known = [type for type in group.types if type in EC2_HOURLY]
        if known:
            dearest = max(known, key=lambda name: (EC2_HOURLY[name], name))
            found.append(Charge(f"{group_name}, {dearest}", hours, "hours", hours * EC2_HOURLY[dearest]))
        found.append(Charge(f"{group_name}, public IPv4 addresses", hours, "hours", hours * HOURLY["vpc.public-ipv4"]))
        size = group.min_ * group.disk / _MIB_PER_GB
        found.append(Charge(f"{group_name}, volumes", size, "GB", size * GB_MONTH["ebs.gp3"]))
    return found


def total(cluster: ClusterModel) -> float:
    """Return the sum of `charges`, in USD a month."""
    return sum(charge.usd for charge in charges(cluster))


def unpriced(cluster: ClusterModel) -> Iterator[tuple[str, int, str]]:
    """Yield the instance types without a known price: group, position in its list, type."""
    for name, group in cluster.nodes.items():
        for index, type in enumerate(group.types):
            if type not in EC2_HOURLY:
                yield name, index, type
