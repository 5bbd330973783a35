"""A schedule: times and time zone are checked, the role may start the target and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from support import compile_snippet, errors, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, JsonText, Pseudo
from lenie.compiler.graph import Graph
from lenie.compiler.kinds.schedule import parse_cron, parse_timezone

FLOW = """
lost: {kind: queue, retention: 14d}
flow: {kind: workflow, timeout: 5m, definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
nightly:
  kind: schedule
  target: flow
  cron: 0 5 * * ? *
  timezone: Europe/Warsaw
  input: {Queue: "${lost.url}", Stop: "yes", Count: 3}
  dead-letter: lost
"""
JOB = """
artifacts: {kind: bucket, purpose: artifacts}
job: {kind: function, runtime: python3.13, bucket: artifacts, code: sqs_size, timeout: 3s, logs: 7d}
hourly: {kind: schedule, target: job, cron: 15 * * * ? *}
"""


def graph_of(text: str = FLOW) -> Graph:
    return compile_snippet(one(text), defaults={})


def test_properties() -> None:
    graph = graph_of()
    assert schema_faults(graph) == []
    schedule: Any = resource(graph, "NightlySchedule").properties
    assert schedule["ScheduleExpression"] == "cron(0 5 * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Warsaw"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["State"] == "ENABLED"
    target = schedule["Target"]
    assert target["Arn"] == AttributeOf("main", "FlowStateMachine", "Ref")
    assert target["RoleArn"] == AttributeOf("main", "NightlyRole", "Arn")
    assert target["DeadLetterConfig"] == {"Arn": AttributeOf("main", "LostQueue", "Arn")}
    url = AttributeOf("main", "LostQueue", "Ref")
    assert target["Input"] == JsonText({"Queue": url, "Stop": "yes", "Count": 3})
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600


def test_role_may_start_the_target_and_keep_failures() -> None:
    role: Any = resource(graph_of(), "NightlyRole").properties
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": Pseudo("account")}}
    start, keep = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert (start["Action"], start["Resource"]) == (
        "states:StartExecution",
        AttributeOf("main", "FlowStateMachine", "Ref"),
    )
    assert (keep["Action"], keep["Resource"]) == ("sqs:SendMessage", AttributeOf("main", "LostQueue", "Arn"))


def test_a_function_is_called() -> None:
    graph = graph_of(JOB)
    assert schema_faults(graph) == []
    role: Any = resource(graph, "HourlyRole").properties
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == AttributeOf("main", "JobFunction", "Arn")
    schedule: Any = resource(graph, "HourlySchedule").properties
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    assert "DeadLetterConfig" not in schedule["Target"]


def test_origins() -> None:
    schedule = resource(graph_of(), "NightlySchedule")
    path = ("components", "main", "resources", "nightly")
    assert schedule.origin(("ScheduleExpression",)) == (*path, "cron")
    assert schedule.origin(("Target", "Input")) == (*path, "input")
    role = resource(graph_of(), "NightlyRole")
    assert role.origin(("Policies", 0, "PolicyDocument", "Statement", 1, "Action")) == (*path, "dead-letter")


@pytest.mark.parametrize(
    "expression",
    ["0 5 * * ? *", "*/15 8-17 ? * MON-FRI *", "0 0 L * ? *", "0 0 ? * 6L 2027", "5,35 1/2 15W JAN,JUL ? 2026-2030"],
)
def test_cron_expressions(expression: str) -> None:
    assert parse_cron(expression) == expression


def test_space_in_a_cron_expression_does_not_matter() -> None:
    assert parse_cron("0  5 * * ? *") == "0 5 * * ? *"


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("0 5 * * *", "a cron expression has 6 fields, here are 5"),
        ("cron(0 5 * * ? *)", "the expression stands without cron()"),
        ("60 5 * * ? *", '"60" is no minutes'),
        ("0 24 * * ? *", '"24" is no hours'),
        ("0 5 0 * ? *", '"0" is no day of the month'),
        ("0 5 * 13 ? *", '"13" is no month'),
        ("0 5 ? * 8 *", '"8" is no day of the week'),
        ("0 5 * * ? 26", '"26" is no year'),
        ("0 17-8 * * ? *", '"17-8" is no hours'),
        ("*/0 5 * * ? *", '"*/0" is no minutes'),
        ("0 5 * * * *", "one of day of the month and day of the week is ?, and the other is not"),
        ("0 5 ? * ? *", "one of day of the month and day of the week is ?, and the other is not"),
    ],
)
def test_a_wrong_cron_expression_is_told_at_the_value(cron: str, message: str) -> None:
    found = errors(one(JOB.replace("15 * * * ? *", f'"{cron}"')), defaults={})
    assert [(code, text, mark) for code, text, mark, _ in found] == [("E203", message, f'"{cron}"')]
    assert found[0][3]


def test_timezone() -> None:
    assert parse_timezone("America/Argentina/Buenos_Aires") == "America/Argentina/Buenos_Aires"


@pytest.mark.parametrize("zone", ["Europe/Warszawa", "../etc/passwd", "Warsaw"])
def test_a_wrong_time_zone_is_told_at_the_value(zone: str) -> None:
    found = errors(one(JOB.replace("cron:", f"timezone: {zone}, cron:")), defaults={})
    assert [(code, text, mark) for code, text, mark, _ in found] == [("E203", f'there is no time zone "{zone}"', zone)]


def test_a_near_time_zone_is_suggested() -> None:
    found = errors(one(JOB.replace("cron:", "timezone: Europe/Warsav, cron:")), defaults={})
    assert found[0][3] == 'did you mean "Europe/Warsaw"?'


def test_a_target_of_another_kind_is_refused() -> None:
    found = errors(one(JOB.replace("target: job", "target: artifacts")), defaults={})
    assert [(code, mark) for code, _, mark, _ in found] == [("E304", "artifacts")]


def test_input_is_a_map() -> None:
    found = errors(one(JOB.replace("cron:", "input: [1], cron:")), defaults={})
    assert [(code, text, mark) for code, text, mark, _ in found] == [("E203", "a map is wanted here", "[1]")]
