"""State machines run; the tests of the deployed workflow are in tests/e2e."""

from __future__ import annotations

import json
import time
from functools import partial
from itertools import pairwise
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.jsonata import jsonata
from support_local import Cloud
from support_services import function, until

ROLE = "arn:aws:iam::123456789012:role/any"


def test_moto_itself_has_no_jsonata() -> None:
    with pytest.raises(TypeError):
        jsonata.eval_jsonata_expression("1")


def test_moto_itself_keeps_the_names_of_the_api() -> None:
    parameters = {"DbInstanceIdentifier": "db"}
    StateTaskService._normalise_parameters(object(), parameters)  # type: ignore[arg-type]
    assert parameters == {"DbInstanceIdentifier": "db"}


def test_moto_itself_does_not_escape_variables() -> None:
    store = VariableStore()  # type: ignore[no-untyped-call]
    store.set("text", 'a"b')
    assert store.get_assigned_variables() == {"text": '"a"b"'}


def test_moto_itself_runs_nothing_unless_told_so_and_names_executions_none() -> None:
    with mock_aws():
        client = boto3.client("stepfunctions", region_name="us-east-1")
        machine = client.create_state_machine(
            name="m", definition=json.dumps(definition(P={"Type": "Succeed"})), roleArn=ROLE
        )["stateMachineArn"]
        arn = client.start_execution(stateMachineArn=machine)["executionArn"]
        time.sleep(0.3)
        assert client.describe_execution(executionArn=arn)["status"] == "RUNNING"
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", region_name="us-east-1")
        machine = client.create_state_machine(
            name="m", definition=json.dumps(definition(P={"Type": "Succeed"})), roleArn=ROLE
        )["stateMachineArn"]
        assert client.start_execution(stateMachineArn=machine)["executionArn"].endswith(":None")


def definition(**states: dict[str, Any]) -> dict[str, Any]:
    """Return a definition in JSONata, whose states follow each other unless they say otherwise."""
    names = list(states)
    for name, after in pairwise(names):
        if not states[name].keys() & {"Next", "End", "Choices"} and states[name]["Type"] not in ("Succeed", "Fail"):
            states[name]["Next"] = after
    if states[names[-1]]["Type"] not in ("Succeed", "Fail", "Choice"):
        states[names[-1]]["End"] = True
    return {"QueryLanguage": "JSONata", "StartAt": names[0], "States": states}


class Machines:
    """State machines in the emulator."""

    def __init__(self, cloud: Cloud) -> None:
        self.client = cloud.client("stepfunctions")

    def run(self, given: Any = None, **states: dict[str, Any]) -> dict[str, Any]:
        """Run a machine of these states, and return how it ended."""
        text = json.dumps(definition(**states))
        name = f"m{time.monotonic_ns()}"
        machine = self.client.create_state_machine(name=name, definition=text, roleArn=ROLE)["stateMachineArn"]
        arn = self.client.start_execution(stateMachineArn=machine, input=json.dumps({} if given is None else given))[
            "executionArn"
        ]
        found: dict[str, Any] = until(lambda: self._ended(arn))
        return {**found, "output": json.loads(found["output"]) if "output" in found else None}

    def _ended(self, arn: str) -> dict[str, Any] | None:
        found: dict[str, Any] = self.client.describe_execution(executionArn=arn)
        return None if found["status"] == "RUNNING" else found

    def events(self, arn: str, kind: str) -> list[dict[str, Any]]:
        events = self.client.get_execution_history(executionArn=arn)["events"]
        return [event for event in events if event["type"] == kind]


@pytest.fixture
def machines(cloud: Cloud) -> Machines:
    return Machines(cloud)


