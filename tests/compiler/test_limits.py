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
