from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked, waived

from lenie.compiler.data import kubernetes
from lenie.compiler.data.kubernetes import minor

POOL = "pools: {default: {families: [c], cpu-limit: 8, memory-limit: 32GB}}"


def karpenter(version: str, cluster: str, more: str = "") -> str:
    return cluster_spec(f"karpenter: {{version: {version}, {POOL}}}\n{more}", version=cluster)


@pytest.mark.parametrize(
    ("version", "cluster"),
    [
        ("1.14.1", "1.36"),
        ("1.13.0", "1.36"),
        ("1.9.1", "1.35"),
        ("1.6.0", "1.34"),
        ("1.15.0", "1.36"),
        ("2.0.0", "1.36"),
    ],
)
def test_karpenter_that_fits(version: str, cluster: str) -> None:
    assert not findings("E346", karpenter(version, cluster))


@pytest.mark.parametrize(("version", "cluster"), [("1.12.1", "1.36"), ("1.8.2", "1.35"), ("1.5.0", "1.34")])
def test_karpenter_that_is_too_old(version: str, cluster: str) -> None:
    text = karpenter(version, cluster)
    [found] = findings("E346", text)
    assert found.message.endswith(f"and the cluster has {cluster}")
    assert marked(text, found) == f"{version}"
    newer = found.help.removeprefix("write ").removesuffix(" or newer")
    assert not findings("E346", karpenter(newer, cluster))


def test_karpenter_without_the_stable_api() -> None:
    [found] = findings("E346", karpenter("0.37.0", "1.34"))
    assert found.message == "Karpenter 0.37.0 does not have the API karpenter.sh/v1"


def test_a_cluster_that_is_too_old_for_karpenter() -> None:
    text = karpenter("1.14.1", "1.28", "waive: {E344: it is there since a long time}")
    [found] = findings("E346", text)
    assert found.message == "Karpenter 1.14.1 needs Kubernetes 1.29 or newer, and the cluster has 1.28"


@pytest.mark.parametrize(
    ("addon", "version", "cluster", "message"),
    [
        (
            "metrics-server",
            "3.13.0",
            "1.30",
            "metrics-server 3.13.0 needs Kubernetes 1.31 or newer, and the cluster has 1.30",
        ),
        ("metrics-server", "3.12.2", "1.30", ""),
        ("metrics-server", "3.14.0", "1.36", ""),
        ("metrics-server", "3.8.0", "1.36", "metrics-server 3.8.0 is too old: the compiler knows it from 3.12 on"),
        ("load-balancer-controller", "3.5.0", "1.36", ""),
        ("load-balancer-controller", "1.17.1", "1.36", ""),
        (
            "load-balancer-controller",
            "1.2.0",
            "1.36",
            "load-balancer-controller 1.2.0 is too old: the compiler knows it from 1.7 on",
        ),
        # Those before take no role by EKS Pod Identity.
        ("load-balancer-controller", "1.7.1", "1.36", ""),
        (
            "load-balancer-controller",
            "1.6.2",
            "1.36",
            "load-balancer-controller 1.6.2 is too old: the compiler knows it from 1.7 on",
        ),
        ("ebs-csi", "v1.26.0-eksbuild.1", "1.36", ""),
        ("ebs-csi", "v2.0.0-eksbuild.3", "1.36", ""),
        (
            "ebs-csi",
            "v1.25.0-eksbuild.1",
            "1.36",
            "ebs-csi v1.25.0-eksbuild.1 is too old: from 1.26 on it takes its role by EKS Pod Identity",
        ),
        ("reloader", "2.2.18", "1.36", ""),
        ("reloader", "0.0.1", "1.36", "reloader 0.0.1 is too old: the compiler knows it from 1.0 on"),
    ],
)
def test_charts(addon: str, version: str, cluster: str, message: str) -> None:
    more = f"addons: {{{addon}: {version}}}\nwaive: {{E344: this is a test of another rule}}"
    text = cluster_spec(more, version=cluster)
    assert [found.message for found in findings("E346", text)] == [message] * bool(message)
    if message:
        assert marked(text, findings("E346", text)[0]) == version


def test_waiver() -> None:
    text = karpenter("1.12.1", "1.36", "waive: {E346: it was tried and works}")
    assert not findings("E346", text)
    assert len(waived("E346", text)) == 1


def test_the_table_grows() -> None:
    rows = sorted(kubernetes.KARPENTER.items(), key=lambda row: minor(row[0]))
    newest = [minor(last) for _, (_, last) in rows]
    assert newest == sorted(newest)
    assert all(minor(oldest) < minor(last) for oldest, last in kubernetes.KARPENTER.values())