def test_variables_choices_and_output(machines: Machines) -> None:
    done = machines.run(
        {"n": 2, "text": 'a "b"\n'},
        Read={"Type": "Pass", "Assign": {"n": "{% $states.input.n %}", "text": "{% $states.input.text %}"}},
        Choose={
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $n > 3 %}", "Next": "Wrong"},
                {"Condition": "{% $n = 2 %}", "Assign": {"chosen": "{% $n * 10 %}"}, "Next": "Right"},
            ],
            "Default": "Wrong",
        },
        Wrong={"Type": "Fail", "Error": "Wrong", "Cause": "{% 'n is ' & $n %}"},
        Right={"Type": "Pass", "Output": {"chosen": "{% $chosen %}", "text": "{% $text %}"}},
    )
    assert done["output"] == {"chosen": 20, "text": 'a "b"\n'}
    (left,) = (
        e
        for e in machines.events(done["executionArn"], "PassStateExited")
        if e["stateExitedEventDetails"]["name"] == "Read"
    )
    assigned = left["stateExitedEventDetails"]["assignedVariables"]
    assert {name: json.loads(text) for name, text in assigned.items()} == {"n": 2, "text": 'a "b"\n'}


def test_an_expression_without_a_value_fails_the_execution_unless_it_is_caught(machines: Machines) -> None:
    done = machines.run({}, P={"Type": "Pass", "Output": "{% $states.input.missing %}"})
    assert (done["status"], done["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert "returned nothing (undefined)" in done["cause"]


def test_tasks_have_the_names_of_step_functions(cloud: Cloud, machines: Machines) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    other = machines.client.create_state_machine(
        name="other", definition=json.dumps(definition(P={"Type": "Succeed"})), roleArn=ROLE
    )["stateMachineArn"]
    parameter_group = {"DbParameterGroupName": "g", "DbParameterGroupFamily": "postgres17", "Description": "x"}
    done = machines.run(
        {},
        Group={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:rds:createDBParameterGroup",
            "Arguments": parameter_group,
            "Assign": {"group": "{% $states.result.DbParameterGroup.DbParameterGroupName %}"},
        },
        Send={
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Arguments": {"QueueUrl": queue, "MessageBody": {"a": "{% $group %}"}},
        },
        Receive={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage",
            "Arguments": {"QueueUrl": queue},
            "Assign": {"body": "{% $states.result.Messages[0].Body %}"},
        },
        Start={
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution",
            "Arguments": {"StateMachineArn": other, "Input": {"n": 1}},
            "Output": {
                "body": "{% $parse($body) %}",
                "arn": "{% $states.result.ExecutionArn %}",
                "at": "{% $states.result.StartDate %}",
            },
        },
    )
    assert done["status"] == "SUCCEEDED", done
    assert done["output"]["body"] == {"a": "g"}
    started = machines.client.describe_execution(executionArn=done["output"]["arn"])
    assert started["input"] == '{"n":1}'
    assert done["output"]["at"].endswith("Z")


@pytest.mark.parametrize(
    ("resource", "arguments", "error"),
    [
        ("aws-sdk:rds:describeDBInstances", {"DbInstanceIdentifier": "none"}, "Rds.DbInstanceNotFoundException"),
        ("aws-sdk:rds:startDBInstance", {"DbInstanceIdentifier": "none"}, "Rds.DbInstanceNotFoundException"),
        (
            "aws-sdk:sqs:receiveMessage",
            {"QueueUrl": "http://127.0.0.1/123456789012/none"},
            "Sqs.QueueDoesNotExistException",
        ),
        ("aws-sdk:s3:getObject", {"Bucket": "none", "Key": "k"}, "S3.NoSuchBucketException"),
        ("lambda:invoke", {"FunctionName": "none"}, "Lambda.ResourceNotFoundException"),
    ],
)
def test_errors_have_the_names_of_step_functions(
    machines: Machines, resource: str, arguments: dict[str, Any], error: str
) -> None:
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments}
    done = machines.run({}, Call=dict(task))
    assert (done["status"], done["error"]) == ("FAILED", error)
    catch = [{"ErrorEquals": [error], "Output": {"caught": "{% $states.errorOutput.Error %}"}, "Next": "Done"}]
    done = machines.run({}, Call={**task, "Catch": catch}, Done={"Type": "Succeed"})
    assert done["output"] == {"caught": error}


def test_functions_fail_by_the_name_of_their_error_and_a_map_goes_on(cloud: Cloud, machines: Machines) -> None:
    code = "class Poison(Exception): pass\ndef handle(e, c):\n    if e == 3: raise Poison('no')\n    return e * 2\n"
    arn = function(cloud, "doubles", code)
    processor = definition(
        Call={
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": arn, "Payload": "{% $states.input %}"},
            "Output": "{% $states.result.Payload %}",
            "Catch": [
                {
                    "ErrorEquals": ["Poison"],
                    "Output": {"failed": "{% $parse($states.errorOutput.Cause).errorMessage %}"},
                    "Next": "End",
                }
            ],
        },
        End={"Type": "Pass"},
    )
    del processor["QueryLanguage"]
    done = machines.run([1, 2, 3, 4], M={"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": processor})
    assert done["output"] == [2, 4, {"failed": "no"}, 8]
    assert machines.run([], M={"Type": "Map", "ItemProcessor": processor})["output"] == []


def test_waits_and_retries_are_scaled_and_counted_anew_in_each_entry(machines: Machines) -> None:
    task: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage",
        "Arguments": {"QueueUrl": "http://127.0.0.1/123456789012/none"},
        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 10, "MaxAttempts": 2, "BackoffRate": 1}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Again"}],
        "Assign": {},
        "Next": "Done",
    }
    del task["Assign"]
    began = time.monotonic()
    done = machines.run(
        {},
        Begin={"Type": "Pass", "Assign": {"entries": 0}},
        Wait={"Type": "Wait", "Seconds": 30},
        Count={"Type": "Pass", "Assign": {"entries": "{% $entries + 1 %}"}},
        Call=task,
        Again={"Type": "Choice", "Choices": [{"Condition": "{% $entries < 2 %}", "Next": "Count"}], "Default": "Done"},
        Done={"Type": "Succeed"},
    )
    assert done["status"] == "SUCCEEDED"
    # 30 s, and two times two intervals of 10 s, of which each lasts a hundredth.
    assert 0.7 < time.monotonic() - began < 10
    assert len(machines.events(done["executionArn"], "TaskFailed")) == 6


