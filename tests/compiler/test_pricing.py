from __future__ import annotations

import pytest
from rule_support import ROOT, checked, spec

from lenie.compiler.data.prices import FREE_PER_MONTH, HOURLY, HOURS_PER_MONTH, MONTHLY
from lenie.compiler.pricing import CostItem, estimate, total

SPEC = ROOT / "spec" / "lenie.yaml"


def items(text: str) -> list[CostItem]:
    program, _ = checked(text)
    return estimate(program)


def host(type: str, more: str = "", subnet: str = "public-a") -> str:
    return f"""
        vpc:
          kind: network
          cidr: 10.0.0.0/16
          subnets: {{public: {{cidrs: [10.0.1.0/24], public: true}}, data: {{cidrs: [10.0.2.0/24]}}}}
        host:
          kind: instance
          type: {type}
          hours: 100
          image: ami-0123456789abcdef0
          subnet: vpc.{subnet}
          disk: 8GB{more}
        """


def test_an_instance_costs_its_hours_its_address_and_its_disk() -> None:
    found = items(spec(host("t3.micro")))
    assert [(item.what, item.quantity, item.unit, round(item.usd, 3)) for item in found] == [
        ("t3.micro", 100, "hours", 1.04),
        ("public IPv4 address", 100, "hours", 0.5),
        ("volume", 8, "GB", 0.64),
    ]


def test_a_private_instance_has_no_address() -> None:
    assert [item.what for item in items(spec(host("t3.micro", subnet="data-a")))] == ["t3.micro", "volume"]


def test_the_dearest_value_of_a_parameter_counts() -> None:
    parameter = "size: {type: instance-type, default: t3.nano, description: Size, values: {prod: t3.small}}"
    assert items(spec(host('"${param.size}"'), parameter))[0].what == "t3.small"


def test_a_type_without_a_price_is_left_out() -> None:
    assert [item.what for item in items(spec(host("zz99.metal")))] == ["public IPv4 address", "volume"]


@pytest.mark.parametrize(
    ("resource", "usd"),
    [
        ("{kind: zone, domain: example.com}", 0.50),
        ("{kind: secret, description: Keys, fields: [key]}", 0.40),
        ("{kind: queue}", 0),
        ("{kind: table, key: {pk: string}}", 0),
        ("{kind: cloudformation, type: 'AWS::EC2::NatGateway'}", HOURLY["vpc.nat-gateway"] * HOURS_PER_MONTH),
        ("{kind: cloudformation, type: 'AWS::KMS::Key'}", 1.00),
        ("{kind: cloudformation, type: 'AWS::EC2::VPCEndpoint', properties: {VpcEndpointType: Gateway}}", 0),
        (
            "{kind: cloudformation, type: 'AWS::EC2::VPCEndpoint', "
            "properties: {VpcEndpointType: Interface, SubnetIds: [a, b]}}",
            2 * HOURLY["vpc.interface-endpoint"] * HOURS_PER_MONTH,
        ),
        ("{kind: cloudformation, type: 'AWS::IAM::Role'}", 0),
    ],
)
def test_what_costs_something_for_existing(resource: str, usd: float) -> None:
    assert sum(item.usd for item in items(spec(f"one: {resource}"))) == pytest.approx(usd)


@pytest.mark.parametrize("queues", [9, 10, 11, 13])
def test_ten_alarms_are_free(queues: int) -> None:
    resources = "".join(
        f"q{n}: {{kind: queue}}\na{n}: {{kind: alarm, watch: q{n}, when: [not-empty], notify: news}}\n"
        for n in range(queues)
    )
    found = items(spec("news: {kind: topic, email: []}\n" + resources))
    charged = max(0, queues - int(FREE_PER_MONTH["cloudwatch.alarm"]))
    assert sum(item.usd for item in found) == pytest.approx(charged * MONTHLY["cloudwatch.alarm"])


def test_the_project_keeps_its_budget() -> None:
    program, _ = checked(SPEC.read_text(encoding="utf-8"), SPEC.parent)
    found = estimate(program)
    running = sum(item.usd for item in found if item.unit == "hours")
    stopped = sum(item.usd for item in found if item.unit != "hours")
    assert stopped == pytest.approx(5.52), "with everything stopped: about 5.5 USD"
    assert stopped + running < 8


def test_all_environments_pay_and_share() -> None:
    text = spec("zone: {kind: zone, domain: example.com}")
    shared = "  account:\n    layer: base\n    scope: account\n    resources:\n"
    program, _ = checked(text + shared + "      keys: {kind: secret, description: Keys, fields: [key]}\n")
    assert len(program.document.environments) == 2
    assert total(program) == pytest.approx(2 * 0.50 + 0.40)
    assert sum(item.usd for item in estimate(program)) == pytest.approx(0.50 + 0.40)
