from __future__ import annotations

import pytest
from rule_support import FRAME, findings, marked, spec, waived

from lenie.compiler.data import runtimes


@pytest.mark.parametrize("runtime", ["python3.13", "python3.14", "nodejs24.x", "java8.al2023"])
def test_supported_runtimes(runtime: str) -> None:
    assert not findings("E318", spec(f"add: {{kind: function, runtime: {runtime}}}"))


@pytest.mark.parametrize("runtime", ["python3.9", "nodejs18.x", "go1.x", "dotnet6"])
def test_runtimes_past_their_end(runtime: str) -> None:
    text = spec(f"add: {{kind: function, runtime: {runtime}}}")
    [found] = findings("E318", text)
    end = runtimes.RUNTIMES[runtime].end_of_support
    assert found.message.startswith(f"AWS ended support for {runtime} on {end}")
    assert marked(text, found) == runtime
    newest = found.help.removeprefix("write ")
    assert runtimes.RUNTIMES[newest].supported(runtimes.AS_OF)


def test_the_date_is_that_of_the_table() -> None:
    ends = {name: runtime.end_of_support for name, runtime in runtimes.RUNTIMES.items()}
    latest_ended = max((day, name) for name, day in ends.items() if day and day <= runtimes.AS_OF)[1]
    first_to_end = min((day, name) for name, day in ends.items() if day and day > runtimes.AS_OF)[1]
    assert findings("E318", spec(f"add: {{kind: function, runtime: {latest_ended}}}"))
    assert not findings("E318", spec(f"add: {{kind: function, runtime: {first_to_end}}}"))


def test_an_unknown_runtime() -> None:
    [found] = findings("E318", spec("add: {kind: function, runtime: python3.133}"))
    assert found.message == 'Lambda has no runtime "python3.133"'
    assert found.help == 'did you mean "python3.13"?'


def test_one_finding_where_many_share_the_runtime() -> None:
    frame = FRAME.replace("runtime: python3.13", 'runtime: "${runtime.value}"')
    resources = """
        runtime: {kind: parameter, path: python/runtime, value: python3.8, description: Runtime of all functions}
        one: {kind: function}
        two: {kind: function}
        """
    text = spec(resources, frame=frame)
    [found] = findings("E318", text)
    assert marked(text, found) == "python3.8"
    assert marked(text, found, 1) == "one"
    allowed = text.replace("of all functions", "of all functions, waive: {E318: moves on next week}")
    assert not findings("E318", allowed)
    assert len(waived("E318", allowed)) == 1


def test_the_defaults_are_shown() -> None:
    text = spec("one: {kind: function}", frame=FRAME.replace("runtime: python3.13", "runtime: python3.9"))
    [found] = findings("E318", text)
    assert marked(text, found) == "one"
    assert marked(text, found, 1) == "runtime"
    assert text[: text.index("runtime: python3.9")].count("\n") + 1 == found.labels[1].span.line


def test_each_value_of_a_parameter() -> None:
    text = spec(
        "add: {kind: function, runtime: '${param.runtime}'}",
        "runtime: {type: text, default: python3.13, description: Runtime, values: {prod: python3.7}}",
    )
    [found] = findings("E318", text)
    assert marked(text, found) == "python3.7"


def test_a_setting_of_the_environment() -> None:
    frame = FRAME.replace("{production: false}", "{production: false, runtime: python3.13}")
    frame = frame.replace("{production: true}", "{production: true, runtime: ruby2.7}")
    text = spec("add: {kind: function, runtime: '${env.runtime}'}", frame=frame)
    [found] = findings("E318", text)
    assert marked(text, found) == "ruby2.7"


def test_layers_count() -> None:
    text = spec("openai: {kind: layer, runtime: python3.9, bucket: artifacts, code: layers/openai}")
    [found] = findings("E318", text)
    assert marked(text, found) == "python3.9"


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        ("postgres 17", ""),
        ("postgres 17.4", ""),
        ("postgres 18", ""),
        ("postgres 12", "AWS ended standard support for PostgreSQL 12 on 2025-02-28"),
        ("postgres 13.9", "AWS ended standard support for PostgreSQL 13 on 2026-02-28"),
        ("postgres 71", "RDS has no PostgreSQL 71"),
    ],
)
def test_databases(engine: str, message: str) -> None:
    text = spec(f"""
        vpc: {{kind: network, cidr: 10.0.0.0/16, subnets: {{data: {{cidrs: [10.0.1.0/24, 10.0.2.0/24]}}}}}}
        group: {{kind: security-group, network: vpc, description: Group}}
        login: {{kind: secret, description: Master, generate: {{username: lenie}}}}
        store:
          kind: database
          engine: {engine}
          class: db.t3.micro
          hours: 1
          storage: 20GB
          name: lenie
          credentials: login
          subnets: vpc.data
          ingress: [group]
        """)
    found = findings("E318", text)
    assert len(found) == bool(message)
    for one in found:
        assert one.message.startswith(message)
        assert marked(text, one) == engine