def test_the_log_has_what_its_level_says(cloud: Cloud, machines: Machines) -> None:
    cloud.client("logs").create_log_group(logGroupName="/states")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/states:*"
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]
    text = json.dumps(definition(P={"Type": "Pass"}, F={"Type": "Fail", "Error": "Spoilt", "Cause": "for a test"}))
    for level in ("ERROR", "ALL", "OFF"):
        machine = machines.client.create_state_machine(
            name=level,
            definition=text,
            roleArn=ROLE,
            loggingConfiguration={"level": level, "includeExecutionData": True, "destinations": destinations},
        )["stateMachineArn"]
        started = machines.client.start_execution(stateMachineArn=machine)["executionArn"]
        until(partial(machines._ended, started))
    events = cloud.client("logs").filter_log_events(logGroupName="/states")["events"]
    found = [json.loads(event["message"]) for event in events]
    kinds = {
        level: [one["type"] for one in found if f":{level}:" in one["execution_arn"]]
        for level in ("ERROR", "ALL", "OFF")
    }
    assert kinds["OFF"] == []
    assert kinds["ERROR"] == ["FailStateEntered", "ExecutionFailed"]
    assert kinds["ALL"] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "FailStateEntered",
        "ExecutionFailed",
    ]


def test_a_wait_ends_when_the_execution_is_stopped(machines: Machines) -> None:
    text = json.dumps(definition(W={"Type": "Wait", "Seconds": 90000}))
    machine = machines.client.create_state_machine(name="w", definition=text, roleArn=ROLE)["stateMachineArn"]
    arns = [machines.client.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(2)]
    assert arns[0] != arns[1]
    for arn in arns:
        machines.client.stop_execution(executionArn=arn)
        assert until(partial(machines._ended, arn))["status"] == "ABORTED"
