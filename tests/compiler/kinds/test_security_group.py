"""Security groups, and the ``ingress:`` map that instances share with them."""

from __future__ import annotations

from typing import Any

import pytest
from support import ROOT, compile_snippet, errors, one, resource, run, schema_faults, text_of

from lenie.compiler.expressions import AttributeOf, ParameterItem, ParameterValue
from lenie.compiler.graph import Resource
from lenie.compiler.ingress import ANYWHERE, networks, parse_ingress, rules
from lenie.compiler.kinds.security_group import SecurityGroup
from lenie.compiler.load import parse
from lenie.compiler.types import Reference
from lenie.compiler.validate import validate

VPC = "vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {data: {cidrs: [10.0.1.0/24]}}}\n"
PARAMETERS = {
    "admins": {"type": "list(cidr)", "default": ["203.0.113.0/28", "198.51.100.7/32"], "description": "Administrators"},
    "office": {"type": "cidr", "default": "192.0.2.0/24", "description": "Office", "values": {"prod": "192.0.2.0/28"}},
    "nobody": {"type": "list(cidr)", "default": [], "description": "Nobody"},
    "mail": {"type": "email", "default": "a@example.com", "description": "Mail"},
}
SPEC = ("components", "main", "resources", "ssh")


def group(ingress: str, more: str = "") -> Resource:
    text = VPC + f"ssh: {{kind: security-group, network: vpc, description: SSH, ingress: {ingress}{more}}}\n"
    text += "other: {kind: security-group, network: vpc, description: Other}\n"
    graph = compile_snippet(one(text), parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return resource(graph, "SshSecurityGroup")


def rule(ingress: str) -> dict[str, Any]:
    properties: Any = group(ingress).properties
    (found,) = properties["SecurityGroupIngress"]
    assert isinstance(found, dict)
    return found


def test_group() -> None:
    found = group("{22/tcp: 10.0.0.0/8}")
    assert found.properties["VpcId"] == AttributeOf("main", "Vpc", "Ref")
    assert found.properties["GroupDescription"] == "SSH"
    assert found.origin(("GroupDescription",)) == (*SPEC, "description")
    assert found.properties["SecurityGroupEgress"] == [
        {"CidrIp": ANYWHERE, "IpProtocol": "-1", "Description": "To anywhere"}
    ]


def test_without_ingress_nothing_comes_in() -> None:
    assert "SecurityGroupIngress" not in group("{}").properties


def test_without_egress_nothing_goes_out() -> None:
    properties: Any = group("{}", ", egress: none").properties
    (found,) = properties["SecurityGroupEgress"]
    assert found["CidrIp"] == "127.0.0.1/32"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("22/tcp", ("tcp", 22, 22)),
        ("1194/udp", ("udp", 1194, 1194)),
        ("8000-8100/tcp", ("tcp", 8000, 8100)),
        ("icmp/echo", ("icmp", 8, -1)),
    ],
)
def test_ports(key: str, expected: tuple[str, int, int]) -> None:
    found = rule(f"{{{key}: 10.0.0.0/8}}")
    assert (found["IpProtocol"], found["FromPort"], found["ToPort"]) == expected
    assert found["CidrIp"] == "10.0.0.0/8"
    assert found["Description"] == f"{key} from 10.0.0.0/8"


def test_every_source() -> None:
    found = group('{443/tcp: [anywhere, "${param.admins}", "${param.office}", other, "2001:db8::/32"]}')
    sources: Any = found.properties["SecurityGroupIngress"]
    assert [
        (s.get("CidrIp") or s.get("CidrIpv6") or s.get("SourceSecurityGroupId"), s["Description"]) for s in sources
    ] == [
        ("0.0.0.0/0", "443/tcp from anywhere"),
        (ParameterItem("admins", 0), "443/tcp from admins"),
        (ParameterItem("admins", 1), "443/tcp from admins"),
        (ParameterValue("office"), "443/tcp from office"),
        (AttributeOf("main", "OtherSecurityGroup", "GroupId"), "443/tcp from other"),
        ("2001:db8::/32", "443/tcp from 2001:db8::/32"),
    ]
    assert found.origin(("SecurityGroupIngress", 2)) == (*SPEC, "ingress", "443/tcp", 1)
    assert found.origin(("SecurityGroupIngress", 4, "SourceSecurityGroupId")) == (*SPEC, "ingress", "443/tcp", 3)


def test_ping_over_ipv6_is_another_protocol() -> None:
    found = rule('{icmp/echo: "2001:db8::/32"}')
    assert (found["IpProtocol"], found["FromPort"], found["ToPort"]) == ("icmpv6", 128, -1)


def test_empty_list_parameter_lets_nobody_in() -> None:
    assert "SecurityGroupIngress" not in group('{22/tcp: "${param.nobody}"}').properties


def test_id_is_published_for_other_components() -> None:
    text = one(VPC + "ssh: {kind: security-group, network: vpc, description: SSH, publish: [id]}")
    (export,) = compile_snippet(text).components["main"].exports.values()
    assert (export.path, export.source) == ("security-group/ssh/id", AttributeOf("main", "SshSecurityGroup", "GroupId"))


