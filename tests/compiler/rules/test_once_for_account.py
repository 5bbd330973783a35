from __future__ import annotations

import pytest
from rule_support import FRAME, findings, marked, spec, waived

RESOURCES = [
    ("{kind: api-account}", "account"),
    ("{kind: organization}", "organization"),
    ("{kind: cloudformation, type: AWS::ApiGateway::Account}", "account"),
    ("{kind: cloudformation, type: AWS::Organizations::Organization, properties: {FeatureSet: ALL}}", "organization"),
]


def shared(resource: str, scope: str) -> str:
    return f"{FRAME}components:\n  once:\n    layer: base\n    scope: {scope}\n    resources: {{thing: {resource}}}\n"


@pytest.mark.parametrize(("resource", "scope"), RESOURCES)
def test_each_environment_would_make_it(resource: str, scope: str) -> None:
    text = spec(f"thing: {resource}")
    [found] = findings("W352", text)
    assert marked(text, found) == "thing"
    assert found.help == f"move it to a component of scope {scope}"


@pytest.mark.parametrize(("resource", "scope"), RESOURCES)
def test_where_it_belongs(resource: str, scope: str) -> None:
    assert not findings("W352", shared(resource, scope))


def test_one_environment_shares_nothing() -> None:
    text = spec("thing: {kind: api-account}", frame=FRAME.replace("  prod: {production: true}\n", ""))
    assert not findings("W352", text)


def test_others_may_be_there_for_each() -> None:
    assert not findings("W352", spec("jobs: {kind: queue}\nraw: {kind: cloudformation, type: AWS::SQS::Queue}"))


def test_it_can_be_waived() -> None:
    text = spec("thing: {kind: api-account, waive: {W352: each environment has an account of its own}}")
    assert not findings("W352", text)
    assert len(waived("W352", text)) == 1
