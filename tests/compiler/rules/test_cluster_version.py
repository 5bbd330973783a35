from __future__ import annotations

from datetime import timedelta

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked, waived

from lenie.compiler.data import kubernetes
from lenie.compiler.rules import cluster_extended_support


@pytest.mark.parametrize("version", [v for v, row in kubernetes.SUPPORT.items() if row.in_extended(kubernetes.AS_OF)])
def test_supported_versions(version: str) -> None:
    assert not findings("E344", cluster_spec(version=version))


@pytest.mark.parametrize(
    "version", [v for v, row in kubernetes.SUPPORT.items() if not row.in_extended(kubernetes.AS_OF)]
)
def test_versions_past_their_end(version: str) -> None:
    text = cluster_spec(version=version)
    [found] = findings("E344", text)
    end = kubernetes.SUPPORT[version].extended
    assert found.message == f"EKS ended extended support for Kubernetes {version} on {end}"
    assert marked(text, found) == f'"{version}"'
    assert f'write "{kubernetes.newest_standard()}"' in found.help
    # What has ended is not told to cost more, too.
    assert not findings(cluster_extended_support.CODE, text)


@pytest.mark.parametrize("version", ["1.37", "1.99"])
def test_unknown_versions(version: str) -> None:
    [found] = findings("E344", cluster_spec(version=version))
    assert found.message.startswith(f"the compiler knows no Kubernetes {version} on EKS")


def test_very_old_versions() -> None:
    [found] = findings("E344", cluster_spec(version="1.9"))
    assert found.message == "EKS has not supported Kubernetes 1.9 for years"


def test_waiver() -> None:
    text = cluster_spec("waive: {E344: AWS offers 1.37 since last week}", version="1.37")
    assert not findings("E344", text)
    assert len(waived("E344", text)) == 1
    assert [d.code for d in findings("W326", cluster_spec("waive: {E344: AWS offers it since last week}"))] == ["W326"]


def test_the_table_is_in_order() -> None:
    rows = list(kubernetes.SUPPORT.values())
    for row in rows:
        # 14 months of standard and 12 of extended support, as the guide says, give or take some days.
        assert timedelta(days=410) <= row.standard - row.released <= timedelta(days=440), row
        assert (row.extended.year, row.extended.month, row.extended.day) == (
            row.standard.year + 1,
            row.standard.month,
            row.standard.day,
        )
    assert [row.version for row in sorted(rows, key=lambda row: kubernetes.minor(row.version))] == [
        row.version for row in sorted(rows, key=lambda row: row.released)
    ]
    assert kubernetes.SUPPORT[kubernetes.newest_standard()].in_standard(kubernetes.AS_OF)