@pytest.mark.parametrize(
    ("ingress", "message", "place", "help"),
    [
        ("{22: 10.0.0.0/8}", '"22" is no port', "22", "write 22/tcp, 1194/udp, 8000-8100/tcp or icmp/echo"),
        (
            "{70000/tcp: 10.0.0.0/8}",
            '"70000/tcp" is no range of ports',
            "70000/tcp",
            "ports are between 1 and 65535, the lower one first",
        ),
        (
            "{90-80/tcp: 10.0.0.0/8}",
            '"90-80/tcp" is no range of ports',
            "90-80/tcp",
            "ports are between 1 and 65535, the lower one first",
        ),
        (
            "{22/tcp: 203.0.113.7}",
            '"203.0.113.7" is an address, and a network is wanted here',
            "203.0.113.7",
            "did you mean 203.0.113.7/32?",
        ),
        (
            "{22/tcp: [10.0.0.0/8, 10.0.0.1/8]}",
            '"10.0.0.1/8" has bits set behind its prefix',
            "10.0.0.1/8",
            "did you mean 10.0.0.0/8?",
        ),
        ("{22/tcp: []}", "nothing may reach 22/tcp", "[]", "name a source, or remove the entry"),
    ],
)
def test_wrong_ingress(ingress: str, message: str, place: str, help: str) -> None:
    text = one(VPC + f"ssh: {{kind: security-group, network: vpc, description: SSH, ingress: {ingress}}}")
    assert errors(text) == [("E203", message, place, help)]


def test_all_wrong_entries_are_told_at_once() -> None:
    text = one(
        VPC + "ssh: {kind: security-group, network: vpc, description: SSH, ingress: {a: ssh, 22/tcp: b c, 23/tcp: 1}}"
    )
    assert [found[2] for found in errors(text)] == ["a", "b c", "1"]


def test_source_is_one_parameter_and_nothing_else() -> None:
    ingress = '{22/tcp: "${vpc.cidr}"}'
    (found,) = errors(one(VPC + f"ssh: {{kind: security-group, network: vpc, description: SSH, ingress: {ingress}}}"))
    assert found[:3] == ("E203", '"${vpc.cidr}" is no source of traffic', '"${vpc.cidr}"')


def test_parameter_must_hold_networks() -> None:
    ingress = '{22/tcp: ["${param.mail}"]}'
    text = one(VPC + f"ssh: {{kind: security-group, network: vpc, description: SSH, ingress: {ingress}}}")
    assert errors(text, parameters=PARAMETERS) == [
        (
            "E304",
            'parameter "mail" is a email, and a cidr or list(cidr) is wanted here',
            '"${param.mail}"',
            "give the parameter the type cidr or list(cidr)",
        )
    ]


def test_source_must_have_a_security_group() -> None:
    text = one(VPC + "ssh: {kind: security-group, network: vpc, description: SSH, ingress: {22/tcp: [vpc]}}")
    (found,) = errors(text)
    assert found[:3] == ("E304", '"vpc" is a network, and a security-group or instance is wanted here', "vpc")


def test_rules_for_checks() -> None:
    (first, second) = rules(parse_ingress({"20-25/tcp": ["anywhere", "ssh"], "icmp/echo": "10.0.0.0/8"}))
    assert (first.protocol, first.from_port, first.to_port) == ("tcp", 20, 25)
    assert first.sources == (
        (("20-25/tcp", 0), ANYWHERE),
        (("20-25/tcp", 1), Reference("ssh", "", ("security-group", "instance"))),
    )
    assert first.opens(22)
    assert not first.opens(22, "udp")
    assert not first.opens(26)
    assert second.sources == ((("icmp/echo",), "10.0.0.0/8"),)
    assert not second.opens(8)


def test_networks_of_a_source_in_all_environments() -> None:
    ingress = '{22/tcp: "${param.office}", 23/tcp: "${param.admins}", 24/tcp: anywhere, 25/tcp: ssh}'
    text = one(VPC + f"ssh: {{kind: security-group, network: vpc, description: SSH, ingress: {ingress}}}")
    program, _ = validate(parse(text_of(text, parameters=PARAMETERS), "spec.yaml"), ROOT)
    assert program is not None
    model = program.declarations["ssh"].model
    assert isinstance(model, SecurityGroup)
    assert [networks(program, source) for r in rules(model.ingress) for _, source in r.sources] == [
        ("192.0.2.0/24", "192.0.2.0/28"),
        ("203.0.113.0/28", "198.51.100.7/32"),
        (ANYWHERE,),
        (),
    ]


def test_groups_that_name_each_other_are_refused() -> None:
    text = VPC + (
        "a: {kind: security-group, network: vpc, description: A, ingress: {22/tcp: b}}\n"
        "b: {kind: security-group, network: vpc, description: B, ingress: {22/tcp: a}}\n"
    )
    graph, found = run(text_of(one(text)))
    assert graph is None
    assert [d.code for d in found if d.code.startswith("E4")] == ["E401"]
