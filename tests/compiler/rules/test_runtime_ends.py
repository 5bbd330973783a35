from __future__ import annotations

from datetime import timedelta

import pytest
from rule_support import findings, marked, spec, waived

from lenie.compiler.data import runtimes
from lenie.compiler.diagnostics import Severity
from lenie.compiler.rules.runtime_life import today


def function(runtime: str, more: str = "") -> str:
    return spec(f"add: {{kind: function, runtime: {runtime}{more}}}")


@pytest.mark.parametrize("runtime", list(runtimes.RUNTIMES))
def test_every_runtime_is_past_soon_or_later(runtime: str) -> None:
    end = runtimes.RUNTIMES[runtime].end_of_support
    soon = end is not None and runtimes.AS_OF < end <= runtimes.AS_OF + timedelta(days=365)
    text = function(runtime)
    found = findings("W337", text)
    assert len(found) == soon
    assert not (found and findings("E318", text))
    for one in found:
        assert one.severity is Severity.WARNING
        assert marked(text, one) == runtime


def test_a_runtime_that_ends_within_a_year() -> None:
    [found] = findings("W337", function("python3.11"))
    assert found.message == "AWS ends support for python3.11 on 2027-06-30"
    assert found.help == "move to python3.14 before that day"
    text = function("python3.11", ", waive: {W337: its library moves in spring}")
    assert not findings("W337", text)
    assert len(waived("W337", text)) == 1


@pytest.mark.parametrize("major", list(runtimes.POSTGRES_END_OF_SUPPORT))
def test_databases(major: str) -> None:
    text = spec(f"""
        vpc: {{kind: network, cidr: 10.0.0.0/16, subnets: {{data: {{cidrs: [10.0.1.0/24, 10.0.2.0/24]}}}}}}
        group: {{kind: security-group, network: vpc, description: Group}}
        login: {{kind: secret, description: Master, generate: {{username: lenie}}}}
        store:
          kind: database
          engine: postgres {major}
          class: db.t3.micro
          hours: 1
          storage: 20GB
          name: lenie
          credentials: login
          subnets: vpc.data
          ingress: [group]
        """)
    end = runtimes.POSTGRES_END_OF_SUPPORT[major]
    found = findings("W337", text)
    assert len(found) == (today() <= end <= today() + timedelta(days=365))
    for one in found:
        assert marked(text, one) == f"postgres {major}"
        assert str(end) in one.message
