"""A version of Kubernetes is in extended support, which costs six times as much.

A version is in standard support for about 14 months. The year after it, EKS charges 0.60 USD instead of 0.10 USD for
each hour of the cluster, about 365 USD a month more. A cluster with a version in standard support is created with the
upgrade policy STANDARD, so that EKS upgrades it at the end instead of charging more; with this version it would be
upgraded at once, so its policy is EXTENDED.
Sources: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS"; Amazon EKS Pricing.

Wrong:

    kubernetes:
      lenie-ai: {version: "1.33", ...}

Right:

    kubernetes:
      lenie-ai: {version: "1.36", ...}

It is a warning and stops nothing. Waive it where the old version is wanted:

    lenie-ai: {version: "1.33", waive: {W345: the operator does not run on 1.34 yet}, ...}
"""

from __future__ import annotations

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.data import kubernetes
from lenie.compiler.data.prices import HOURLY, HOURS_PER_MONTH
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "W345"


def check(program: Program, finding: Finding) -> None:
    """Report versions past their standard support, with what that costs."""
    usual, extended = HOURLY["eks.cluster"], HOURLY["eks.cluster-extended"]
    for path, _, cluster in clusters(program):
        row = kubernetes.SUPPORT.get(cluster.version)
        if row is None or row.in_standard(kubernetes.AS_OF) or not row.in_extended(kubernetes.AS_OF):
            continue
        finding(
            f"standard support for Kubernetes {cluster.version} ended on {row.standard}: the cluster costs "
            f"{extended:.2f} instead of {usual:.2f} USD an hour, {(extended - usual) * HOURS_PER_MONTH:.0f} USD a "
            f"month more, until EKS upgrades it after {row.extended}",
            (*path, "version"),
            help=f'write "{kubernetes.newest_standard()}"',
        )
