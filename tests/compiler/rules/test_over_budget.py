from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived

from lenie.compiler.data.prices import EC2_HOURLY, GB_MONTH, HOURLY


def spend(hours: int, limit: str, more: str = "") -> str:
    return spec(f"""
        money: {{kind: budget, limit: {limit}, email: a@example.com, alerts: [actual > 80%]{more}}}
        vpc: {{kind: network, cidr: 10.0.0.0/16, subnets: {{public: {{cidrs: [10.0.1.0/24], public: true}}}}}}
        host:
          kind: instance
          type: t3.micro
          hours: {hours}
          image: amazon-linux-2023
          subnet: vpc.public-a
          disk: 8GB
        """)


def cost(hours: int) -> float:
    return hours * (EC2_HOURLY["t3.micro"] + HOURLY["vpc.public-ipv4"]) + 8 * GB_MONTH["ebs.gp3"]


@pytest.mark.parametrize(
    ("hours", "limit", "expected"), [(20, "1 USD", 0), (30, "1 USD", 1), (730, "12 USD", 0), (730, "11.87 USD", 1)]
)
def test_the_budget_is_compared(hours: int, limit: str, expected: int) -> None:
    text = spend(hours, limit)
    found = findings("E319", text)
    assert len(found) == expected == (cost(hours) > float(limit.split()[0]))
    for one in found:
        assert f"costs about {cost(hours):.2f} USD a month" in one.message
        assert f'"host" t3.micro, {hours} hours' in one.message
        assert marked(text, one) == limit


def test_without_a_budget_nothing_is_compared() -> None:
    lines = [line for line in spend(730, "1 USD").splitlines() if "kind: budget" not in line]
    assert not findings("E319", "\n".join(lines) + "\n")


def test_it_can_be_waived() -> None:
    text = spend(730, "1 USD", ", waive: {E319: the migration ends in May}")
    assert not findings("E319", text)
    assert len(waived("E319", text)) == 1
