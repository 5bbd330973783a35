from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked, waived


@pytest.mark.parametrize("types", ["[t3.small]", "[t2.medium, t3a.large]", "[m7g.medium]", "[c7i-flex.large]"])
def test_nodes_with_room(types: str) -> None:
    assert not findings("E350", cluster_spec(types=types))


@pytest.mark.parametrize("type", ["t3.micro", "t4g.nano", "t2.micro"])
def test_nodes_without_room(type: str) -> None:
    text = cluster_spec(types=f"[{type}]")
    [found] = findings("E350", text)
    assert found.message == f"{type} has room for 4 pods, and what runs on every node takes them"
    assert found.help == f"write {type.partition('.')[0]}.medium, or a larger one"
    assert marked(text, found) == type


def test_one_of_several() -> None:
    text = cluster_spec(types="[t3.medium, t3.micro]")
    [found] = findings("E350", text)
    assert marked(text, found) == "t3.micro"


def test_machines_that_run_no_linux() -> None:
    [found] = findings("E350", cluster_spec(types="[mac1.metal]"))
    assert found.message == "mac1.metal cannot be a node: EKS runs no pods on macOS"


def test_waiver() -> None:
    text = cluster_spec("waive: {E350: a watchdog is all that they run}", types="[t3.micro]")
    assert not findings("E350", text)
    assert len(waived("E350", text)) == 1
