"""EKS does not support the version of Kubernetes any more, or does not have it.

After the end of extended support EKS creates no cluster with a version, and upgrades the control planes that have it at
a time of its own choice, while the nodes stay behind. The compiler compares with the day on which its own table was
looked up, never with today: the same spec gives the same result on every day.
Source: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS".

Wrong:

    kubernetes:
      lenie-ai: {version: "1.30", ...}

Right:

    kubernetes:
      lenie-ai: {version: "1.36", ...}

Waive it for a version that is newer than the compiler:

    lenie-ai: {version: "1.38", waive: {E344: AWS offers 1.38 since last week}, ...}
"""

from __future__ import annotations

from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.data import kubernetes
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E344"


def check(program: Program, finding: Finding) -> None:
    """Report versions that are unknown, or past their extended support."""
    supported = [row.version for row in kubernetes.SUPPORT.values() if row.in_standard(kubernetes.AS_OF)]
    help = f'in standard support: {", ".join(supported)}; write "{kubernetes.newest_standard()}"'
    for path, _, cluster in clusters(program):
        row = kubernetes.SUPPORT.get(cluster.version)
        if row is not None and row.in_extended(kubernetes.AS_OF):
            continue
        oldest = min(kubernetes.SUPPORT, key=kubernetes.minor)
        if row is not None:
            message = f"EKS ended extended support for Kubernetes {cluster.version} on {row.extended}"
        elif kubernetes.minor(cluster.version) < kubernetes.minor(oldest):
            message = f"EKS has not supported Kubernetes {cluster.version} for years"
        else:
            message = f"the compiler knows no Kubernetes {cluster.version} on EKS (its table is of {kubernetes.AS_OF})"
        finding(message, (*path, "version"), help=help)
