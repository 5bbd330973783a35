from __future__ import annotations

from rule_support import findings, marked, spec


def store(user: str) -> str:
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
          {user}
          subnets: vpc.data
          ingress: [group]
        """)


def test_another_user_or_none() -> None:
    assert not findings("E341", store("app-user: lenie_app"))
    assert not findings("E341", store("publish: [host]"))


def test_the_master_user() -> None:
    text = store("app-user: lenie")
    [found] = findings("E341", text)
    assert (marked(text, found), marked(text, found, 1)) == ("lenie", "username")
    assert found.help == "use another user: lenie_app"


def test_the_user_of_a_secret_that_is_set_by_hand_is_not_known() -> None:
    assert not findings("E341", store("app-user: lenie").replace("credentials: login", "credentials: set"))
