from __future__ import annotations

from rule_support import findings, marked, spec

from lenie.compiler.diagnostics import Severity

NETWORK = "vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {public: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}}"


def host(type: str, parameters: str = "") -> str:
    fields = f"type: {type}, hours: 1, image: ami-0123456789abcdef0, subnet: vpc.public-a, disk: 8GB"
    return spec(f"{NETWORK}\nhost: {{kind: instance, {fields}}}\n", parameters)


def test_a_known_type() -> None:
    assert not findings("W329", host("t3.micro"))


def test_a_misspelt_type() -> None:
    text = host("t3.mikro")
    [found] = findings("W329", text)
    assert found.severity is Severity.WARNING
    assert found.help == 'did you mean "t3.micro"?'
    assert marked(text, found) == "t3.mikro"


def test_a_new_type() -> None:
    [found] = findings("W329", host("zz99.metal"))
    assert found.help.startswith("check the type")


def test_the_values_of_a_parameter() -> None:
    text = host(
        '"${param.size}"', "size: {type: instance-type, default: t3.micro, description: S, values: {prod: q9.big}}"
    )
    [found] = findings("W329", text)
    assert marked(text, found) == "q9.big"


def test_a_database() -> None:
    text = spec(f"""
        {NETWORK}
        group: {{kind: security-group, network: vpc, description: Group}}
        login: {{kind: secret, description: Master, generate: {{username: lenie}}}}
        store:
          kind: database
          engine: postgres 17
          class: db.t3.mikro
          hours: 1
          storage: 20GB
          name: lenie
          credentials: login
          subnets: vpc.public
          ingress: [group]
        """)
    [found] = findings("W329", text)
    assert marked(text, found) == "db.t3.mikro"
    assert found.help == 'did you mean "db.t3.micro"?'
