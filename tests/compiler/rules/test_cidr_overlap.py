from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived


def network(cidr: str, *groups: str) -> str:
    lines = "".join(f"\n            {chr(97 + i)}s: {{cidrs: [{group}]}}" for i, group in enumerate(groups))
    return spec(f"""
        vpc:
          kind: network
          cidr: {cidr}
          subnets:{lines}
        """)


@pytest.mark.parametrize(
    ("cidr", "groups"),
    [
        ("10.0.0.0/16", ["10.0.1.0/24, 10.0.2.0/24", "10.0.3.0/24"]),
        ("10.0.0.0/16", ["10.0.0.0/17", "10.0.128.0/17"]),
        ("10.0.0.0/28", ["10.0.0.0/28"]),
        ("10.0.0.0/16", [", ".join(f"10.0.{n}.0/24" for n in range(6))]),
    ],
)
def test_plans_that_fit(cidr: str, groups: list[str]) -> None:
    assert not findings("E310", network(cidr, *groups))


@pytest.mark.parametrize(
    ("cidr", "groups", "message", "at"),
    [
        ("10.0.0.0/16", ["10.0.1.0/24", "10.0.0.0/20"], "10.0.0.0/20 overlaps 10.0.1.0/24", "10.0.0.0/20"),
        ("10.0.0.0/16", ["10.0.1.0/24, 10.0.1.128/25"], "10.0.1.128/25 overlaps 10.0.1.0/24", "10.0.1.128/25"),
        ("10.0.0.0/16", ["10.1.1.0/24"], "10.1.1.0/24 lies outside the network 10.0.0.0/16", "10.1.1.0/24"),
        ("10.0.0.0/24", ["10.0.0.0/23"], "10.0.0.0/23 lies outside the network 10.0.0.0/24", "10.0.0.0/23"),
        ("10.0.0.0/16", ["10.0.1.0/29"], "10.0.1.0/29 is smaller than /28", "10.0.1.0/29"),
        ("10.0.0.0/16", ["10.0.0.0/15"], "10.0.0.0/15 is larger than /16", "10.0.0.0/15"),
        ("10.0.0.0/8", ["10.0.1.0/24"], "10.0.0.0/8 is larger than /16", "10.0.0.0/8"),
        ("10.0.0.0/29", ["10.0.0.0/29"], "10.0.0.0/29 is smaller than /28", "10.0.0.0/29"),
        ("10.0.0.0/16", ["'2001:db8::/32'"], "a subnet has an IPv4 network here", "'2001:db8::/32'"),
        ("'2001:db8::/32'", ["10.0.0.0/24"], "a VPC has an IPv4 network here", "'2001:db8::/32'"),
    ],
)
def test_plans_that_do_not_fit(cidr: str, groups: list[str], message: str, at: str) -> None:
    text = network(cidr, *groups)
    [found] = findings("E310", text)
    assert found.message == message
    assert marked(text, found) == at


def test_more_subnets_than_zones() -> None:
    text = network("10.0.0.0/16", ", ".join(f"10.0.{n}.0/24" for n in range(7)))
    [found] = findings("E310", text)
    assert found.message == 'the group "as" has 7 subnets, and a region has at most 6 zones'


def test_every_fault_is_told() -> None:
    text = network("10.0.0.0/16", "10.0.1.0/24, 10.0.1.0/25", "10.9.0.0/24, 10.0.1.0/26")
    assert [marked(text, one) for one in findings("E310", text)] == [
        "10.0.1.0/25",
        "10.9.0.0/24",
        "10.0.1.0/26",
        "10.0.1.0/26",
    ]


def test_it_can_be_waived() -> None:
    text = network("10.0.0.0/16", "10.0.1.0/24, 10.0.1.0/25") + "        waive: {E310: AWS changed its limits}\n"
    assert not findings("E310", text)
    assert len(waived("E310", text)) == 1
