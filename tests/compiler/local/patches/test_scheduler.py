"""Schedules are fired by hand."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from moto.scheduler import models
from support_local import Cloud
from support_services import function, until

from lenie.compiler.local.server import NotStarted

ROLE = "arn:aws:iam::123456789012:role/any"


def test_moto_itself_calls_no_target() -> None:
    text = inspect.getsource(models)
    assert not [word for word in ("start_execution", "send_message", ".invoke(", "publish(") if word in text]


def schedule(cloud: Cloud, target: dict[str, Any], name: str = "nightly") -> None:
    cloud.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression="cron(0 5 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"RoleArn": ROLE, **target},
    )


def fire(cloud: Cloud, name: str = "nightly") -> Any:
    return cloud.emulator.control("POST", "fire", {"name": name})


def test_a_state_machine_gets_the_schedules_input_with_its_attributes(cloud: Cloud) -> None:
    text = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    client = cloud.client("stepfunctions")
    arn = client.create_state_machine(name="m", definition=text, roleArn=ROLE)["stateMachineArn"]
    given = {"from": "<aws.scheduler.schedule-arn>", "attempt": "<aws.scheduler.attempt-number>", "stop": "yes"}
    schedule(cloud, {"Arn": arn, "Input": json.dumps(given)})
    done = fire(cloud)
    assert done["target"] == arn
    execution = until(lambda: _ended(client, done["answer"]))
    assert json.loads(execution["output"]) == {"from": done["schedule"], "attempt": "1", "stop": "yes"}
    assert fire(cloud)["answer"] != done["answer"]


def _ended(client: Any, arn: str) -> Any:
    found = client.describe_execution(executionArn=arn)
    return found if found["status"] != "RUNNING" else None


def test_queues_functions_topics_and_operations_are_targets(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    queue_arn = "arn:aws:sqs:us-east-1:123456789012:q"
    topic = cloud.client("sns").create_topic(Name="t")["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    code = (
        f"import boto3\ndef handle(e, c): boto3.client('sqs').send_message(QueueUrl='{queue}', MessageBody=e['text'])"
    )
    targets = {
        "queue": {"Arn": queue_arn, "Input": '"to the queue"'},
        "function": {"Arn": function(cloud, "sends", code), "Input": '{"text": "by the function"}'},
        "topic": {"Arn": topic, "Input": "by the topic"},
        "operation": {
            "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            "Input": json.dumps({"QueueUrl": queue, "MessageBody": "by an operation"}),
        },
    }
    bodies = []
    for name, target in targets.items():
        schedule(cloud, target, name)
        fire(cloud, name)
        (message,) = until(lambda: sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages"))
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        bodies.append(message["Body"])
    assert bodies[:2] == ['"to the queue"', "by the function"]
    assert json.loads(bodies[2])["Message"] == "by the topic"
    assert bodies[3] == "by an operation"


def test_a_function_can_be_waited_for(cloud: Cloud) -> None:
    """Of an event nobody learns what came of it."""
    code = "def handle(e, c):\n    if e['bad']: raise KeyError('spoilt')\n    return e"
    arn = function(cloud, "may-fail", code)
    for name, bad in (("good", False), ("bad", True)):
        schedule(cloud, {"Arn": arn, "Input": json.dumps({"bad": bad})}, name)
    good, failed = (cloud.emulator.control("POST", "fire", {"name": name, "wait": True}) for name in ("good", "bad"))
    assert (good["answer"], good.get("error")) == ({"bad": False}, None)
    assert (failed["error"], failed["cause"]) == ("KeyError", "'spoilt'")
    assert "error" not in cloud.emulator.control("POST", "fire", {"name": "bad"})


def test_what_cannot_be_called_is_told_and_goes_to_the_dead_letter_queue(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="dead")["QueueUrl"]
    missing = "arn:aws:states:us-east-1:123456789012:stateMachine:none"
    dead = {"Arn": "arn:aws:sqs:us-east-1:123456789012:dead"}
    schedule(
        cloud, {"Arn": missing, "Input": "{}", "DeadLetterConfig": dead, "RetryPolicy": {"MaximumRetryAttempts": 1}}
    )
    with pytest.raises(NotStarted, match=r"none could not be called.*StateMachineDoesNotExist"):
        fire(cloud)
    (message,) = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert message["Body"] == "{}"
    assert (told["ERROR_CODE"], told["TARGET_ARN"]) == ("StateMachineDoesNotExist", missing)
    assert told["RETRY_ATTEMPTS"] == "1"
    with pytest.raises(NotStarted, match="ResourceNotFoundException"):
        fire(cloud, "another")
    schedule(cloud, {"Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c", "Input": "{}"}, "task")
    with pytest.raises(NotStarted, match="does not call targets such as arn:aws:ecs"):
        fire(cloud, "task")
