from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked, waived

from lenie.compiler.data import kubernetes

DAY = kubernetes.AS_OF
EXTENDED = [v for v, row in kubernetes.SUPPORT.items() if not row.in_standard(DAY) and row.in_extended(DAY)]
STANDARD = [v for v, row in kubernetes.SUPPORT.items() if row.in_standard(DAY)]


@pytest.mark.parametrize("version", EXTENDED)
def test_extended_support_and_its_cost(version: str) -> None:
    text = cluster_spec(version=version)
    [found] = findings("W345", text)
    assert found.severity == "warning"
    assert f"ended on {kubernetes.SUPPORT[version].standard}" in found.message
    assert "0.60 instead of 0.10 USD an hour, 365 USD a month more" in found.message
    assert marked(text, found) == f'"{version}"'


@pytest.mark.parametrize("version", STANDARD)
def test_standard_support(version: str) -> None:
    assert not findings("W345", cluster_spec(version=version))


def test_both_kinds_are_in_the_table() -> None:
    assert EXTENDED
    assert STANDARD


def test_waiver() -> None:
    text = cluster_spec("waive: {W345: the operator does not run on newer ones}", version=EXTENDED[0])
    assert not findings("W345", text)
    assert len(waived("W345", text)) == 1
