from __future__ import annotations

from textwrap import dedent

import pytest
from rule_support import findings, marked, spec, waived

NETWORK = """
    vpc:
      kind: network
      cidr: 10.0.0.0/16
      subnets: {private: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}
      endpoints: ENDPOINTS
    group: {kind: security-group, network: vpc, description: Functions}
    work: {kind: queue}
    files: {kind: bucket}
    rows: {kind: table, key: {pk: string}}
    login: {kind: secret, description: Master, generate: {username: lenie}}
    store:
      kind: database
      engine: postgres 17
      class: db.t3.micro
      hours: 1
      storage: 20GB
      name: lenie
      credentials: login
      app-user: lenie_app
      subnets: vpc.private
      ingress: [group]
    ask: {kind: function, NETWORKMORE}
    """


def function(more: str, endpoints: str = "[s3, dynamodb]", network: bool = True, extra: str = "") -> str:
    inside = "network: {subnets: vpc.private, security-groups: [group]}, " if network else ""
    resources = NETWORK.replace("ENDPOINTS", endpoints).replace("NETWORK", inside).replace("MORE", more)
    return spec(dedent(resources) + extra)


@pytest.mark.parametrize(
    ("more", "endpoints", "network"),
    [
        ("access: {files: [get, put]}", "[s3]", True),
        ("access: {rows: put}", "[dynamodb]", True),
        ("access: {store: connect}", "[]", True),
        ("internet: false", "[]", True),
        ("access: {work: send, store: start, files: get}", "[]", False),
        ("internet: true", "[]", False),
    ],
)
def test_what_can_be_reached(more: str, endpoints: str, network: bool) -> None:
    assert not findings("E314", function(more, endpoints, network))


@pytest.mark.parametrize(
    ("more", "service", "at"),
    [
        ("access: {work: send}", "sqs", "send"),
        ("access: {files: get}", "s3", "get"),
        ("access: {rows: put}", "dynamodb", "put"),
        ("access: {login: read}", "secretsmanager", "read"),
        ("access: {store: [connect, status]}", "rds", "status"),
        ('access: {aws: ["translate:TranslateText"]}', "translate", "translate:TranslateText"),
    ],
)
def test_what_cannot_be_reached(more: str, service: str, at: str) -> None:
    text = function(more, "[]")
    [found] = findings("E314", text)
    assert found.message == f'"ask" needs the API of {service}, which it cannot reach from inside the VPC'
    assert found.help.endswith("(endpoints of vpc: none)")
    assert marked(text, found) == at


def test_the_internet_cannot_be_reached() -> None:
    text = function("internet: true")
    [found] = findings("E314", text)
    assert found.message == '"ask" calls hosts on the internet from inside the VPC, which has no NAT'
    assert marked(text, found) == "true"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("type: AWS::EC2::NatGateway", 0),
        ("type: AWS::EC2::VPCEndpoint, properties: {ServiceName: 'com.amazonaws.${aws.region}.sqs'}", 0),
        ("type: AWS::EC2::VPCEndpoint, properties: {ServiceName: com.amazonaws.us-east-1.sns}", 1),
    ],
)
def test_raw_ways_out_count(raw: str, expected: int) -> None:
    text = function("access: {work: send}", extra=f"out: {{kind: cloudformation, {raw}}}\n")
    assert len(findings("E314", text)) == expected


def test_it_can_be_waived() -> None:
    text = function("access: {work: send}, waive: {E314: a peered network has a NAT gateway}")
    assert not findings("E314", text)
    assert len(waived("E314", text)) == 1
