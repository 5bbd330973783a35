"""Schedules of EventBridge Scheduler, fired by hand: the target gets what the schedule says, as on AWS.

Source: "Managing targets in EventBridge Scheduler", "Adding context attributes" and "Configuring a dead-letter queue",
EventBridge Scheduler User Guide.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

_ATTRIBUTES = "<aws.scheduler.{}>"
_UNIVERSAL = "aws-sdk"


class NotFired(Exception):
    """The target could not be called, or is of a kind that the emulator does not call; the text says why."""


def fire(
    name: str, region: str, group: str = "default", *, again: int | None = None, wait: bool = False
) -> dict[str, Any]:
    """Call the target of a schedule now, whatever its time and state; return its ARN, the target, and what it answered.

    A function is called as an event, of which nobody learns what comes of it.

    Args:
        name: of the schedule.
        region: such as ``us-east-1``.
        group: of the schedule.
        again: how often a call that fails is repeated; as the schedule's retry policy says, at most 3 times, if None.
        wait: whether a function is waited for: ``error`` and ``cause`` in what is returned tell how it failed.

    Raises:
        NotFired: if there is no such schedule, or its target cannot be called. What the schedule's dead-letter queue
            gets then, it has got.
    """
    from lenie.compiler.local.patches.stepfunctions import client

    try:
        schedule = client(region, "scheduler").get_schedule(Name=name, GroupName=group)
    except ClientError as error:
        raise NotFired(str(error)) from error
    target = schedule["Target"]
    retries = min(3, target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 185)) if again is None else again
    execution = str(uuid.uuid4())
    for attempt in range(1, retries + 2):
        try:
            text = _filled(target.get("Input", "{}"), schedule, execution, attempt)
            if wait and ":lambda:" in target["Arn"] and f":{_UNIVERSAL}:" not in target["Arn"]:
                return {"schedule": schedule["Arn"], "target": target["Arn"], **_waited(target["Arn"], text, region)}
            answer = _call(target, text, region)
        except (ClientError, BotoCoreError) as error:
            failure = error
            continue
        return {"schedule": schedule["Arn"], "target": target["Arn"], "answer": answer}
    _bury(target, schedule, failure, retries, region)
    raise NotFired(f"{target['Arn']} could not be called: {failure}") from failure


def _filled(text: str, schedule: dict[str, Any], execution: str, attempt: int) -> str:
    """Return an input with the context attributes filled in."""
    values = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": execution,
        "attempt-number": str(attempt),
    }
    for name, value in values.items():
        text = text.replace(_ATTRIBUTES.format(name), value)
    return text


def _call(target: dict[str, Any], text: str, region: str) -> Any:
    from lenie.compiler.local.patches.stepfunctions import client

    arn = target["Arn"]
    service = arn.split(":")[2]
    if service == "states":
        return client(region, "stepfunctions").start_execution(stateMachineArn=arn, input=text)["executionArn"]
    if service == "lambda":
        client(region, "lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=text)
        return None
    if service == "sqs":
        name = arn.rpartition(":")[2]
        url = client(region, "sqs").get_queue_url(QueueName=name)["QueueUrl"]
        return client(region, "sqs").send_message(QueueUrl=url, MessageBody=text, **_fifo(target))["MessageId"]
    if service == "sns":
        return client(region, "sns").publish(TopicArn=arn, Message=text)["MessageId"]
    if f":{_UNIVERSAL}:" in arn:
        _, _, called = arn.partition(f":{_UNIVERSAL}:")
        api, _, operation = called.partition(":")
        found = client(region, {"sfn": "stepfunctions"}.get(api, api))
        answer = getattr(found, xform_name(operation[:1].upper() + operation[1:]))(**json.loads(text))
        answer.pop("ResponseMetadata", None)
        return answer
    raise NotFired(f"the emulator does not call targets such as {arn}")


def _waited(arn: str, text: str, region: str) -> dict[str, Any]:
    """Call a function, and return what it answers, or how it failed."""
    from lenie.compiler.local.patches.stepfunctions import client

    done = client(region, "lambda").invoke(FunctionName=arn, InvocationType="RequestResponse", Payload=text)
    answer = json.loads(done["Payload"].read() or b"null")
    if not done.get("FunctionError"):
        return {"answer": answer}
    found = answer if isinstance(answer, dict) else {}
    return {
        "answer": None,
        "error": str(found.get("errorType", done["FunctionError"])),
        "cause": str(found.get("errorMessage", "")),
    }


def _fifo(target: dict[str, Any]) -> dict[str, str]:
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    return {"MessageGroupId": group} if group else {}


def _bury(target: dict[str, Any], schedule: dict[str, Any], error: Exception, retries: int, region: str) -> None:
    """Send the event to the schedule's dead-letter queue, if it has one."""
    from lenie.compiler.local.patches.stepfunctions import client

    arn = target.get("DeadLetterConfig", {}).get("Arn")
    if not arn:
        return
    sqs = client(region, "sqs")
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    values = {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": str(error),
        "RETRY_ATTEMPTS": str(retries),
        "SCHEDULE_ARN": schedule["Arn"],
        "TARGET_ARN": target["Arn"],
    }
    sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"],
        MessageBody=target.get("Input", "{}"),
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in values.items()},
    )
