"""An add-on does not run on the cluster's version of Kubernetes.

Karpenter and the controllers talk to the API server, and each of their versions was made for some versions of it:
a pod that does not start, or a node that never joins, is what shows that they do not fit. Controllers also get their
roles by EKS Pod Identity, which old versions know nothing of.
Sources: Karpenter documentation, "Compatibility"; README of metrics-server, "Compatibility Matrix"; AWS Load Balancer
Controller documentation, "Deploy AWS Load Balancer Controller".

Wrong:

    lenie-ai: {version: "1.36", karpenter: {version: 1.6.0, ...}, ...}

Right:

    lenie-ai: {version: "1.36", karpenter: {version: 1.14.1, ...}, ...}

Waive it where it was tried out:

    lenie-ai: {waive: {E346: Karpenter 1.12 was tried on 1.36 and starts nodes}, ...}
"""

from __future__ import annotations

from collections.abc import Iterator

from lenie.compiler.clusters.model import Addons
from lenie.compiler.clusters.resolve import clusters
from lenie.compiler.data import kubernetes
from lenie.compiler.data.kubernetes import minor
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E346"


def chart_versions(addons: Addons) -> Iterator[tuple[str, str]]:
    """Yield the add-ons that are Helm charts: name in the spec, version."""
    for name in ("metrics-server", "reloader", "load-balancer-controller"):
        version = getattr(addons, name.replace("-", "_"))
        if version is not None:
            yield name, version


def check(program: Program, finding: Finding) -> None:
    """Report charts that are too old for the cluster, or that the cluster is too old for."""
    for path, _, cluster in clusters(program):
        for name, version in chart_versions(cluster.addons):
            needed = _needs(name, version)
            if not needed:
                oldest = kubernetes.CHARTS[name].first[0][0]
                finding(
                    f"{name} {version} is too old: the compiler knows it from {oldest} on",
                    (*path, "addons", name),
                    help=f"write {kubernetes.CHARTS[name].tested}.0 or newer",
                )
            elif minor(cluster.version) < minor(needed):
                finding(
                    f"{name} {version} needs Kubernetes {needed} or newer, and the cluster has {cluster.version}",
                    (*path, "addons", name),
                    also=[((*path, "version"), "the cluster's version")],
                    help=f"choose an older chart, or a newer cluster: {kubernetes.newest_standard()}",
                )
        driver, first = cluster.addons.ebs_csi, kubernetes.EBS_CSI_FIRST
        if driver is not None and minor(driver) < minor(first):
            finding(
                f"ebs-csi {driver} is too old: from {first} on it takes its role by EKS Pod Identity",
                (*path, "addons", "ebs-csi"),
                help="aws eks describe-addon-versions --addon-name aws-ebs-csi-driver lists those that there are",
            )
        if cluster.karpenter is not None:
            _check_karpenter(cluster.karpenter.version, cluster.version, (*path, "karpenter", "version"), finding)


def _needs(name: str, version: str) -> str:
    """Return the oldest version of Kubernetes for a chart; nothing if the chart is older than the table."""
    needed = ""
    for first, oldest in kubernetes.CHARTS[name].first:
        if minor(version) >= minor(first):
            needed = oldest
    return needed


def _check_karpenter(version: str, cluster: str, path: tuple[str | int, ...], finding: Finding) -> None:
    also = [((*path[:2], "version"), "the cluster's version")]
    table = kubernetes.KARPENTER
    newest = max(table, key=minor)
    fitting = [row for row, (oldest, last) in table.items() if minor(oldest) <= minor(cluster) <= minor(last)]
    help = f"write {max(fitting, key=minor)}.0 or newer" if fitting else "choose another version for the cluster"
    if minor(version) < minor(min(table, key=minor)):
        finding(f"Karpenter {version} does not have the API karpenter.sh/v1", path, help=help)
        return
    # A newer Karpenter than the table has runs on what its newest one runs on, or on newer ones.
    oldest, last = table.get(f"{minor(version)[0]}.{minor(version)[1]}", table[newest])
    unknown = minor(version) > minor(newest)
    if minor(cluster) < minor(oldest):
        message = f"Karpenter {version} needs Kubernetes {oldest} or newer, and the cluster has {cluster}"
        finding(message, path, also=also, help=f"choose a newer cluster: {kubernetes.newest_standard()}")
    elif minor(cluster) > minor(last) and not unknown:
        message = f"Karpenter {version} runs on Kubernetes {oldest} to {last}, and the cluster has {cluster}"
        finding(message, path, also=also, help=help)
