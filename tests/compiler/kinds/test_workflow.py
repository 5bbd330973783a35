"""A workflow: its definition reaches Step Functions as it was written, with defaults, timeout and least privilege."""

from __future__ import annotations

from typing import Any

import pytest
from support import compile_snippet, errors, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, JsonText, Pseudo
from lenie.compiler.graph import Graph

FLOW = """
documents: {kind: queue}
flow:
  kind: workflow
  description: Counts
  timeout: 6h
  logs: 30d
  access: {documents: count}
  task-defaults:
    Retry: [{ErrorEquals: [States.TaskFailed], MaxAttempts: 3, BackoffRate: 1.5}]
    Catch: [{ErrorEquals: [States.ALL], Next: Failed}]
  definition:
    QueryLanguage: JSONata
    StartAt: Count
    States:
      Count:
        Type: Task
        Resource: arn:${aws.partition}:states:::aws-sdk:sqs:getQueueAttributes
        Arguments: {QueueUrl: "${documents.url}", AttributeNames: [All]}
        Assign: {text: "{% 'a \\"quoted\\" text, ' & $string(1.5) %}", big: 10000000, flag: true, empty: "", none: []}
        Next: Own
      Own:
        Type: Task
        Resource: arn:${aws.partition}:states:::aws-sdk:sqs:getQueueAttributes
        Arguments: {QueueUrl: "${documents.url}", AttributeNames: [All]}
        Retry: [{ErrorEquals: [States.Timeout]}]
        Catch: []
        Next: Each
      Each:
        Type: Map
        Items: "{% [1, 2] %}"
        ItemProcessor:
          ProcessorConfig: {Mode: INLINE}
          StartAt: Inner
          States:
            Inner:
              Type: Task
              Resource: arn:${aws.partition}:states:::aws-sdk:sqs:getQueueAttributes
              Arguments: {QueueUrl: "${documents.url}", AttributeNames: [All]}
              Retry: [{ErrorEquals: [States.Timeout]}]
              Catch: [{ErrorEquals: [States.ALL], Next: Leave}]
              Next: Leave
            Leave: {Type: Pass, End: true}
        Next: Done
      Done: {Type: Succeed}
      Failed: {Type: Fail}
"""
RETRY = [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 3, "BackoffRate": 1.5}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]


def graph_of(text: str = FLOW) -> Graph:
    return compile_snippet(one(text), defaults={})


def definition(graph: Graph) -> Any:
    text = resource(graph, "FlowStateMachine").properties["DefinitionString"]
    assert isinstance(text, JsonText)
    return text.document


def test_every_property_is_known_to_the_registry() -> None:
    assert schema_faults(graph_of()) == []


def test_definition_keeps_every_kind_of_value() -> None:
    state = definition(graph_of())["States"]["Count"]
    assert state["Assign"] == {
        "text": "{% 'a \"quoted\" text, ' & $string(1.5) %}",
        "big": 10000000,
        "flag": True,
        "empty": "",
        "none": [],
    }
    assert state["Assign"]["flag"] is True
    assert state["Arguments"]["QueueUrl"] == AttributeOf("main", "DocumentsQueue", "Ref")
    assert state["Resource"] == Interpolation(("arn:", Pseudo("partition"), ":states:::aws-sdk:sqs:getQueueAttributes"))


def test_timeout_and_description_are_in_the_definition() -> None:
    document = definition(graph_of())
    assert document["TimeoutSeconds"] == 6 * 3600
    assert document["Comment"] == "Counts"
    assert document["QueryLanguage"] == "JSONata"
    assert list(document["States"]) == ["Count", "Own", "Each", "Done", "Failed"]


def test_defaults_fill_states_that_can_fail_and_say_nothing() -> None:
    states = definition(graph_of())["States"]
    assert states["Count"]["Retry"] == RETRY
    assert "Retry" not in states["Each"]  # what succeeded inside would be done twice
    for name in ("Count", "Each"):
        assert states[name]["Catch"] == CATCH
    for name in ("Done", "Failed"):
        assert not {"Retry", "Catch"} & set(states[name])


def test_a_state_s_own_words_win() -> None:
    own = definition(graph_of())["States"]["Own"]
    assert own["Retry"] == [{"ErrorEquals": ["States.Timeout"]}]
    assert "Catch" not in own  # an empty list switches the default off


def test_defaults_stay_out_of_inner_states() -> None:
    inner = definition(graph_of())["States"]["Each"]["ItemProcessor"]["States"]
    assert inner["Inner"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "Next": "Leave"}]
    assert inner["Leave"] == {"Type": "Pass", "End": True}


def test_logs_tell_errors_and_no_data() -> None:
    graph = graph_of()
    machine = resource(graph, "FlowStateMachine").properties
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    group = AttributeOf("main", "FlowLogGroup", "Arn")
    assert machine["LoggingConfiguration"] == {
        "Level": "ERROR",
        "IncludeExecutionData": False,
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": group}}],
    }
    log = resource(graph, "FlowLogGroup").properties
    assert log["LogGroupName"] == Interpolation(("/aws/vendedlogs/states/demo-", EnvironmentName(), "-flow"))
    assert log["RetentionInDays"] == 30


