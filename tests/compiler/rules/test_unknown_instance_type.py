from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived

NETWORK = "vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {data: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}}"


def host(type: str, more: str = "") -> str:
    fields = f"type: {type}, hours: 1, image: ami-0123456789abcdef0, subnet: vpc.data-a, disk: 8GB{more}"
    return spec(f"{NETWORK}\nhost: {{kind: instance, {fields}}}\n")


def store(class_: str) -> str:
    return spec(f"""
        {NETWORK}
        group: {{kind: security-group, network: vpc, description: Group}}
        login: {{kind: secret, description: Master, generate: {{username: lenie}}}}
        store:
          kind: database
          engine: postgres 17
          class: {class_}
          hours: 1
          storage: 20GB
          name: lenie
          credentials: login
          subnets: vpc.data
          ingress: [group]
        """)


@pytest.mark.parametrize("type", ["t3.micro", "t4g.nano", "p4d.24xlarge", "c7i-flex.large", "m8g.metal-24xl"])
def test_types_that_exist(type: str) -> None:
    assert not findings("E338", host(type))


@pytest.mark.parametrize(
    ("type", "help"),
    [
        ("t3.mikro", 'did you mean "t3.micro"?'),
        ("t4.micro", 'did you mean "t4g.micro"?'),
        ("t3.metal", "t3 has the sizes nano, micro, small, medium, large, xlarge, 2xlarge"),
        ("zz99.potato", "write family and size: t3.micro, t4g.small"),
    ],
)
def test_types_that_do_not(type: str, help: str) -> None:
    text = host(type)
    [found] = findings("E338", text)
    assert (found.message, found.help) == (f'AWS has no instance type "{type}"', help)
    assert marked(text, found) == type
    allowed = host(type, ", waive: {E338: newer than the table}")
    assert not findings("E338", allowed)
    assert len(waived("E338", allowed)) == 1


@pytest.mark.parametrize("class_", ["db.t3.micro", "db.m5.24xlarge", "db.r8g.large"])
def test_classes_that_exist(class_: str) -> None:
    assert not findings("E338", store(class_))


@pytest.mark.parametrize(
    ("class_", "help"),
    [
        ("db.t3.mikro", 'did you mean "db.t3.micro"?'),
        ("db.t3.nano", "db.t3 has the sizes micro, small, medium, large, xlarge, 2xlarge"),
        ("db.t4h.micro", 'did you mean "db.t4g.micro"?'),
    ],
)
def test_classes_that_do_not(class_: str, help: str) -> None:
    text = store(class_)
    [found] = findings("E338", text)
    assert (found.message, found.help) == (f'AWS has no database class "{class_}"', help)


def test_launch_templates_and_parameters() -> None:
    text = spec(
        'template: {kind: launch-template, image: ami-0123456789abcdef0, type: "${param.size}"}',
        "size: {type: instance-type, default: t3.micro, description: Size, values: {prod: t3.huge}}",
    )
    [found] = findings("E338", text)
    assert marked(text, found) == "t3.huge"
    assert marked(text, found, 1) == "template"
