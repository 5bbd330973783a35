from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked, waived


@pytest.mark.parametrize("access", ["203.0.113.0/24", "[203.0.113.0/24, 10.0.0.0/8]", "${param.admins}"])
def test_named_networks(access: str) -> None:
    assert not findings("E348", cluster_spec(access=access))


@pytest.mark.parametrize("access", ["0.0.0.0/0", "[203.0.113.0/24, 0.0.0.0/0]"])
def test_everybody(access: str) -> None:
    text = cluster_spec(access=access)
    [found] = findings("E348", text)
    assert found.message == 'the API server of "demo" can be called from 0.0.0.0/0'
    assert marked(text, found) == "0.0.0.0/0"


def test_a_parameter_that_means_everybody() -> None:
    text = cluster_spec(admins="[203.0.113.0/24, 128.0.0.0/1]")
    [found] = findings("E348", text)
    assert found.message.endswith("can be called from 128.0.0.0/1")
    assert marked(text, found) == "${param.admins}"
    assert marked(text, found, 1) == "admins"


def test_waiver() -> None:
    text = cluster_spec("waive: {E348: it lives for an afternoon}", access="0.0.0.0/0")
    assert not findings("E348", text)
    assert len(waived("E348", text)) == 1
