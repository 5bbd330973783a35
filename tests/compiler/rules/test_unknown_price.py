from __future__ import annotations

from rule_support import findings, marked, spec

from lenie.compiler.diagnostics import Severity

NETWORK = "vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {public: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}}"


def host(type: str, parameters: str = "") -> str:
    fields = f"type: {type}, hours: 1, image: ami-0123456789abcdef0, subnet: vpc.public-a, disk: 8GB"
    return spec(f"{NETWORK}\nhost: {{kind: instance, {fields}}}\n", parameters)


def test_a_known_type() -> None:
    assert not findings("W329", host("t3.micro"))


def test_a_type_without_a_price() -> None:
    text = host("p4d.24xlarge")
    [found] = findings("W329", text)
    assert found.severity is Severity.WARNING
    assert found.help.startswith("compare its price")
    assert marked(text, found) == "p4d.24xlarge"


def test_a_type_that_does_not_exist_is_another_rules_matter() -> None:
    text = host("zz99.metal")
    assert not findings("W329", text)
    assert findings("E338", text)
    waived = text.replace("disk: 8GB", "disk: 8GB, waive: {E338: AWS offers it since yesterday}")
    assert [marked(waived, found) for found in findings("W329", waived)] == ["zz99.metal"]


def test_the_values_of_a_parameter() -> None:
    text = host(
        '"${param.size}"', "size: {type: instance-type, default: t3.micro, description: S, values: {prod: x1.32xlarge}}"
    )
    [found] = findings("W329", text)
    assert marked(text, found) == "x1.32xlarge"


def test_a_database() -> None:
    text = spec(f"""
        {NETWORK}
        group: {{kind: security-group, network: vpc, description: Group}}
        login: {{kind: secret, description: Master, generate: {{username: lenie}}}}
        store:
          kind: database
          engine: postgres 17
          class: db.r7g.16xlarge
          hours: 1
          storage: 20GB
          name: lenie
          credentials: login
          subnets: vpc.public
          ingress: [group]
        """)
    [found] = findings("W329", text)
    assert marked(text, found) == "db.r7g.16xlarge"
    assert found.help.startswith("compare its price")
