from __future__ import annotations

from rule_support import findings, marked, spec, waived


def store(subnets: str = "vpc.data", more: str = "") -> str:
    return spec(f"""
        vpc:
          kind: network
          cidr: 10.0.0.0/16
          subnets:
            public: {{cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true}}
            data: {{cidrs: [10.0.3.0/24, 10.0.4.0/24]}}
        group: {{kind: security-group, network: vpc, description: Group}}
        login: {{kind: secret, description: Master, generate: {{username: lenie}}}}
        set: {{kind: secret, description: Other, fields: [username, password]}}
        store:
          kind: database
          engine: postgres 17
          class: db.t3.micro
          hours: 1
          storage: 20GB
          name: lenie
          credentials: login
          subnets: {subnets}
          ingress: [group]{more}
        """)


def test_private_subnets() -> None:
    assert not findings("E340", store())


def test_public_subnets() -> None:
    text = store("vpc.public")
    [found] = findings("E340", text)
    assert (marked(text, found), marked(text, found, 1)) == ("vpc.public", "public")
    assert found.help == "write vpc.data"
    text = store("vpc.public", more="\n          waive: {E340: it moves to others next month}")
    assert not findings("E340", text)
    assert len(waived("E340", text)) == 1
