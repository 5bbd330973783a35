"""What runs on Amazon EKS: how long versions of Kubernetes are supported, and which add-ons fit which version.

Looked up on 2026-11-27. Each table names its source, and the date of what was read.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

#: Date of the look-up; support is judged as of this day, never of today.
AS_OF: Final = date(2026, 11, 27)


class Support(NamedTuple):
    """Days of a version of Kubernetes on EKS: the days on which standard and extended support end."""

    version: str
    released: date
    standard: date
    extended: date

    def in_standard(self, day: date) -> bool:
        """Whether the version costs no more than the usual price on that day.

        Extended support is charged from the beginning of the day on which standard support ends.
        """
        return day < self.standard

    def in_extended(self, day: date) -> bool:
        """Whether clusters can still be created with the version on that day."""
        return day < self.extended


#: "Amazon EKS Kubernetes release calendar" in the Amazon EKS User Guide
#: (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html): 1.29 to 1.34 as of 2025-10, read from
#: the guide's source in awsdocs/amazon-eks-user-guide; 1.35 as of 2026-04 and 1.36 as of 2026-09, read through
#: endoflife.date and published copies of the calendar. A newer version is one that the compiler does not know.
SUPPORT: Final[dict[str, Support]] = {
    row.version: row
    for row in (
        Support("1.29", date(2024, 1, 23), date(2025, 3, 23), date(2026, 3, 23)),
        Support("1.30", date(2024, 5, 23), date(2025, 7, 23), date(2026, 7, 23)),
        Support("1.31", date(2024, 9, 26), date(2025, 11, 26), date(2026, 11, 26)),
        Support("1.32", date(2025, 1, 23), date(2026, 3, 23), date(2027, 3, 23)),
        Support("1.33", date(2025, 5, 29), date(2026, 7, 29), date(2027, 7, 29)),
        Support("1.34", date(2025, 10, 2), date(2026, 12, 2), date(2027, 12, 2)),
        Support("1.35", date(2026, 1, 27), date(2027, 3, 27), date(2028, 3, 27)),
        Support("1.36", date(2026, 6, 2), date(2027, 8, 2), date(2028, 8, 2)),
    )
}

#: Minor version of Karpenter -> oldest and newest version of Kubernetes: "Compatibility" in the documentation of
#: Karpenter (https://karpenter.sh/docs/upgrading/compatibility/), as of 2026-07-11, read through endoflife.date. 1.0 is
#: the first with the API karpenter.sh/v1.
KARPENTER: Final[dict[str, tuple[str, str]]] = {
    "1.0": ("1.29", "1.31"),
    "1.1": ("1.29", "1.31"),
    "1.2": ("1.29", "1.32"),
    "1.3": ("1.29", "1.32"),
    "1.4": ("1.29", "1.32"),
    "1.5": ("1.29", "1.33"),
    "1.6": ("1.29", "1.34"),
    "1.7": ("1.29", "1.34"),
    "1.8": ("1.29", "1.34"),
    "1.9": ("1.29", "1.35"),
    "1.10": ("1.29", "1.35"),
    "1.11": ("1.29", "1.35"),
    "1.12": ("1.29", "1.35"),
    "1.13": ("1.29", "1.36"),
    "1.14": ("1.29", "1.36"),
}


class Chart(NamedTuple):
    """A Helm chart: its repository (empty for an OCI address), its release and namespace, and what is known of it.

    `first` are the versions of the chart from which on it needs at least a version of Kubernetes. `tested` is the
    newest minor version that the values of the compiler were written for.
    """

    chart: str
    repository: str
    tested: str
    first: tuple[tuple[str, str], ...] = ()


#: Add-on -> its chart. Versions of Kubernetes: "Compatibility matrix" in the README of metrics-server (0.7 is chart
#: 3.12, 0.8 is chart 3.13; no row for 0.9 was found); "Deploy AWS Load Balancer Controller" in its documentation (1.22
#: from version 2.4.2 on; from 3.0 on the chart has the version of the controller), and the notes of its release 2.7.0
#: (chart 1.7.0), the first that takes its role by EKS Pod Identity. Reloader states none
#: beyond 1.19. Newest versions that were seen in use: metrics-server 3.14.0 (2026-09), reloader 2.2.18 (2026-10),
#: aws-load-balancer-controller 3.5.0 (2026-09), karpenter 1.14.1 (2026-10).
CHARTS: Final[dict[str, Chart]] = {
    "metrics-server": Chart(
        "metrics-server",
        "https://kubernetes-sigs.github.io/metrics-server/",
        "3.14",
        (("3.12", "1.27"), ("3.13", "1.31")),
    ),
    "reloader": Chart("reloader", "https://stakater.github.io/stakater-charts", "2.2", (("1.0", "1.19"),)),
    "load-balancer-controller": Chart(
        "aws-load-balancer-controller", "https://aws.github.io/eks-charts", "3.5", (("1.7", "1.22"),)
    ),
    "karpenter-crd": Chart("oci://public.ecr.aws/karpenter/karpenter-crd", "", "1.14"),
    "karpenter": Chart("oci://public.ecr.aws/karpenter/karpenter", "", "1.14"),
}

#: First minor version of the EBS CSI driver that takes its role by EKS Pod Identity:
#: kubernetes-sigs/aws-ebs-csi-driver, issue 1870 (1.25 was released before, and finds no credentials).
EBS_CSI_FIRST: Final = "1.26"

#: Tool -> least version of it, and why.
TOOLS: Final[dict[str, tuple[str, str]]] = {
    "aws": ("2.15.0", "pod identities"),
    "eksctl": ("0.229.0", "seen to create clusters of 1.36 in 2026-07"),
    "helm": ("3.14.0", "charts in OCI registries"),
}


def minor(version: str) -> tuple[int, int]:
    """Return major and minor version as numbers: ``1.36`` and ``v1.36.2`` are (1, 36)."""
    major, second = version.removeprefix("v").split(".")[:2]
    return int(major), int(second)


def newest_standard() -> str:
    """Return the newest version of Kubernetes that is in standard support."""
    return max((v for v, row in SUPPORT.items() if row.in_standard(AS_OF)), key=minor)
