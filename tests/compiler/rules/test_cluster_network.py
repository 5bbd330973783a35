from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked

LBC = "addons: {load-balancer-controller: 3.5.0}"


def test_public_subnets_in_two_zones() -> None:
    assert not findings("E347", cluster_spec(LBC))


@pytest.mark.parametrize(
    ("network", "message", "help"),
    [
        ("vpc.private", 'nodes in "vpc.private" would have no way to the internet', "instance vpc.public"),
        ("vpc.single", 'EKS needs subnets in two availability zones, and "vpc.single" has one', "add a second"),
    ],
)
def test_subnets_that_do_not_do(network: str, message: str, help: str) -> None:
    text = cluster_spec(network=network)
    [found] = findings("E347", text)
    assert found.message.startswith(message)
    assert help in found.help
    assert marked(text, found) == network
    assert marked(text, found, 1) == network.partition(".")[2]


@pytest.mark.parametrize("tags", ["{}", '{kubernetes.io/role/elb: ""}', '{kubernetes.io/role/internal-elb: "1"}'])
def test_the_load_balancer_controller_needs_a_tag(tags: str) -> None:
    assert not findings("E347", cluster_spec(tags=tags))
    text = cluster_spec(LBC, tags=tags)
    [found] = findings("E347", text)
    assert found.message == (
        'the load balancer controller of "demo" would find no subnet: "vpc.public" lacks the tag kubernetes.io/role/elb'
    )
    assert marked(text, found) == "3.5.0"


def test_it_cannot_be_waived() -> None:
    text = cluster_spec("waive: {E347: nodes need no internet}", network="vpc.private")
    assert len(findings("E347", text)) == 1