def test_role_allows_access_logs_and_traces_only() -> None:
    role: Any = resource(graph_of(), "FlowRole").properties
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"Service": "states.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": Pseudo("account")}}
    statements = {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}
    assert set(statements) == {"Documents", "DeliverLogs", "WriteTraces"}
    assert statements["Documents"]["Action"] == "sqs:GetQueueAttributes"
    assert statements["Documents"]["Resource"] == AttributeOf("main", "DocumentsQueue", "Arn")
    for sid, service in (("DeliverLogs", "logs:"), ("WriteTraces", "xray:")):
        assert statements[sid]["Resource"] == "*"
        assert all(action.startswith(service) and "*" not in action for action in statements[sid]["Action"])


@pytest.mark.parametrize(
    "inside", ["{}", "{{Type: Parallel, Branches: [{{StartAt: Each, States: {{Each: {}}}}}], End: true}}"]
)
def test_a_distributed_map_supervises_its_executions(inside: str) -> None:
    each = (
        "{Type: Map, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, StartAt: Go,"
        " States: {Go: {Type: Pass, End: true}}}, End: true}"
    )
    states = f"{{First: {inside.format(each)}}}"
    flow = f"timeout: 5m, access: {{flow: start}}, definition: {{StartAt: First, States: {states}}}"
    graph = graph_of(f"flow: {{kind: workflow, {flow}}}\n")
    assert schema_faults(graph) == []
    role: Any = resource(graph, "FlowRole").properties
    statements = {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}
    assert set(statements) == {"Flow", "DeliverLogs", "WriteTraces", "SuperviseItems"}
    assert statements["Flow"]["Action"] == "states:StartExecution"
    assert statements["SuperviseItems"]["Action"] == ["states:DescribeExecution", "states:StopExecution"]
    parts = ("arn:", Pseudo("partition"), ":states:", Pseudo("region"), ":", Pseudo("account"), ":execution:demo-")
    assert statements["SuperviseItems"]["Resource"] == [
        Interpolation((*parts, EnvironmentName(), "-flow:*")),
        Interpolation((*parts, EnvironmentName(), "-flow/*:*")),
    ]


def test_actions_without_a_resource_take_none() -> None:
    from lenie.compiler.data.iam import wildcard_reason

    role: Any = resource(graph_of(), "FlowRole").properties
    for statement in role["Policies"][0]["PolicyDocument"]["Statement"]:
        if statement["Resource"] == "*":
            assert [a for a in statement["Action"] if wildcard_reason(a) is None] == []


def test_another_resource_may_start_it() -> None:
    graph = compile_snippet(
        one(
            FLOW
            + "artifacts: {kind: bucket, purpose: artifacts}\n"
            + "job: {kind: function, runtime: python3.13, bucket: artifacts, code: sqs_size, timeout: 3s, logs: 7d,"
            + ' access: {flow: start}, environment: {FLOW: "${flow.arn}"}}\n'
        ),
        defaults={},
    )
    role: Any = resource(graph, "JobRole").properties
    statement = role["Policies"][0]["PolicyDocument"]["Statement"][0]
    assert statement["Action"] == "states:StartExecution"
    parts = ("arn:", Pseudo("partition"), ":states:", Pseudo("region"), ":", Pseudo("account"), ":stateMachine:demo-")
    assert statement["Resource"] == Interpolation((*parts, EnvironmentName(), "-flow"))


def test_origin_of_the_definition() -> None:
    machine = resource(graph_of(), "FlowStateMachine")
    assert machine.origin(("DefinitionString",)) == ("components", "main", "resources", "flow", "definition")


@pytest.mark.parametrize(
    ("old", "new", "message", "mark"),
    [
        ("QueryLanguage: JSONata", "TimeoutSeconds: 5", "the workflow has a field of its own", "TimeoutSeconds"),
        ("flag: true", "flag: null", "a value is wanted here", "null"),
        ("${documents.url}", "${documents url}", '"${documents url}" is not a reference', '"${documents url}"'),
        ("  Retry: [{ErrorEq", "  Rtry: [{ErrorEq", 'a state has no default for "Rtry"', "Rtry"),
        ("logs: 30d", "logs: 31d", "CloudWatch keeps no logs for 31d", "31d"),
        ("timeout: 6h", "timeout: soon", "a duration is wanted here", "soon"),
    ],
)
def test_wrong_values_are_told_at_their_place(old: str, new: str, message: str, mark: str) -> None:
    assert old in FLOW
    found = errors(one(FLOW.replace(old, new, 1)), defaults={})
    assert [(code, marked) for code, _, marked, _ in found] == [("E203", mark)]
    assert found[0][1].startswith(message)


def test_a_definition_is_a_map() -> None:
    found = errors(one("flow: {kind: workflow, timeout: 5m, definition: [1]}\n"), defaults={})
    assert [(code, message, mark) for code, message, mark, _ in found] == [
        ("E203", "a state machine is wanted here", "[1]")
    ]


def test_defaults_are_lists() -> None:
    text = "flow: {kind: workflow, timeout: 5m, task-defaults: {Retry: 3}, definition: {}}\n"
    found = errors(one(text), defaults={})
    assert [(code, message, mark) for code, message, mark, _ in found] == [("E203", "a list is wanted here", "3")]
