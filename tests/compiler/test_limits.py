from __future__ import annotations

import pytest
from rule_support import FRAME, ROOT, checked, marked, spec

from lenie.compiler.data.names import NAME_LIMITS
from lenie.compiler.diagnostics import Diagnostic, Severity
from lenie.compiler.limits import UNIQUE
from lenie.compiler.lower import lower


def faults(text: str) -> list[Diagnostic]:
    """Return the errors of `lower`."""
    program, found = checked(text, ROOT)
    assert not [d.message for d in found if d.severity is Severity.ERROR and d.code < "E310"]
    return lower(program)[1]


def test_usual_names_fit() -> None:
    assert not faults(spec("work: {kind: queue}\nnews: {kind: topic, email: []}"))


@pytest.mark.parametrize(
    ("resources", "message", "at"),
    [
        (
            "work: {kind: queue, name: 'a b ${env.name}'}",
            'the QueueName of AWS::SQS::Queue "a b dev" must be made of',
            "'a b ${env.name}'",
        ),
        (
            "files: {kind: bucket, name: 'Files-${env.name}'}",
            '"Files-dev" must be made of lower-case',
            "'Files-${env.name}'",
        ),
        (f"{'x' * 80}: {{kind: queue}}", "has 89 characters; at most 80 are allowed", "x" * 80),
        (
            f"files: {{kind: bucket, name: '{'b' * 62}-${{env.name}}'}}",
            "has 66 characters; at most 63",
            f"'{'b' * 62}-${{env.name}}'",
        ),
        (
            "p: {kind: parameter, path: a/b/c/d/e/f/g/h/i/j/k/l/m/n, value: x}",
            "has 16 levels",
            "a/b/c/d/e/f/g/h/i/j/k/l/m/n",
        ),
    ],
)
def test_names_that_aws_refuses(resources: str, message: str, at: str) -> None:
    text = spec(resources)
    [found] = faults(text)
    assert found.code == "E402"
    assert message in found.message
    assert marked(text, found) == at


def test_a_name_may_be_too_long_in_one_environment_only() -> None:
    name = "'" + "b" * 59 + "-${env.name}'"
    text = spec(f"files: {{kind: bucket, name: {name}}}")
    [found] = faults(text)
    assert f'"{"b" * 59}-prod" has 64 characters' in found.message


@pytest.mark.parametrize(("suffix", "expected"), [("-ok", 0), ("_no", 1)])
def test_values_of_parameters_count(suffix: str, expected: int) -> None:
    parameter = f'suffix: {{type: text, default: "", description: Ends names, values: {{prod: "{suffix}"}}}}'
    text = spec('files: {kind: bucket, name-suffix: "${param.suffix}"}', parameter)
    assert len(faults(text)) == expected


@pytest.mark.parametrize(("setting", "expected"), [("fine", 0), ("Not_fine", 1)])
def test_settings_count(setting: str, expected: int) -> None:
    frame = FRAME.replace("{production: false}", "{production: false, word: one}")
    frame = frame.replace("{production: true}", f"{{production: true, word: {setting}}}")
    assert len(faults(spec('files: {kind: bucket, name: "demo-${env.name}-${env.word}"}', frame=frame))) == expected


def test_two_resources_with_one_name() -> None:
    text = spec("""
        work: {kind: queue, name: "jobs-${env.name}"}
        more: {kind: queue, name: "jobs-${env.name}"}
        """)
    [found] = faults(text)
    assert found.code == "E403"
    assert found.message == 'two resources have the QueueName of AWS::SQS::Queue "jobs-dev"'
    assert [marked(text, found, n) for n in (0, 1)] == ['"jobs-${env.name}"', "name"]


def test_a_queue_and_a_topic_may_have_one_name() -> None:
    assert not faults(
        spec("""
        work: {kind: queue, name: "jobs-${env.name}"}
        news: {kind: topic, email: [], name: "jobs-${env.name}"}
        """)
    )


def test_a_name_that_two_environments_share() -> None:
    text = spec("work: {kind: queue, name: jobs}")
    [found] = faults(text)
    assert found.code == "E403"
    assert '"jobs" is the same in "dev" and "prod"' in found.message
    assert marked(text, found) == "jobs"


def test_environments_may_meet_in_a_value() -> None:
    frame = FRAME.replace("{production: false}", "{production: false, word: same}")
    frame = frame.replace("{production: true}", "{production: true, word: same}")
    [found] = faults(spec('work: {kind: queue, name: "jobs-${env.word}"}', frame=frame))
    assert found.code == "E403"


def test_what_exists_once_for_an_account_needs_no_environment_in_its_name() -> None:
    account = "  account:\n    layer: base\n    scope: account\n    resources: {jobs: {kind: queue, name: jobs}}\n"
    assert not faults(spec("work: {kind: queue}") + account)


def test_unique_names_have_limits() -> None:
    assert set(NAME_LIMITS) >= UNIQUE


SITE = """
zone: {kind: zone, domain: example.com}
keys: {kind: secret, description: Keys, fields: [token]}
app:
  kind: site
  description: DESCRIPTION
  repository: https://example.com/app
  token: ${keys.token}
  build: {install: a, run: b, output: c}
  domain: app.example.com
  zone: zone
"""


@pytest.mark.parametrize(("length", "expected"), [(1000, 0), (1001, 1)])
def test_descriptions_have_limits(length: int, expected: int) -> None:
    text = spec(SITE.replace("DESCRIPTION", "d" * length))
    found = [one for one in faults(text) if one.code == "E402"]
    assert len(found) == expected
    for one in found:
        assert one.message == "the Description of AWS::Amplify::App has 1001 characters; at most 1000 are allowed"
        assert marked(text, one) == "d" * 1001


@pytest.mark.parametrize(("length", "expected"), [(16000, 0), (16385, 1), (16380, 1)])
def test_user_data_has_a_limit(length: int, expected: int) -> None:
    network = "vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {data: {cidrs: [10.0.1.0/24]}}}"
    fields = "type: t3.micro, hours: 1, image: ami-0123456789abcdef0, subnet: vpc.data-a, disk: 8GB"
    script = "x" * length + ("" if length == 16385 else " ${env.name} ${vpc.id}")
    text = spec(f'{network}\nhost: {{kind: instance, {fields}, setup: "{script}"}}')
    found = faults(text)
    assert [one.code for one in found] == ["E402"] * expected
    for one in found:
        assert "at most 16384 are allowed" in one.message
        assert marked(text, one) == f'"{script}"'


@pytest.mark.parametrize(("length", "expected"), [(118, 0), (119, 1)])
def test_names_of_stacks_have_a_limit(length: int, expected: int) -> None:
    text = spec("work: {kind: queue}").replace("  main:", f"  {'c' * length}:")
    found = faults(text)
    assert [one.code for one in found] == ["E402"] * expected
    for one in found:
        assert one.message == "the name of the component's stack has 129 characters; at most 128 are allowed"
        assert marked(text, one) == "c" * length
