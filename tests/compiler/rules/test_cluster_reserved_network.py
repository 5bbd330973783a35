from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from rule_support import findings, marked


@pytest.mark.parametrize(
    "access",
    [
        "203.0.113.0/24",
        "[192.0.2.0/24, 198.51.100.7/32]",
        "${param.admins}",
        "0.0.0.0/0",
        "172.15.0.0/16",
        "11.0.0.0/8",
    ],
)
def test_what_the_internet_knows(access: str) -> None:
    assert not findings("E349", cluster_spec(access=access))


@pytest.mark.parametrize(
    "network",
    [
        *("10.0.0.0/8", "10.1.2.3/32", "172.16.0.0/16", "192.168.1.0/24", "100.64.0.0/10", "127.0.0.1/32"),
        *("169.254.0.0/16", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/8"),
    ],
)
def test_reserved_addresses(network: str) -> None:
    for access in (network, f"[203.0.113.0/24, {network}]"):
        text = cluster_spec(access=access)
        [found] = findings("E349", text)
        assert found.message == f"EKS refuses {network}: nobody calls an API server from there over the internet"
        assert marked(text, found) == network


def test_a_parameter_with_a_private_network() -> None:
    text = cluster_spec(admins="[203.0.113.0/24, 10.0.0.0/24]")
    [found] = findings("E349", text)
    assert "10.0.0.0/24" in found.message
    assert marked(text, found) == "${param.admins}"
    assert marked(text, found, 1) == "admins"


@pytest.mark.parametrize(("own", "more", "told"), [(39, 1, ""), (40, 1, "41"), (41, 0, "41"), (1, 40, "41")])
def test_the_number_of_networks(own: int, more: int, told: str) -> None:
    listed = [f"203.0.113.{number}/32" for number in range(own)] + (["'${param.admins}'"] if more else [])
    admins = ", ".join(f"198.51.100.{number}/32" for number in range(more or 1))
    found = findings("E349", cluster_spec(access=f"[{', '.join(listed)}]", admins=f"[{admins}]"))
    expected = [f'{told} networks may call the API server of "demo", and EKS takes 40'] if told else []
    assert [one.message for one in found] == expected


def test_it_cannot_be_waived() -> None:
    text = cluster_spec("waive: {E349: everybody is in the office}", access="10.0.0.0/24")
    assert findings("E349", text)
