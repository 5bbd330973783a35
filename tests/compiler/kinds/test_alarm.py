"""Alarms: one for each condition, on the right metric, quiet when nothing happens."""

from __future__ import annotations

from typing import Any

import pytest
from support import compile_snippet, errors, of_type, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation
from lenie.compiler.graph import Graph
from lenie.compiler.kinds.alarm import WATCHED

RESOURCES = """
artifacts: {kind: bucket, purpose: artifacts}
job: {kind: function, runtime: python3.13, bucket: artifacts, code: sqs_size, timeout: 3s, logs: 7d}
lost: {kind: queue, retention: 14d}
flow: {kind: workflow, timeout: 5m, definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
problems: {kind: topic, email: [alerts@example.com], encrypted: false, waive: {E324: alarms need it plain}}
"""


def graph_of(alarm: str) -> Graph:
    return compile_snippet(one(RESOURCES + f"watcher: {alarm}\n"), defaults={})


def test_one_alarm_for_each_condition() -> None:
    graph = graph_of("{kind: alarm, watch: flow, when: [failed, timed-out, aborted], notify: problems}")
    assert schema_faults(graph) == []
    alarms = of_type(graph, "AWS::CloudWatch::Alarm")
    metrics = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"]
    assert [alarm.properties["MetricName"] for alarm in alarms] == metrics
    names = [alarm.properties["AlarmName"] for alarm in alarms]
    tails = ["-watcher-failed", "-watcher-timed-out", "-watcher-aborted"]
    assert names == [Interpolation(("demo-", EnvironmentName(), tail)) for tail in tails]


@pytest.mark.parametrize(
    ("watch", "condition", "namespace", "metric", "statistic", "dimension", "value"),
    [
        ("flow", "failed", "AWS/States", "ExecutionsFailed", "Sum", "StateMachineArn", ("FlowStateMachine", "Ref")),
        (
            "lost",
            "not-empty",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "Maximum",
            "QueueName",
            ("LostQueue", "QueueName"),
        ),
        ("job", "errors", "AWS/Lambda", "Errors", "Sum", "FunctionName", ("JobFunction", "Ref")),
        ("job", "throttles", "AWS/Lambda", "Throttles", "Sum", "FunctionName", ("JobFunction", "Ref")),
    ],
)
def test_metrics(
    watch: str, condition: str, namespace: str, metric: str, statistic: str, dimension: str, value: tuple[str, str]
) -> None:
    graph = graph_of(f"{{kind: alarm, watch: {watch}, when: [{condition}], notify: problems}}")
    alarm: Any = of_type(graph, "AWS::CloudWatch::Alarm")[0].properties
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == (namespace, metric, statistic)
    assert alarm["Dimensions"] == [{"Name": dimension, "Value": AttributeOf("main", *value)}]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (300, 1)
    assert alarm["TreatMissingData"] == "notBreaching"
    topic = alarm["AlarmActions"]
    assert topic == [AttributeOf("main", "ProblemsTopic", "Ref")]


def test_origins_and_attributes() -> None:
    graph = graph_of("{kind: alarm, watch: flow, when: [failed, aborted], notify: problems, publish: [aborted-arn]}")
    alarm = resource(graph, "WatcherAbortedAlarm")
    path = ("components", "main", "resources", "watcher")
    assert alarm.path == (*path, "when", 1)
    assert alarm.origin(("AlarmActions",)) == (*path, "notify")
    assert alarm.origin(("MetricName",)) == (*path, "when", 1)
    published = [r.properties["Value"] for r in of_type(graph, "AWS::SSM::Parameter")]
    assert published == [AttributeOf("main", "WatcherAbortedAlarm", "Arn")]


@pytest.mark.parametrize(("kind", "name"), [("workflow", "flow"), ("queue", "lost"), ("function", "job")])
def test_a_condition_of_another_kind_is_told_at_the_condition(kind: str, name: str) -> None:
    foreign = "errors" if kind != "function" else "failed"
    alarm = f"{{kind: alarm, watch: {name}, when: [{foreign}], notify: problems}}"
    ((code, message, mark, help),) = errors(one(RESOURCES + f"watcher: {alarm}\n"), defaults={})
    assert (code, message, mark) == ("E327", f'a {kind} has no condition "{foreign}"', foreign)
    assert help == f"conditions of a {kind}: {', '.join(sorted(WATCHED[kind].conditions))}"


def test_a_near_condition_is_suggested() -> None:
    alarm = "watcher: {kind: alarm, watch: flow, when: [timed-ot], notify: problems}\n"
    assert errors(one(RESOURCES + alarm), defaults={})[0][3] == 'did you mean "timed-out"?'


def test_a_waived_condition_makes_no_alarm() -> None:
    waiver = "waive: {E327: the metric comes with a later version}"
    graph = graph_of(f"{{kind: alarm, watch: lost, when: [not-empty, errors], notify: problems, {waiver}}}")
    assert [r.logical_id for r in of_type(graph, "AWS::CloudWatch::Alarm")] == ["WatcherNotEmptyAlarm"]


def test_a_condition_twice_is_told_at_the_second() -> None:
    alarm = "watcher: {kind: alarm, watch: flow, when: [failed, aborted, failed], notify: problems}\n"
    assert errors(one(RESOURCES + alarm), defaults={}) == [
        ("E203", '"failed" is there twice', "failed", "remove one of the two")
    ]


def test_alarms_go_to_topics() -> None:
    alarm = "watcher: {kind: alarm, watch: flow, when: [failed], notify: lost}\n"
    found = errors(one(RESOURCES + alarm), defaults={})
    assert [(code, mark) for code, _, mark, _ in found] == [("E304", "lost")]
