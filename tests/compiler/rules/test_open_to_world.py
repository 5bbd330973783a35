from __future__ import annotations

import pytest
from rule_support import findings, marked, spec, waived

from lenie.compiler.rules.open_to_world import is_wide


def group(ingress: str, parameters: str = "", more: str = "") -> str:
    return spec(
        f"""
        vpc: {{kind: network, cidr: 10.0.0.0/16, subnets: {{public: {{cidrs: [10.0.1.0/24], public: true}}}}}}
        door: {{kind: security-group, network: vpc, description: Door, ingress: {ingress}{more}}}
        """,
        parameters,
    )


@pytest.mark.parametrize(
    "ingress",
    [
        "{22/tcp: 203.0.113.10/32}",
        "{22/tcp: 10.0.0.0/8}",
        "{80/tcp: anywhere, 443/tcp: anywhere, 1194/udp: anywhere}",
        "{22/udp: anywhere}",
        "{icmp/echo: anywhere}",
        "{5432/tcp: other}",
        "{8000-8100/tcp: anywhere}",
    ],
)
def test_what_may_be_open(ingress: str) -> None:
    text = group(ingress)
    text += "      other: {kind: security-group, network: vpc, description: Other}\n"
    assert not findings("E315", text)


@pytest.mark.parametrize(
    ("ingress", "message", "at"),
    [
        ("{22/tcp: anywhere}", "port 22 (SSH) can be reached from 0.0.0.0/0", "anywhere"),
        ("{22/tcp: 0.0.0.0/0}", "port 22 (SSH) can be reached from 0.0.0.0/0", "0.0.0.0/0"),
        ("{22/tcp: '::/0'}", "port 22 (SSH) can be reached from ::/0", "'::/0'"),
        (
            "{5432/tcp: [10.0.0.0/8, 128.0.0.0/1]}",
            "port 5432 (PostgreSQL) can be reached from 128.0.0.0/1",
            "128.0.0.0/1",
        ),
        ("{3389/tcp: anywhere}", "port 3389 (RDP) can be reached from 0.0.0.0/0", "anywhere"),
        ("{20-25/tcp: anywhere}", "ports 22 (SSH), 23 (Telnet) can be reached from 0.0.0.0/0", "anywhere"),
        (
            "{1-65535/tcp: anywhere}",
            "ports 22 (SSH), 23 (Telnet), 135 (RPC) and 14 more can be reached from 0.0.0.0/0",
            "anywhere",
        ),
    ],
)
def test_what_may_not_be_open(ingress: str, message: str, at: str) -> None:
    text = group(ingress)
    [found] = findings("E315", text)
    assert found.message == message
    assert marked(text, found) == at


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("{type: cidr, default: 203.0.113.0/24, description: Admins}", 0),
        ("{type: cidr, default: 0.0.0.0/0, description: Admins}", 1),
        ("{type: list(cidr), default: [203.0.113.0/24, 0.0.0.0/0], description: Admins}", 1),
        ("{type: cidr, default: 203.0.113.0/24, description: Admins, values: {dev: 0.0.0.0/0}}", 1),
    ],
)
def test_values_of_a_parameter_count(parameter: str, expected: int) -> None:
    text = group('{22/tcp: "${param.admins}"}', f"admins: {parameter}")
    found = findings("E315", text)
    assert len(found) == expected
    for one in found:
        assert marked(text, one) == '"${param.admins}"'
        assert marked(text, one, 1) == "admins"


def test_instances_count() -> None:
    text = group("{}") + (
        "      host: {kind: instance, type: t3.micro, hours: 1, image: amazon-linux-2023, subnet: vpc.public-a,"
        " disk: 8GB, ingress: {22/tcp: anywhere}}\n"
    )
    [found] = findings("E315", text)
    assert marked(text, found) == "anywhere"


@pytest.mark.parametrize(
    ("type", "properties", "expected"),
    [
        (
            "AWS::EC2::SecurityGroup",
            "{SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]}",
            1,
        ),
        ("AWS::EC2::SecurityGroup", '{SecurityGroupIngress: [{IpProtocol: "-1", CidrIpv6: "::/0"}]}', 1),
        (
            "AWS::EC2::SecurityGroup",
            "{SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]}",
            0,
        ),
        (
            "AWS::EC2::SecurityGroup",
            "{SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]}",
            0,
        ),
        ("AWS::EC2::SecurityGroupIngress", '{IpProtocol: "6", FromPort: "5000", ToPort: "6000", CidrIp: 0.0.0.0/0}', 1),
        ("AWS::EC2::SecurityGroupIngress", "{IpProtocol: udp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}", 0),
        ("AWS::EC2::SecurityGroupIngress", "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}", 0),
        ("AWS::EC2::SecurityGroupIngress", '{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: "${param.all}"}', 1),
    ],
)
def test_raw_groups_count(type: str, properties: str, expected: int) -> None:
    parameters = "all: {type: cidr, default: 0.0.0.0/0, description: All}"
    text = spec(f"raw: {{kind: cloudformation, type: {type}, properties: {properties}}}", parameters)
    assert len(findings("E315", text)) == expected


def test_it_can_be_waived() -> None:
    text = group("{22/tcp: anywhere}", more=", waive: {E315: it is there to be attacked}")
    assert not findings("E315", text)
    [note] = waived("E315", text)
    assert note.message == "waived: port 22 (SSH) can be reached from 0.0.0.0/0"


@pytest.mark.parametrize(
    ("network", "wide"),
    [("10.0.0.0/8", False), ("0.0.0.0/7", True), ("2000::/3", True), ("2001:db8::/32", False), ("nonsense", False)],
)
def test_wide_networks(network: str, wide: bool) -> None:
    assert is_wide(network) is wide
