"""Injected faults: what clients see of them, in each protocol, and that stacks live with those that pass."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from support_local import Cloud, resources

#: A service of each protocol, and a call of it.
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "describe_vpcs", {}),
    ("cloudformation", "describe_stacks", {}),
    ("s3", "list_buckets", {}),
    ("dynamodb", "list_tables", {}),
    ("lambda", "list_functions", {}),
    ("route53", "list_hosted_zones", {}),
    ("cloudwatch", "describe_alarms", {}),
    ("stepfunctions", "list_state_machines", {}),
    ("amplify", "list_apps", {}),
]


@pytest.mark.parametrize(("service", "operation", "given"), CALLS, ids=[call[0] for call in CALLS])
@pytest.mark.parametrize(("kind", "status"), [("throttle", 400), ("fail", 500), ("deny", 403)])
def test_every_nth_call_fails(
    cloud: Cloud, service: str, operation: str, given: dict[str, Any], kind: str, status: int
) -> None:
    cloud.emulator.fault(service, 2, kind)
    call = getattr(cloud.client(service), operation)
    call(**given)
    with pytest.raises(ClientError) as raised:
        call(**given)
    call(**given)
    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == (503 if (service, kind) == ("s3", "throttle") else status)
    words = {
        "throttle": ("Thrott", "SlowDown", "RequestLimit", "Exceeded"),
        "fail": ("Internal",),
        "deny": ("AccessDenied",),
    }
    assert any(word in answer["Error"]["Code"] for word in words[kind]), answer
    (counted,) = cloud.emulator.cure()
    assert (counted["seen"], counted["done"]) == (3, 1)


def test_only_the_named_operations_count(cloud: Cloud) -> None:
    cloud.emulator.fault("sqs", 1, "deny", ("CreateQueue",))
    cloud.client("sqs").list_queues()
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.client("sqs").create_queue(QueueName="q")


def test_stacks_retry_what_is_throttled_or_fails(cloud: Cloud) -> None:
    cloud.emulator.fault("sqs", 3, "throttle")
    cloud.emulator.fault("ssm", 3, "fail")
    made = resources(
        **{f"Q{number}": {"Type": "AWS::SQS::Queue"} for number in range(2)},
        P={"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Q1"}}},
    )
    assert cloud.create("s", made)["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    assert cloud.delete("s")["StackStatus"] == "DELETE_COMPLETE"
    assert all(counted["done"] for counted in cloud.emulator.cure())


def test_a_stack_fails_on_what_is_denied(cloud: Cloud) -> None:
    cloud.emulator.fault("sqs", 1, "deny", ("CreateQueue",))
    assert cloud.create("s", resources(A={"Type": "AWS::SQS::Queue"}))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert cloud.reasons("s") == ["Access denied (Operation: CreateQueue, Error Code: AccessDeniedException)"]
